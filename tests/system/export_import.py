#!/usr/bin/env python3
"""export_import.py - a commune without a line writes its signed runs into a file; the district takes them and they count
up to the province; when the line is back nothing counts twice. A changed or foreign file stores nothing wrong."""
import json

import lib
from lib import daemons


def import_file(daemon, path):
    """(exit code, what it says)"""
    code, out, err = lib.try_command(daemon.program, "import", "--json", "--dir", daemon.dir, path)
    return code, json.loads(out) if out.strip().startswith("{") else out + err


def change_runs(path, to, change):
    """A copy of the file whose runs were changed by `change`."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for line in lines:
        if "run" in line:
            change(line)
    to.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return to


def flip(line):
    body = bytearray(bytes.fromhex(line["body"]))
    body[len(body) // 2] ^= 1
    line["body"] = body.hex()


def without_line(tree, node, hub):
    """The node's hub is at another address for as long as this: the node is alone."""
    text = (node.dir / "identity").read_text()
    port = (hub.dir / "link.port").read_text().strip()
    lib.stop(node)
    assert f":{port}" in text
    (node.dir / "identity").write_text(text.replace(f":{port}", ":9"))  # nobody is at the port `discard`
    lib.restart(node)
    assert node.post("/api/no_line", {})[0] == 200
    return text


def test(world):
    tree = world.tree(2)
    node, hub = tree.nodes[0], tree.at[lib.HUB]
    place, home = lib.places_of(node)[0], world.home
    lib.say(node, lib.incident(place))
    lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == 1)
    identity = without_line(tree, node, hub)
    accepted = []
    for i in range(1, 6):
        lines = [lib.incident(place, text=f"Sự việc {i}"), lib.turnout(place, 10 + i, replaces="last", why="đếm lại")]
        lib.say(node, *lines)
        accepted += lib.acts_in(lines)
    daemons.run(node.program, "export", "--dir", node.dir, home / "own.jsonl")
    code, _, err = lib.try_command(node.program, "export", "--dir", node.dir, home / "own.jsonl")
    assert code == 1, "a file that is there is not written over"
    assert lib.total(tree.top)["incidents"] == 1
    for name, change in (("flipped", flip), ("far", lambda line: line.update(first=line["first"] + 1, run=9)),
                         ("odd", lambda line: line.update(body="zz"))):
        code, said = import_file(hub, change_runs(home / "own.jsonl", home / f"{name}.jsonl", change))
        assert isinstance(said, dict) and said["refused"] > 0 and said["why"], f"{name}: {code} {said}"
    assert lib.total(hub)["incidents"] == 1, "something of a changed file counts"
    (home / "none.jsonl").write_text("no such thing\n{}\n[1,2]\n")
    code, said = import_file(hub, home / "none.jsonl")
    assert isinstance(said, dict) and said["refused"] >= 1, said
    for _ in range(2):  # the second time nothing is new
        code, said = import_file(hub, home / "own.jsonl")
        assert code == 0 and said["refused"] == 0 and said["runs"] == 6, f"{code} {said}"
        lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == 6
                   and lib.turnout_of(tree.top, place)["voted"] == 15, but={node.unit})
    text = [s for s in node.get("/api/state")["statements"] if s.get("text") == "Sự việc 3"]
    assert text, "the node has its texts"
    path = node.dir / "identity"
    lib.stop(node)
    path.write_text(identity)
    lib.restart(node)
    tree.wait_taking(node)
    lib.say(node, lib.incident(place))
    lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == 7)
    for daemon in (hub, tree.top):
        assert len(lib.check_once(daemon, node.unit, accepted)) == len(accepted) + 2
    lib.check_no_forks(tree)
    lib.verify_all(tree)
    return f"{len(accepted)} statements by file, then the line"


lib.run(test)
