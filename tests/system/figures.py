#!/usr/bin/env python3
"""figures.py - one number rule at every door of a node: what is read is said back in groups, what is not is refused with
a sentence in both languages that names what was seen."""
import urllib.parse

import lib

REFUSED = {"98 %": "98 %", "2l4": "2l4", "3,452": "3,452", "3.45": "3.45", "-5": "-5", "1/2": "1/2", "ba": "ba"}
READ = {"182": (182, "182"), "3.452": (3452, "3.452"), "3 452": (3452, "3.452"), " 1\u00a0234 ": (1234, "1.234"),
        "1\u202f234\u202f567": (1234567, "1.234.567")}


def ask(daemon, **words):
    return daemon.exchange(daemon.connection(), "GET", "/api/figure?" + urllib.parse.urlencode(words))


def check(node, line, path="/api/check"):
    return node.post(path, line)


def refused_with(reply, seen):
    assert seen in reply["words"] and seen in reply["words_en"], reply
    assert reply["words"] != reply["words_en"] == reply["error"], reply


def doors(tree):
    node = tree.nodes[0]
    place = lib.places_of(node)[0]
    for daemon in (node, tree.top):
        for text, (number, back) in READ.items():
            status, reply = ask(daemon, text=text)
            assert (status, reply) == (200, {"number": number, "text": back}), f"{text}: {status} {reply}"
        for text, seen in REFUSED.items():
            status, reply = ask(daemon, text=text)
            assert status == 422, f"{text}: {status} {reply}"
            refused_with(reply, seen)
    assert ask(node, text="44,04", kind="percent") == (200, {"number": 4404, "text": "44,04"})
    assert ask(node, text="4x", kind="percent")[0] == 422
    before = node.get("/api/state")["log"]["n"]
    for text, seen in REFUSED.items():
        for path in ("/api/check", "/api/say"):
            status, reply = check(node, lib.turnout(place, text), path)
            assert status == 422 and reply["field"] == "voted", f"{text}: {status} {reply}"
            refused_with(reply, seen)
            status, reply = check(node, lib.form(kind="tally", place=place, votes=f"1:{text};2:3"), path)
            assert status == 422 and reply["field"] == "votes", f"{text}: {status} {reply}"
            refused_with(reply, seen)
    assert node.get("/api/state")["log"]["n"] == before, "something refused was recorded"
    return place


def said_back(tree, place):
    node = tree.nodes[0]
    status, reply = check(node, lib.turnout(place, "1\u00a0234"))
    assert status == 200 and reply["said"][0]["read"]["voted"] == "1.234", reply
    line = lib.form(kind="tally", place=place, returned="1.048", valid="48", invalid="1 000", votes="1:30;2:1.018",
                    written="1:44,04%;2:5596")
    status, reply = check(node, line)
    read = reply["said"][0]["read"]
    assert status == 200 and read["returned"] == "1.048" and read["invalid"] == "1.000", reply
    assert read["votes"] == {"1": "30", "2": "1.018"} and read["written"] == {"1": "44,04", "2": "55,96"}, reply
    assert "definition" not in read and "total" not in read, reply
    lib.say(node, lib.turnout(place, "12 "))
    assert lib.turnout_of(node, place)["voted"] == 12


def test(world):
    tree = world.tree(communes=1)
    said_back(tree, doors(tree))
    return f"{len(REFUSED)} figures refused by name and {len(READ)} read at form, check, list and field"


lib.run(test)
