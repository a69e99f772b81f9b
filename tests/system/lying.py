#!/usr/bin/env python3
"""lying.py - a district hub under its own good key drops, alters, reorders, withholds and invents records of one of its two
communes, and sums and marks falsely. What the province can know it names; what nobody can know yet stands as told or is
missing; and once the hub is honest again all is there, once.

The lies are those of the CMake preset `mutants`: in another build there are none, and the test is skipped."""
import contextlib
import json
import pathlib
import subprocess

import lib
from lib import daemons

VERIFY = pathlib.Path(__file__).with_name("verify.py")
UNSIGNED, GAP = "the signature does not hold", "runs are missing before this one"
OVERRULE = 52


class Scene:
    """A province, the district that lies, two communes: the one with the lower code is lied about."""

    def __init__(self, world):
        self.tree, self.home = world.tree(2), world.home
        self.top, self.hub = self.tree.top, self.tree.at[lib.HUB]
        self.victim, self.honest = sorted(self.tree.nodes, key=lambda node: node.unit)
        self.places = {node.unit: lib.places_of(node)[0] for node in self.tree.nodes}
        self.said = {node.unit: [] for node in self.tree.nodes}

    def enter(self, node, n):
        """n incidents in one append; their acts."""
        lines = [lib.incident(self.places[node.unit]) for _ in range(n)]
        lib.say(node, *lines)
        self.said[node.unit] += lib.acts_in(lines)
        return lib.acts_in(lines)

    def count(self):
        return sum(map(len, self.said.values()))

    def row(self, unit):
        """What the province shows of a commune."""
        return next(c for c in self.top.get(f"/api/state?unit={lib.HUB}")["children"] if c["code"] == unit)

    def status(self):
        return self.top.get("/api/status")

    @contextlib.contextmanager
    def lying(self, lie):
        """The hub lies for as long as this. In its beginning the province is away: three appends of the victim and one of
        the other commune wait at the hub when it comes back. Gives the acts of both."""
        lib.stop(self.hub, self.top)
        self.hub.start({"DANTIN_MUTANT": lie}).wait_ready()
        for node in self.tree.nodes:
            self.tree.wait_taking(node)
        mine = [act for _ in range(3) for act in self.enter(self.victim, 2)]
        other = self.enter(self.honest, 1)
        lib.wait_for("the hub holds what was said", lambda: all(self.held(self.hub, n) == self.held(n, n)
                                                                for n in self.tree.nodes))
        self.while_away(lie, mine)
        lib.restart(self.top)
        lib.wait_for("the other commune is proven", lambda: self.held(self.top, self.honest) == self.held(self.hub, self.honest)
                     and not self.row(self.honest.unit)["told"], alive=self.tree.running())
        yield mine, other
        lib.stop(self.hub)
        lib.restart(self.hub)
        self.settle()

    def while_away(self, lie, mine):
        """While the province is away no clerk is shown that it has anything."""
        lib.wait_for("the victim hears of the hub", lambda: lib.HUB in self.ticks(self.victim, mine) or lie == "false_mark")
        assert lib.TOP not in self.ticks(self.victim, mine), f"{lie}: a tick of a province that is away"

    def held(self, daemon, node):
        return sum(n for log, (n, _) in lib.heads(daemon).items() if log[0] == log[1] == node.unit)

    def ticks(self, node, acts):
        """Tiers of which every one of these statements has a tick at its clerk."""
        shown = [set(s["ticks"]) for s in node.get("/api/state")["statements"] if s["act"] in acts]
        assert len(shown) == len(acts)
        return set.intersection(*shown)

    def settle(self):
        for node in self.tree.nodes:
            self.tree.wait_taking(node)
        lib.settle(self.tree, lambda: lib.total(self.top)["incidents"] == self.count())
        for node in self.tree.nodes:
            lib.check_once(self.top, node.unit, self.said[node.unit])
            lib.wait_for("the province's tick is there", lambda: lib.TOP in self.ticks(node, self.said[node.unit]))
        lib.check_no_forks(self.tree)

    def at_province(self, acts):
        there = lib.acts_of(self.top, self.victim.unit)
        return [act for act in acts if act in there]

    def reconciled(self):
        """Logs of which reconcile shows other heads at the hub than at the province, but for the hub's own."""
        above = lib.heads(self.top)
        return [log for log, head in lib.heads(self.hub).items() if log[0] != lib.HUB and above.get(log) != head]

    def verified(self):
        """(exit code, report) of the province's own verify."""
        code, out, _ = lib.try_command(self.top.program, "verify", "--dir", self.top.dir, "--json")
        return code, json.loads(out)

    def read_by_others(self, *words):
        """(exit code, words) of the verifier of other hands over the province's export."""
        path = self.home / "export.jsonl"
        path.write_text(lib.get_unix(self.top, "/api/export/log.jsonl"), encoding="utf-8")
        done = subprocess.run(["/usr/bin/python3", VERIFY, path, *words], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True)
        return done.returncode, done.stdout


def told_not_proven(s, lie, mine, refusal=None):
    """The victim's figures are told and not proven; nothing of what was tampered with is stored; reconcile names the log;
    no clerk has a tick of the province for it. What is stored holds."""
    lib.wait_for(f"{lie}: the victim is told", lambda: s.row(s.victim.unit)["told"])
    if refusal:
        lib.wait_for(f"{lie}: refused with its reason", lambda: s.status()["last_refusal"] == refusal)
        before = s.status()["refused"]["runs"]
        lib.wait_for(f"{lie}: and each time it comes", lambda: s.status()["refused"]["runs"] > before)
    assert s.status()["told_units"] == 1 and not s.row(s.honest.unit)["told"]
    assert lib.total(s.top)["incidents"] == s.count(), "what was told is in the total, marked as told"
    assert not s.at_province(mine), f"{lie}: the province has stored what the victim did not sign so"
    assert refusal or s.status()["refused"]["runs"] == 0
    log = s.reconciled()
    assert [(author, about) for author, about, *_ in log] == [(s.victim.unit, s.victim.unit)], f"{lie}: {log}"
    assert lib.TOP not in s.ticks(s.victim, mine) and lib.HUB in s.ticks(s.victim, mine)
    assert s.status()["forks"] == 0
    code, report = s.verified()
    assert code == 0 and report["ok"] and report["unequal"] == 0, report
    code, said = s.read_by_others()
    assert code == 0, said


def kept_back(s):
    """No record and no summary: the province cannot know that there is something. It is in no total, the clerk has no
    tick, and whoever compares the two tiers sees the log."""
    with s.lying("withhold_all") as (mine, other):
        told = s.status()["told_units"]
        assert told == 0 and lib.total(s.top)["incidents"] == s.count() - len(mine), "missing is missing, not made up"
        assert not s.at_province(mine) and s.status()["refused"]["runs"] == 0
        assert {log[:2] for log in s.reconciled()} == {(s.victim.unit, s.victim.unit)}
        assert lib.TOP not in s.ticks(s.victim, mine)
        lib.wait_for("the other commune has its tick", lambda: lib.TOP in s.ticks(s.honest, other))


def out_of_order(s):
    """Runs that come in another order are taken in their own."""
    with s.lying("reorder_runs") as (mine, _):
        lib.wait_for("a run before its time is refused", lambda: s.status()["refused"]["runs"] > 0)
        assert s.status()["last_refusal"] == GAP
        s.settle()
        assert s.at_province(mine) == mine and not s.reconciled()


def false_sum(s):
    """While the evidence is kept back a false sum cannot be known: it is shown as told. With the evidence it counts for
    nothing; both are said in the province's log about the hub, and verify names it."""
    with s.lying("withhold,false_sum"):
        lib.wait_for("the false sum is told", lambda: s.row(s.victim.unit)["told"])
        assert lib.total(s.top)["incidents"] == s.count() + 1 and not s.row(s.victim.unit)["unequal"]
        assert s.row(s.honest.unit)["unequal"], "of whom the evidence is there it is known"
    assert s.row(s.victim.unit)["unequal"], "and of the other as soon as it came"
    with s.lying("false_sum"):
        lib.wait_for("the false sum is found", lambda: s.row(s.victim.unit)["unequal"])
        lib.wait_for("and is in no total", lambda: lib.total(s.top)["incidents"] == s.count())
        code, report = s.verified()
        assert code == 1 and report["ok"] and report["unequal"] >= 1, report
        lib.wait_for("it is overruled", lambda: [
            record for (author, about, *_), records in lib.logs_of(s.top).items() if (author, about) == (lib.TOP, lib.HUB)
            for record in records if record[1] == OVERRULE and record[10] == s.victim.unit])
        code, said = s.read_by_others()
        assert code == 0, said
    lib.say(s.victim, lib.turnout(s.places[s.victim.unit], 5))
    lib.wait_for("a true sum is equal again", lambda: not s.row(s.victim.unit)["unequal"])


def false_mark(s):
    """A mark that the hub makes in the province's name is nobody's tick."""
    with s.lying("false_mark") as (mine, _):
        assert s.victim.get("/api/state")["last_refusal"] == "a mark that no tier above has signed"
        lib.wait_for("the province's own mark comes through", lambda: lib.TOP in s.ticks(s.victim, mine))
        assert lib.HUB not in s.ticks(s.victim, mine)


def invented_machine(s):
    """A district that makes its own tokens can make a machine for a commune. It cannot make it agree: where the commune says
    otherwise nothing counts, both are shown, and the key is not the one on the commune's paper."""
    place = s.places[s.victim.unit]
    lib.say(s.victim, lib.turnout(place, 7, cutoff=2))
    s.settle()
    key = next(json.loads(line)["key"] for line in lib.get_unix(s.victim, "/api/export/log.jsonl").splitlines()
               if json.loads(line).get("author") == s.victim.unit and json.loads(line)["stream"] == lib.REPORTS)
    assert s.read_by_others(f"{s.victim.unit}={key}")[0] == 0
    token = s.hub.command("/api/token", {"unit": s.victim.unit, "by": lib.PERSON, "replace": "1"})["token"]
    false = daemons.Daemon("dantin-node", s.victim.unit, s.home / "false")
    daemons.run(false.program, "join", "--dir", false.dir, token)
    s.tree.prepare(false)
    false.start().wait_ready()
    try:
        s.tree.wait_plan(false)
        lib.wait_for("the false machine takes entries", lambda: false.get("/api/state")["wait_ms"] == 0)
        lib.say(false, lib.turnout(place, 70, cutoff=2))
        lib.wait_for("both are shown at the province, and neither counts",
                     lambda: lib.turnout_of(s.top, place, 2)["state"] == "conflict")
        logs = [log for log in s.top.get("/api/reconcile")["logs"] if log["author"] == log["about"] == s.victim.unit and log["n"]]
        assert len(logs) == 2, "the province shows that the commune has two logs"
        code, said = s.read_by_others(f"{s.victim.unit}={key}")
        assert code == 1 and f"the key of {s.victim.unit} is not the one that you named" in said, said
    finally:
        lib.stop(false)


def test(world):
    if b"alter_record" not in (daemons.BUILD / "dantin-hub").read_bytes():
        raise lib.Skip(f"{daemons.BUILD} has no lies: cmake --preset mutants, and DANTIN_BUILD=build-mutants")
    s = Scene(world)
    for node in s.tree.nodes:
        s.enter(node, 1)
    s.settle()
    for lie, refusal in (("drop_run", GAP), ("alter_record", UNSIGNED), ("reorder", UNSIGNED), ("invent", UNSIGNED),
                         ("withhold", None)):
        with s.lying(lie) as (mine, _):
            told_not_proven(s, lie, mine, refusal)
    for part in (kept_back, out_of_order, false_sum, false_mark, invented_machine):
        part(s)
    return f"11 lies, {s.count()} statements once"


lib.run(test)
