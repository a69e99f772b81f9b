#!/usr/bin/env python3
"""sealed.py - a seal is the head that `reconcile` showed before it and the very next record; a second seal goes on
from the first; what is said behind one says so, and the sheet keeps what stood then. The zero sheets of a node and
of the hubs above name the same keys, and say plainly when a counter is not 0. Its QR code is drawn, other text is not."""
import json
import urllib.parse

import lib


def tally(place, first, second, **more):
    valid = first + second
    return lib.form(kind="tally", place=place, act=lib.new_act(), attended=valid + 1, returned=valid + 1, valid=valid,
                    invalid=1, votes=f"1:{first},2:{second}", **more)


def command(daemon, *words):
    code, out, err = lib.try_command(daemon.program, *words, "--json", "--dir", daemon.dir)
    assert code == 0, f"{daemon.name()} {words}: exit {code}: {err}"
    return json.loads(out)


def own_head(node):
    """(n, hash) of the newest log of its own reports."""
    logs = [log for log in node.get("/api/reconcile")["logs"] if log["author"] == node.unit and log["stream"] == "reports"]
    assert len(logs) == 1, logs
    return logs[0]["n"], logs[0]["hash"]


def seal(node, number):
    before = own_head(node)
    said = command(node, "seal", "--by", "mai")
    assert (said["number"], said["n"], said["hash"]) == (number, *before), f"{said}, and the head was {before}"
    assert own_head(node)[0] == before[0] + 1
    return said


def zero_sheets(tree):
    node = tree.nodes[0]
    sheets = {d.unit: command(d, "zero") for d in (tree.top, tree.at[lib.HUB], node)}
    for unit, sheet in sheets.items():
        assert sheet["zero"] and not sheet["not_zero"] and sheet["said"] == 0, f"{unit}: {sheet}"
        assert sheet["plan"]["version"] == 1 and sheet["election"]["drill"] and sheet["program"], f"{unit}: {sheet}"
        assert all(k["counters"]["valid"] == k["counters"]["votes"] == 0 for k in sheet["kinds"]), f"{unit}: {sheet}"
        assert len(sheet["plan"]["seal"]) == len(sheet["key"]) == 34, f"{unit}: {sheet}"
    keys = {unit: sheet["key"] for unit, sheet in sheets.items()}
    assert len(set(keys.values())) == 3
    below = {c["code"]: c for c in sheets[lib.HUB]["children"]}
    assert set(below) == {n.unit for n in tree.nodes} and all(c["admitted"] for c in below.values()), below
    assert below[node.unit]["key"] == keys[node.unit]
    assert [u["key"] for u in sheets[node.unit]["above"]] == [keys[lib.HUB], keys[lib.TOP]]
    assert (sheets[lib.HUB]["places"], sheets[node.unit]["places"]) == (4, 2)
    assert sheets[lib.HUB]["ready"]["n"] == 0 and sheets[lib.HUB]["ready"]["of"] == 2
    return keys


def is_ready(tree):
    node, hub = tree.nodes[0], tree.at[lib.HUB]
    lib.say(node, lib.form(kind="ready", act=lib.new_act(), decision="12/QĐ"))
    lib.settle(tree, lambda: hub.get("/api/zero")["ready"]["n"] == 1)
    sheet = hub.get("/api/zero")
    assert sheet["zero"] and [u["code"] for u in sheet["ready"]["missing"]] == [tree.nodes[1].unit], sheet["ready"]


def two_seals(tree):
    node = tree.nodes[0]
    first, second = lib.places_of(node)
    lib.say(node, tally(first, 10, 20), tally(second, 30, 40))
    one = seal(node, 1)
    lib.say(node, tally(first, 11, 20, replaces="last", why="gõ nhầm"))
    two = seal(node, 2)
    lib.say(node, lib.incident(second))
    behind = [(s["kind"], s["after_seal"]) for s in node.get("/api/state")["statements"]]
    assert behind == [("incident", 2), ("sealed", 1), ("tally", 1), ("sealed", None), ("tally", None), ("tally", None),
                      ("ready", None)], behind
    for said, valid, after in ((one, 30, 2), (two, 31, 1)):
        sheet = node.get(f"/api/seal?number={said['number']}")
        assert sheet["seal"] == said and sheet["after"] == after, sheet
        assert sheet["places"][0]["ballots"][0]["tally"]["valid"] == valid, sheet["places"][0]
    assert node.get("/api/seal")["seal"] == two
    act = lib.new_act()
    again = [node.post("/api/seal", {"by": "mai", "act": act}) for _ in range(2)]
    assert again[0] == again[1] and again[0][1]["number"] == 3, again
    return one


def refusals(node, said):
    assert node.post("/api/seal", {})[0] == 422
    assert node.exchange(node.connection(), "GET", "/api/seal?number=9")[0] == 404
    status, svg = node.exchange(node.connection(), "GET", "/api/qr?text=" + urllib.parse.quote(said["seal"]))
    assert status == 200 and svg.startswith("<svg "), svg
    for text in ("", "A" * 201, "<script>"):
        assert node.exchange(node.connection(), "GET", "/api/qr?text=" + urllib.parse.quote(text))[0] == 422, text


def test(world):
    tree = world.tree(2)
    node, hub = tree.nodes[0], tree.at[lib.HUB]
    status, reply = node.post("/api/seal", {"by": "mai"})
    assert status == 409, f"nothing was said, and it is sealed: {reply}"
    keys = zero_sheets(tree)
    is_ready(tree)
    said = two_seals(tree)
    assert said["key"] == keys[node.unit]
    refusals(node, said)
    lib.settle(tree, lambda: lib.total(tree.top)["tallied"] == 2)
    sheet = hub.get("/api/zero")
    assert not sheet["zero"] and {"tallied", "valid", "votes"} <= {c["name"] for c in sheet["not_zero"]}, sheet
    lib.verify_all(tree)
    return "two seals are heads of the log, and every sheet names the same keys"


lib.run(test)
