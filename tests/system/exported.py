#!/usr/bin/env python3
"""exported.py - what a province exports holds for a verifier of other hands: chains, signatures, texts, totals; also
after a correction, a figure that contradicts itself, and a lost store. A changed export does not hold."""
import json
import pathlib
import subprocess

import lib

VERIFY = pathlib.Path(__file__).with_name("verify.py")


def tally(place, first, second, valid=None, **more):
    valid = first + second if valid is None else valid
    return lib.form(kind="tally", place=place, act=lib.new_act(), attended=valid + 1, returned=valid + 1, valid=valid,
                    invalid=1, votes=f"1:{first},2:{second}", **more)


def verified(path, *words):
    done = subprocess.run(["/usr/bin/python3", VERIFY, path, *words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return done.returncode, done.stdout.strip() or done.stderr.strip()


def exported(daemon, path):
    text = lib.get_unix(daemon, "/api/export/log.jsonl")
    path.write_text(text if isinstance(text, str) else text.decode(), encoding="utf-8")
    return path


def enter(tree):
    """A tally at each place; at one of them corrected, at another one that cannot be right."""
    places = [(node, place) for node in tree.nodes for place in lib.places_of(node)]
    for i, (node, place) in enumerate(places):
        lib.say(node, tally(place, 10 + i, 20 + i), lib.incident(place, text="Mất điện 20 phút"))
    node, place = places[0]
    lib.say(node, tally(place, 7, 8, replaces="last", why="gõ nhầm"))
    node, place = places[1]
    lib.say(node, tally(place, 7, 90, valid=20, replaces="last", why="gõ nhầm nữa"))
    return len(places) - 1


def changed(path, change):
    lines = path.read_text(encoding="utf-8").splitlines()
    runs = [json.loads(line).get("run") for line in lines]
    at = next(i for i, log in enumerate(runs) if log is not None and log in runs[i + 1:])
    other = path.with_name("changed.jsonl")
    other.write_text("\n".join(change(lines, at)) + "\n", encoding="utf-8")
    return other


def one_digit(lines, at):
    run = json.loads(lines[at])
    middle = len(run["body"]) // 2
    run["body"] = run["body"][:middle] + ("0" if run["body"][middle] != "0" else "1") + run["body"][middle + 1:]
    return lines[:at] + [json.dumps(run)] + lines[at + 1:]


def check(tree, tallies, home):
    key = {}
    for daemon in (tree.top, tree.at[lib.HUB], tree.nodes[0]):
        path = exported(daemon, home / "export.jsonl")
        logs = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.startswith('{"log"')]
        key.update({log["author"]: log["key"] for log in logs})
        code, said = verified(path, *(f"{unit}={k}" for unit, k in key.items()))
        assert code == 0 and said.startswith("verify: OK "), f"{daemon.name()}: {said}"
        assert daemon in tree.nodes or said.endswith(f" {tallies} tallies"), f"{daemon.name()}: {said}"
    path = exported(tree.top, home / "export.jsonl")
    assert verified(changed(path, one_digit))[0] == 1
    assert verified(changed(path, lambda lines, at: lines[:at] + lines[at + 1:]))[0] == 1, "the first run of a log is missing"
    assert verified(path, f"{tree.nodes[0].unit}={'00' * 32}")[0] == 1, "another key than on paper"
    return verified(path)[1]


def test(world):
    tree = world.tree(2)
    tallies = enter(tree)
    lib.settle(tree, lambda: lib.total(tree.top)["tallied"] == tallies)
    check(tree, tallies, world.home)
    lib.delete_store(tree.nodes[0].kill() or tree.nodes[0])
    tree.nodes[0].start().wait_ready()
    lib.settle(tree, lambda: lib.total(tree.top)["tallied"] == tallies)
    return check(tree, tallies, world.home).removeprefix("verify: ")


lib.run(test)
