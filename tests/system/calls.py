#!/usr/bin/env python3
"""calls.py - a call desk's requests: what is asked before a figure is taken, an act that is here already is asked nothing,
pasted lines are read and not recorded, telephones and promises are files of the owner's alone."""
import stat

import lib


def ballot(node, place):
    return next(p for p in node.get("/api/state")["places"] if p["code"] == place)["ballots"][0]


def head(place):
    return f"{place}-TT"


def said(node):
    return node.get("/api/state")["log"]["n"]


def call(node, place, voted, path="/api/say", cutoff=2, seen="", **more):
    return node.post(path, lib.form(kind="turnout", place=place, contest=head(place), cutoff=cutoff, voted=voted, ask=1,
                                    **more) + f"&seen={seen}")


def asked(node, place, voted, trap, **more):
    """The question, which a check tells too; nothing is recorded by it."""
    before = said(node)
    status, reply = call(node, place, voted, **more)
    assert status == 409 and reply["ask"]["ask"] == trap, (status, reply)
    assert reply["ask"]["words"] and reply["ask"]["words_en"] and reply["field"] == "voted", reply
    status, checked = call(node, place, voted, "/api/check", **more)
    assert status == 200 and checked["said"][0]["ask"] == reply["ask"], checked
    assert said(node) == before, f"{voted} was recorded before it was asked about"
    return reply["ask"]


def traps(node, first, second):
    n = ballot(node, first)["voters"]
    lib.say(node, lib.turnout(first, 60), lib.turnout(second, 40))
    lower = asked(node, first, "20", "lower")
    assert [c["fields"].get("voted") for c in lower["choices"]] == ["80", None], lower
    assert asked(node, first, "98 %", "percent")["choices"] == []
    assert asked(node, first, "+15", "more")["choices"][0]["fields"]["voted"] == "75"
    asked(node, first, str(n + 1), "above")
    asked(node, second, "60", "neighbour")
    # An answer is not asked again, and the same bytes again are asked nothing and recorded once.
    act = lib.new_act()
    asked(node, first, "60 %", "percent", act=act)
    for again in (False, True):
        status, reply = call(node, first, "80", act=act, sure="lower")
        assert status == 200 and reply["said"][0]["again"] == again, reply
    status, reply = call(node, second, "60", act=lib.new_act(), sure="neighbour")
    assert status == 200, reply
    status, reply = call(node, first, "80", act=act)  # the neighbour now has 60, and it is known already
    assert status == 200 and reply["said"][0]["again"], reply
    # What stands and was seen: the same is no new record, another says why.
    before = said(node)
    status, reply = call(node, first, "80", seen=act)
    assert status == 200 and reply["said"][0]["match"] and said(node) == before, reply
    stands = asked(node, first, "85", "stands", seen=act)
    status, reply = call(node, first, "85", seen=act, **stands["choices"][0]["fields"])
    assert status == 200 and ballot(node, first)["turnout"][1]["voted"] == 85, reply
    status, reply = call(node, first, "2l4", sure="")
    assert status == 422 and "2l4" in reply["words"], reply


def pasted(node, first, second):
    before = said(node)
    names = {p["code"]: p for p in node.get("/api/state")["places"]}
    text = f"Chào\n{names[first]['name']}: 90\n{names[second]['number']}\t{names[second]['name']}\t61\nThôn Vớ: 4"
    status, reply = node.post("/api/paste", {"cutoff": 2, "text": text})
    assert status == 200, reply
    assert [(r["place"], r["voted"], r["line"]) for r in reply["rows"]] == [(first, "90", 2), (second, "61", 3)], reply
    assert [r["line"] for r in reply["left"]] == [1, 4], reply
    assert all(r["words"] and r["words_en"] for r in reply["left"]), reply
    assert said(node) == before, "reading recorded something"
    for wrong in ({"cutoff": 99, "text": "x"}, {"text": "x"}, {"cutoff": "một", "text": "x"}):
        assert node.post("/api/paste", wrong)[0] == 422, wrong
    assert node.post("/api/paste", {"cutoff": 1, "text": "x\n" * 300})[0] == 413
    assert node.post("/api/paste", {"cutoff": 1, "text": "x" * (33 << 10)})[0] == 413
    assert node.post("/api/paste", {"cutoff": 1, "text": "x\n" * 299})[0] == 200


def telephones(node, first):
    status, reply = node.post("/api/contacts", lib.form(unit=first, contacts="Tổ trưởng\tÔng A\t0905 123 456"))
    assert status == 200 and reply["contacts"][0]["phone"]["dial"] == "0905123456", reply
    status, reply = node.post("/api/call", lib.form(unit=first, what="promised", until="+15"))
    assert status == 200 and reply["calls"]["promised"], reply
    for wrong in ({"what": "promised", "until": "mai"}, {"what": "?"}):
        status, reply = node.post("/api/call", lib.form(unit=first, **wrong))
        assert status == 422 and reply["words"], reply
    assert node.post("/api/call", lib.form(unit="elsewhere", what="reached"))[0] == 404
    for name in ("contacts.csv", "calls.csv"):
        assert stat.S_IMODE((node.dir / name).stat().st_mode) == 0o600, name
    place = next(p for p in node.get("/api/state")["places"] if p["code"] == first)
    assert place["contacts"][0]["name"] == "Ông A" and place["calls"]["last"]["what"] == "promised", place


def test(world):
    tree = world.tree(communes=1)
    node = tree.nodes[0]
    first, second = lib.places_of(node)[:2]
    traps(node, first, second)
    pasted(node, first, second)
    telephones(node, first)
    log = b"".join(f.read_bytes() for f in node.dir.iterdir() if f.is_file() and f.suffix != ".csv")
    assert "0905 123 456".encode() not in log, "a telephone number stands in a log"
    return "six traps asked once each, pasted lines read, telephones kept beside the log"


lib.run(test)
