#!/usr/bin/env python3
"""erase.py - the text beside a statement, erased by an operator of the district, is in no file of any tier, not even
after the district lost its store while the commune had not heard of it; every chain verifies, the incident counts."""
import lib

PERSON_NAMED = "Bà Lò Thị Pàng ngã ở sân nhà văn hóa"


def files_with(daemon, words):
    return sorted(f.name for f in daemon.dir.iterdir() if f.name.startswith("store.db") and words.encode() in f.read_bytes())



def erase(hub, unit, act, *words):
    return lib.try_command(hub.program, "erase", act, "--unit", unit, "--dir", hub.dir, "--as", lib.PERSON, *words)


def test(world):
    tree = world.tree(2)
    hub, node = tree.at[lib.HUB], tree.nodes[0]
    place = lib.places_of(node)[0]
    said = lib.say(node, lib.incident(place, text=PERSON_NAMED), lib.incident(place, text="Mất điện 20 phút"))
    lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == 2)
    for daemon in (node, hub, tree.top):
        assert files_with(daemon, PERSON_NAMED), f"{daemon.name()}: the text is not there to begin with"
    act = said[0]["act"]
    code, _, err = erase(hub, node.unit, act)
    assert code == 1 and "why" in err, f"without a reason: {code} {err}"
    code, _, err = erase(hub, node.unit, "77", "--why", "tên người")
    assert code == 1 and "has a text" in err, f"of an act that nobody said: {code} {err}"
    node.kill()
    code, out, err = erase(hub, node.unit, act, "--why", "tên người")
    assert code == 0, f"erase: {out}{err}"
    assert not files_with(hub, PERSON_NAMED), f"answered, and still in {files_with(hub, PERSON_NAMED)}"
    lib.wait_for("it is gone at the province", lambda: not files_with(tree.top, PERSON_NAMED))
    assert files_with(node, PERSON_NAMED), "the commune has not heard of it yet"
    hub.kill()
    lib.delete_store(hub)
    hub.start().wait_ready()
    node.start().wait_ready()
    lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == 2)
    for daemon in (node, hub, tree.top):
        lib.wait_for(f"it is gone at {daemon.name()}", lambda: not files_with(daemon, PERSON_NAMED))
        assert files_with(daemon, "Mất điện 20 phút"), f"{daemon.name()}: the text beside it went too"
    for daemon in (hub, tree.top):
        exported = lib.get_unix(daemon, "/api/export/log.jsonl")
        exported = exported if isinstance(exported, str) else exported.decode()
        assert PERSON_NAMED.encode().hex() not in exported and "Mất điện 20 phút".encode().hex() in exported
    statement = next(s for s in node.get("/api/state")["statements"] if s["act"] == act)
    assert statement["erased"] and "text" not in statement, statement
    lib.verify_all(tree)
    return "gone from the files of three tiers, also from a hub that came back from a commune that still had it"


lib.run(test)
