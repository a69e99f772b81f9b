#!/usr/bin/env python3
"""history.py - an auditor at a hub: a correction is there with both versions and who said it, what was here at a moment is
what the hub showed then, figures of a commune without a line stand where they came, a lost store makes old machines, and
what is owed after the vote is listed."""
import csv
import io
import urllib.parse

import lib
from lib import daemons

DAY_MS = 24 * 3600 * 1000


def ask(hub, path, **fields):
    return hub.get_local(f"{path}?{urllib.parse.urlencode(fields)}")


def history(hub, **fields):
    return ask(hub, "/api/history", **fields)


def versions(hub, **fields):
    return [v for f in history(hub, **fields)["figures"] for v in f["versions"]]


def later(hub):
    """A moment of the hub's clock after everything that it holds, and before what comes."""
    moment = history(hub)["as_of"]
    lib.wait_for("the clock", lambda: history(hub)["as_of"] > moment + 1)
    return moment + 1


def then(hub, moment, **fields):
    reply = None

    def asked():
        nonlocal reply
        try:
            reply = ask(hub, "/api/then", at=moment, **fields)
        except lib.Trouble as e:
            if "429" not in str(e):  # a store is folded at most once a second
                raise
        return reply
    return lib.wait_for("the picture of that moment", asked)


def voted(hub, place):
    return lib.turnout_of(hub, place)["voted"]


def figure(picture, place, when):
    row = next((r for r in picture["rows"] if r["place"] == place), None)
    return row and row[when]["turnout"][0]["voted"]


def corrected(tree, hub, place):
    """Both versions, in the order in which they were entered, each signed where it says."""
    changed = history(hub, only="changed")
    assert changed["n"] == 1, changed["n"]
    first, second = changed["figures"][0]["versions"]
    assert (first["fields"]["voted"], second["fields"]["voted"]) == (100, 103), (first, second)
    assert (first["state"], second["state"]) == ("replaced", "value")
    assert (first["by"], second["by"], second["why"]) == ("mai", "lan", "gõ nhầm"), second
    assert first["replaced_by"]["by"] == "lan" and second["replaces"] == [first["act"]]
    assert first["subject"] == place and first["copies"][0]["author"] == tree.nodes[0].unit
    heads = {(log["author"], log["incarnation"]): log for log in hub.get_local("/api/reconcile")["logs"]}
    copy = second["copies"][0]
    head = heads[copy["author"], copy["incarnation"]]
    assert (copy["n"], copy["hash"]) == (head["n"], head["hash"]), (copy, head)
    rows = list(csv.DictReader(io.StringIO(raw(hub, "/api/export/history.csv?only=changed").lstrip("\ufeff"))))
    assert [("voted=100" in r["values"], r["by"]) for r in rows] == [(True, "mai"), (False, "lan")], rows
    assert rows[1]["why"] == "gõ nhầm" and rows[1]["hash"] == copy["hash"]


def raw(hub, path):
    connection = daemons.UnixConnection(hub.dir / "api.sock")
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        assert reply.status == 200, reply.status
        return reply.read().decode()
    finally:
        connection.close()


def without_a_line(tree, hub, node, place):
    """Entered while the hub was away: by the hub's disk it was not here, by what was stated it was."""
    lib.stop(hub)
    lib.say(node, lib.turnout(place, 70, by="mai"))
    moment = node.get("/api/state")["now"] + 1
    lib.wait_for("the clock", lambda: node.get("/api/state")["now"] > moment + 1)
    hub.start().wait_ready()
    lib.settle(tree, lambda: voted(hub, place) == 70)
    on_disk, stated = then(hub, moment), then(hub, moment, basis="entered")
    assert figure(on_disk, place, "then") is None and figure(on_disk, place, "now") == 70, on_disk["rows"]
    assert not [r for r in stated["rows"] if r["place"] == place], "it had been stated by then"
    assert on_disk["basis"] == "stored" and on_disk["began"] and stated["basis"] == "entered"


def relayed_and_judged(tree, hub, place):
    """By telephone above the list: held back, then let count; who did which stands with it."""
    node = tree.nodes[1]
    voters = lib.ballot_at(hub, place)["voters"]
    said = lib.say_of(hub, lib.form(about=node.unit, by=lib.PERSON, kind="turnout", place=place, cutoff=2, voted=voters + 1,
                                    how="phone", behalf="anh Ba", act=lib.new_act()))
    assert said, said
    held = versions(hub, only="held_back")
    assert [v["behalf"] for v in held] == ["anh Ba"] and "F1" in held[0]["reasons"], held
    assert {"relayed", "behalf", "held_back"} <= set(held[0]["marks"])
    daemons.run(hub.program, "release", held[0]["act"], "--unit", node.unit, "--rules", ",".join(held[0]["reasons"]),
                "--why", "danh sách bổ sung", "--as", lib.OTHER, "--dir", hub.dir)
    released = versions(hub, only="released")
    assert [(w["word"], w["by"], w["why"]) for w in released[0]["verdicts"]] == [
        ("released", lib.OTHER, "danh sách bổ sung")], released
    assert released[0]["state"] == "value" and versions(hub, only="relayed", unit=node.unit, person="anh Ba")
    assert not versions(hub, only="relayed", unit=tree.nodes[0].unit)


def old_machine(tree, hub, node, place):
    """What a machine said before its store was lost is of an old machine; what it says now is not."""
    assert not versions(hub, only="old")
    node.kill()
    lib.delete_store(node)
    node.start().wait_ready()
    tree.wait_plan(node)
    tree.wait_taking(node)
    lib.settle(tree)
    lib.say(node, lib.turnout(place, 110, cutoff=2, by="mai"))
    lib.settle(tree, lambda: lib.turnout_of(hub, place, 2)["voted"] == 110)
    old = {(v["subject"], v["fields"].get("voted")) for v in versions(hub, only="old", kind="turnout")}
    assert (place, 100) in old and (place, 110) not in old, old
    machines = [m for m in history(hub, unit=node.unit)["machines"] if m["stream"] == "reports"]
    assert len(machines) == 2 and all(m["admitted"] and m["fork"] is None for m in machines), machines
    assert history(hub, unit=node.unit)["forks"] == []


def after_the_vote(tree, node, hub, place):
    """A count makes the minutes due, the minutes a decision; node and hub list the same."""
    def dues(daemon, kind):
        unit = {"unit": node.unit} if daemon is hub else {}
        return [(d["kind"], d["place"], d["state"], d["due_at"]) for d in ask(daemon, "/api/dues", kind=kind, **unit)["dues"]
                if d["place"] == place]
    assert dues(node, "minutes") == []
    state = next(p for p in node.get("/api/state")["places"] if p["code"] == place)
    contest = state["ballots"][0]
    votes = {c["number"]: 10 for c in contest["candidates"]}
    lib.say(node, lib.form(kind="tally", place=place, act=lib.new_act(), by="mai", attended=110, issued=110, returned=110,
                           valid=110, invalid=0, **{f"votes/{n}": v for n, v in votes.items()}))
    lib.settle(tree)
    wanted = dues(node, "minutes")
    assert len(wanted) == 1 and wanted == dues(hub, "minutes"), wanted
    lib.say(node, lib.form(kind="minutes", place=place, act=lib.new_act(), by="mai", number="01/BB"))
    lib.settle(tree)
    wanted = dues(node, "recognise")
    assert len(wanted) == 1 and wanted == dues(hub, "recognise") and dues(node, "minutes") == [], wanted
    assert wanted[0][3] % DAY_MS == 17 * 3600 * 1000, "a day begins at midnight in Vietnam"
    plain = daemons.run(hub.program, "dues", f"unit={node.unit}", "--dir", hub.dir)
    assert "recognise" in plain and place in plain, plain


def nobody_else(hub):
    """Without a log-in no page has it; this plan has no restricted contest, so nobody read one."""
    assert ask(hub, "/api/access")["rows"] == []
    status, _ = hub.exchange(hub.connection(), "GET", "/api/history")
    assert status == 403, f"without log-in: {status}"


def test(world):
    tree = world.tree(2)
    hub, node = tree.at[lib.HUB], tree.nodes[0]
    (place, second), other = lib.places_of(node), lib.places_of(tree.nodes[1])
    lib.say(node, lib.turnout(place, 100, by="mai"), lib.turnout(second, 90, by="mai"))
    lib.settle(tree, lambda: voted(hub, second) == 90)
    shown, moment = lib.total(hub), later(hub)
    lib.say(node, lib.turnout(place, 103, replaces="last", why="gõ nhầm", by="lan"))
    lib.settle(tree, lambda: voted(hub, place) == 103)
    corrected(tree, hub, place)
    picture = then(hub, moment)
    assert figure(picture, place, "then") == 100 and figure(picture, place, "now") == 103, picture["rows"]
    assert picture["changed"] == 1 and figure(picture, second, "then") is None, picture["rows"]
    was = next(x for x in picture["totals_then"] if x["kind"] == shown["kind"])
    assert was["turnout"][0]["voted"] == shown["turnout"][0]["voted"] == 190, (was, shown)
    relayed_and_judged(tree, hub, other[0])
    without_a_line(tree, hub, tree.nodes[1], other[1])
    old_machine(tree, hub, node, place)
    after_the_vote(tree, node, hub, place)
    nobody_else(hub)
    lib.verify_all(tree)
    return "a correction with both versions, the picture of a moment, relays and releases, old machines, dues"


lib.run(test)
