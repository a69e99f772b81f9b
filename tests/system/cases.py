#!/usr/bin/env python3
"""cases.py [CASE...] - the source documents' elections (deploy/plans/README.md), played by real daemons.

Several cases side by side, each in a process of its own: its plan is loaded, its day entered, and when all is
quiet the top's totals, each contest's outcome, each vote's state and what is held back must be as written in
expected.json; logs are equal at all tiers and verify. One line a case. Exit 77: the shared data is missing.
"""
import csv
import io
import json
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.parse

import lib
from daemons import Tree, Trouble, make_plan, wait_for
from day import Clerks

# name: the plans it consists of, in the order in which they are played; and how many daemons that are about.
CASES = {
    "three-districts": (("three-districts",), 59), "binh-son": (("binh-son", "binh-son-cells"), 30),
    "ba-to": (("ba-to",), 21), "since-2025": (("since-2025",), 32), "tu-nghia": (("tu-nghia",), 16),
    "vu-quang": (("vu-quang",), 5), "huong-xuan": (("huong-xuan",), 2),
}
ROOM = 65  # daemons at a time, so that two cores keep the hours of the day
QUIET = {"link/beat_ms": 1000, "link/deadline_ms": 10000, "link/backoff_ms": 500, "node/wait_ms": 1000}
LEAD_S, UNIT_S = 6, 0.25  # what starting takes on a busy machine: only sets the hour at which the day begins
DAY_S = 120  # no case's day is longer
SETTLE_S = 90


# ---- the day ----

class Played:
    """One plan of a case in its tree: its lines entered, what is between them done."""

    def __init__(self, world, name, home):
        self.name, self.home = name, home
        self.avoid_midnight()
        n = self.machines(name)
        self.lines, self.expected = make_plan("make-case", home / "plan", name, lead=LEAD_S + n * UNIT_S)
        self.tree = Tree(home / "plan", home, QUIET)
        world.trees.append(self.tree)
        self.said = 0

    @staticmethod
    def avoid_midnight():
        """Hours belong to the day on which a place votes: a day that is two days by the clock would be none."""
        left = lambda: 24 * 3600 - (time.time() + 7 * 3600) % (24 * 3600)
        wait_for("midnight in Vietnam is past", lambda: left() > DAY_S, DAY_S + 60)

    def machines(self, name):
        try:
            make_plan("make-case", self.home / "look", name)
        except Trouble as e:
            if e.code == 77:
                raise lib.Skip(str(e).splitlines()[-1])
            raise
        with open(self.home / "look" / "units.csv", encoding="utf-8", newline="") as f:
            return sum(row["place"] != "yes" for row in csv.DictReader(f))

    def play(self):
        self.tree.start()
        for hub in self.tree.hubs:
            lib.write_people(hub)
        segment = []
        for line in self.lines:
            if "form" in line:
                segment.append(line)
            else:
                self.enter(segment)
                segment = []
                self.act(line)
        self.enter(segment)

    def enter(self, lines):
        clerks = Clerks(self.tree, lines, self.expected["start"])
        try:
            while clerks.turn():
                self.tree.check_alive()
                time.sleep(0.05)
        finally:
            clerks.close()
        self.said += clerks.said

    def act(self, line):
        """What stands between statements; its hour is that of the line before it or later."""
        wait_for(f"the hour of {line}", lambda: time.time() >= self.expected["start"] + line["at"], DAY_S)
        if "plan" in line:
            self.tree.load_plan(self.home / "plan" / f"version{line['plan']}", line.get("without", ()))
        elif "move" in line:
            self.tree.move(line["move"], line["to"])
        elif "due" in line:
            self.look(line)
        else:
            node = self.tree.at[line["at_unit"]]
            wait_for(f"{line['wait']} is at {node.name()}",
                     lambda: any(line["wait"] in acts for acts in acts_by_log(node).values()), alive=[node])

    def look(self, line):
        """What is due now; on a machine so slow that the hour is over, nothing can be said."""
        found = check_due(self.tree, line["due"])
        if found and time.time() < self.expected["start"] + line["until"]:
            raise Trouble("\n".join([f"{self.name}, {line['at']} s after the start:", *found[:40]]))

    def settle(self):
        """Until all tiers hold the same and nothing differs from what is expected."""
        found = []

        def right():
            found[:] = differences(self.tree, self.expected)
            return not found
        try:
            lib.settle(self.tree, right, deadline=SETTLE_S)
        except Trouble as e:
            raise Trouble("\n".join([f"{self.name}: {e}", *found[:40]]))

    def check(self):
        self.settle()
        wrong = check_acts(self.tree, self.lines) + check_restricted(self.tree, self.expected)
        wrong += check_due(self.tree, self.expected["due"]) + check_late(self.tree, self.expected)
        wrong += check_statistics(self.tree, self.expected)
        if wrong:
            raise Trouble("\n".join([f"{self.name}:", *wrong[:40]]))
        lib.check_no_forks(self.tree)
        lib.verify_all(self.tree)
        return (f"{self.name}: {len(self.tree.at)} daemons, {len(self.expected['contests'])} contests, {self.said} "
                f"statements, {len(self.expected['quarantine'])} held back")


def acts_by_log(daemon):
    return {log: {f"{record[0]:016x}" for record in records} for log, records in lib.logs_of(daemon).items()}


# ---- what must stand at the end ----

def of_unit(tree, code):
    return lib.get_unix(tree.top, "/api/state?unit=" + urllib.parse.quote(code))


def differ(where, want, have):
    return [f"{where}: {name} is {have.get(name)}, expected {value}"
            for name, value in want.items() if have.get(name) != value]


def plain(total):
    """A total in the words of expected.json."""
    found = {name: value.get("sum") if isinstance(value, dict) else value for name, value in total.items()}
    found["turnout"] = [t["voted"] for t in total["turnout"]]
    return found


def unit_differences(tree, expected):
    found = []
    for code, kinds in expected["units"].items():
        totals = {t["kind"]: plain(t) for t in of_unit(tree, code)["totals"]}
        for kind, want in kinds.items():
            found += differ(f"{code}, {kind}", want, totals.get(kind, {}))
        sums = {name: sum(t[name] for t in totals.values()) for name in ("incidents", "severe")}
        found += differ(code, expected["incidents"][code], sums)
    return found


def contest_differences(tree, expected):
    found, seen = [], {c["contest"]: c for c in lib.get_unix(tree.top, "/api/results")["contests"]}
    for code, want in expected["contests"].items():
        c = seen.get(code, {"candidates": []})
        have = {**c, "votes": {str(x["number"]): x["votes"] for x in c["candidates"]}}
        found += differ(code, want, have)
    return found + [f"{code}: not expected at all" for code in set(seen) - set(expected["contests"])]


def ballots_of(tree, expected):
    """contest -> what the top shows of its vote; each contest here is voted on at one place."""
    communes = {tree_parent(tree, b["place"]) for b in expected["ballots"].values()}
    return {ballot["contest"]: ballot for code in communes for child in of_unit(tree, code)["children"]
            for ballot in child["ballots"]}


def tree_parent(tree, place):
    """The commune of a place, by the newest plan."""
    if not hasattr(tree, "parents"):
        with open(tree.plan / "units.csv", encoding="utf-8", newline="") as f:
            tree.parents = {row["code"]: row["parent_code"] for row in csv.DictReader(f)}
    return tree.parents[place]


def ballot_differences(tree, expected):
    found, seen = [], ballots_of(tree, expected)
    for code, want in expected["ballots"].items():
        b = seen.get(code)
        if not b:
            found.append(f"{code}: the top does not show it")
            continue
        have = {**b, "tally": b["tally"]["state"], "turnout": [t["state"] for t in b["turnout"]],
                "steps": {what: fact["state"] for what, fact in b["steps"].items()}, "place": want["place"]}
        found += differ(code, want, have)
    return found


def quarantine_differences(tree, expected):
    want = {json.dumps(x) for x in expected["quarantine"]}
    items = lib.get_unix(tree.top, "/api/quarantine")["items"]
    have = {json.dumps([x["subject"], x["contest"], x["kind"], x["state"], sorted(x["reasons"])]) for x in items}
    return ([f"held back, and should not be: {x}" for x in sorted(have - want)] +
            [f"should be held back: {x}" for x in sorted(want - have)])


def matter_differences(tree, expected):
    """Incidents, complaints, situations and instructions as the top shows them, their attached texts with them."""
    found, seen = [], {}
    for commune in {m["commune"] for m in expected["matters"].values()}:
        for m in lib.get_unix(tree.top, "/api/matters?unit=" + urllib.parse.quote(commune))["matters"]:
            seen[m["act"]] = {"commune": commune, **m, **m["fields"], "text": m.get("text"),
                              "receipts": len(m.get("receipts", ()))}
    for act, want in expected["matters"].items():
        found += differ(f"{want['kind']} {act}", want, seen.get(act, {}))
    return found + [f"{seen[act]['kind']} {act} stands, and should not" for act in set(seen) - set(expected["matters"])]


def differences(tree, expected):
    return (matter_differences(tree, expected) + unit_differences(tree, expected) + contest_differences(tree, expected) +
            ballot_differences(tree, expected) + quarantine_differences(tree, expected))


def check_acts(tree, lines):
    """Every statement is at the top once, whatever moved in between."""
    logs, seen = acts_by_log(tree.top), {}
    for (author, about, stream, incarnation), acts in logs.items():
        for act in acts:
            seen.setdefault(act, []).append((author, about, stream, incarnation))
    wanted = [dict(urllib.parse.parse_qsl(line["form"]))["act"] for line in lines if "form" in line]
    return ([f"statement {act} is not at the top" for act in wanted if act not in seen] +
            [f"statement {act} stands in {seen[act]}" for act in wanted if len(seen.get(act, ())) > 1])


def check_restricted(tree, expected):
    """What is restricted is on no page and in no export; nothing else is missing there."""
    restricted, found = set(expected["restricted"]), []
    shown = {c["contest"] for c in tree.top.get("/api/results")["contests"]}
    rows = csv.DictReader(io.StringIO(tree.top.get("/api/export/results.csv")))
    exported = {row["contest_id"] for row in rows if row["contest_id"]}
    for where, have in (("pages", shown), ("results.csv", exported)):
        if have != set(expected["contests"]) - restricted:
            found.append(f"{where} show {sorted(have & restricted)[:3]}, and lack "
                         f"{sorted(set(expected['contests']) - restricted - have)[:3]}")
    status, reply = tree.top.exchange(tree.top.connection(), "GET", "/api/bulletin")
    if status != (404 if shown == set() else 200):
        found.append(f"the bulletin: {status} {str(reply)[:200]}")
    return found


def check_due(tree, due):
    found = []
    for code, kinds in due.items():
        totals = {t["kind"]: [x["due"] for x in t["turnout"]] for t in of_unit(tree, code)["totals"]}
        found += differ(f"{code}: due", kinds, totals)
    return found


def check_late(tree, expected):
    """Entered on the day after: late by its own statement of when it was entered."""
    ballots = ballots_of(tree, expected) if expected.get("late") else {}
    return [f"{code}: its figures are not shown as late" for code in expected.get("late", ())
            if not all(t["late"] for t in ballots[code]["turnout"])]


def check_statistics(tree, expected):
    want = expected.get("statistics")
    if not want:
        return []
    have = lib.get_unix(tree.top, "/api/statistics")
    have = {name: {"n": x["n"], "known": x["known"]} if isinstance(x, dict) and "n" in x else x
            for name, x in have.items()}
    return differ("statistics", want, have)


def check_heads(played):
    """The Party cells' candidates are the heads elected, by the person's key."""
    heads, cells = played[0], played[-1]
    elected = {c["contest"]: c["elected"] for c in heads.tree.top.get_local("/api/results")["contests"]}
    with open(heads.home / "plan" / "candidates.csv", encoding="utf-8", newline="") as f:
        keys = {(row["contest"], int(row["number"])): row["key"] for row in csv.DictReader(f)}
    with open(cells.home / "plan" / "candidates.csv", encoding="utf-8", newline="") as f:
        standing = {row["key"] for row in csv.DictReader(f)}
    for contest, key in cells.expected["heads"].items():
        assert [keys[contest, n] for n in elected[contest]] == [key], f"{contest}: {elected[contest]}, not {key}"
        assert key in standing, f"{key}, elected in {contest}, does not stand in the cell"


# ---- several cases ----

def one(world, case):
    """All plans of a case, one after the other; every tree stays up until the end."""
    played = []
    for name in CASES[case][0]:
        home = world.home / name
        home.mkdir()
        played.append(Played(world, name, home))
        played[-1].play()
    said = [p.check() for p in played]
    if "heads" in played[-1].expected:
        check_heads(played)
    return "; ".join(said)


def main():
    wanted = sys.argv[1:] or list(CASES)
    unknown = [case for case in wanted if case not in CASES]
    if unknown:
        sys.exit(f"cases.py: no such case: {', '.join(unknown)}; there are {', '.join(CASES)}")
    codes, waiting, playing = [], sorted(wanted, key=lambda case: -CASES[case][1]), {}
    while waiting or playing:
        busy = sum(CASES[case][1] for case in playing)
        for case in [c for c in waiting if not playing or busy + CASES[c][1] <= ROOM][:1]:
            waiting.remove(case)
            playing[case] = start(case)
        for case in [c for c, (_, process, _) in playing.items() if process.poll() is not None]:
            codes.append(report(case, *playing.pop(case)))
        time.sleep(0.1)
    return 1 if set(codes) - {0, 77} else 77 if 77 in codes else 0


def start(case):
    said = tempfile.TemporaryFile("w+")
    return time.monotonic(), subprocess.Popen([sys.executable, __file__, "--one", case], stdin=subprocess.DEVNULL,
                                              stdout=said, stderr=subprocess.STDOUT), said


def report(case, began, process, said):
    said.seek(0)
    lines = said.read().strip().splitlines() or ["it said nothing"]
    word = {0: "ok", 77: "SKIPPED"}.get(process.returncode, "FAILED")
    text = "\n".join(lines)
    if word != "FAILED":
        text = lines[-1].removeprefix("cases: ").removeprefix("ok ").removeprefix("skipped: ")
    print(f"{word:<7} {case}: {time.monotonic() - began:.0f} s: {text}", flush=True)
    return process.returncode


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        lib.run(lambda world: one(world, sys.argv[2]))
    sys.exit(main())
