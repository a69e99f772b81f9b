#!/usr/bin/env python3
"""day - an election day in drill mode: real hubs and nodes, entries at their hour, totals compared at the end.

Called by deploy/demo, which installs and builds first. Exit: 0 the province's totals are what was entered;
1 they are not, or something failed; 130 stopped by Ctrl-C before the end.
"""
import argparse
import collections
import concurrent.futures
import csv
import io
import pathlib
import shutil
import sys
import tempfile
import time
import traceback
import urllib.parse

import daemons
from daemons import Trouble

KIND = "head"
STATUS_S = 4
OFFICERS = (("truc", "operator", "Trực ban"), ("soat", "auditor", "Kiểm tra"))
SECRET = "dien-tap-2026"  # of a drill on this machine only
SETTLE_S = 60  # after the last entry, everything must be at the top and proven within this
LEAD_S, NODE_S = 5, 0.1  # what starting takes, with a good margin: only sets the hour at which the day begins


def arguments():
    p = argparse.ArgumentParser(prog="deploy/demo", description="Plays an election day in drill mode: a province, "
                                "three districts and 55 communes as real processes, in about two minutes.")
    p.add_argument("--once", action="store_true", help="end after the comparison, with exit 0 or 1")
    p.add_argument("--communes", type=int, metavar="K", help="only the first K communes of each district")
    p.add_argument("--fast", action="store_true", help="one district, few places, cut-offs closer together")
    shape = p.add_mutually_exclusive_group()
    shape.add_argument("--flat", action="store_true", help="two tiers: communes directly under the province")
    shape.add_argument("--four-tier", action="store_true", help="four tiers: the country above the province")
    p.add_argument("--seed", type=int, default=1, metavar="N", help="another seed makes another day (default 1)")
    p.add_argument("--keep", type=pathlib.Path, metavar="DIR", help="state directories and logs stay, in this folder")
    return p.parse_args()


def make_plan(a, home, lead):
    words = list(daemons.SMALL) if a.fast else []
    words += ["--communes", a.communes] if a.communes else []
    words += ["--flat"] * a.flat + ["--four-tier"] * a.four_tier
    return daemons.make_drill(home / "plan", *words, seed=a.seed, lead=lead)


def speaker(line):
    return line.get("hub") or line["commune"]


def is_local(line):
    return "hub" in line or bool(line.get("local"))


def signed(line, start):
    """With who entered it, how, and of what time it speaks, where the line does not say: the order of a day's steps
    follows from these, also where several go into one POST."""
    form = line["form"]
    for name, value in (("by", daemons.PERSON), ("how", "desk"), ("at", int((start + line["at"]) * 1000))):
        form += "" if f"&{name}=" in form else f"&{name}={value}"
    return form


class Clerks:
    """Enters each line at its time: at its commune's node, or as a hub's word; the lines of one unit in their order.
    What is `local` goes in by the machine itself, as commands do."""

    def __init__(self, tree, lines, start):
        self.tree, self.start = tree, start
        self.waiting = {code: collections.deque() for code in {speaker(line) for line in lines}}
        for line in lines:
            self.waiting[speaker(line)].append(line)
        self.all, self.said, self.findings = len(lines), 0, 0
        self.pool = concurrent.futures.ThreadPoolExecutor(daemons.JOBS)
        self.busy = {}  # commune -> future of its POST

    def enter(self, code, lines):
        """One POST; a daemon that is full or still waits for its parent says so, and is asked again."""
        daemon, local = self.tree.at[code], is_local(lines[0])
        body = "\n".join(signed(line, self.start) for line in lines)

        def taken():
            connection = daemons.UnixConnection(daemon.dir / "api.sock") if local else daemon.connection()
            status, reply = daemon.exchange(connection, "POST", "/api/say", body)
            if status == 503:
                return None
            if status != 200 or not reply.get("ok"):
                raise Trouble(f"{daemon.name()} refused an entry: {status} {reply}\n{body}")
            return reply
        reply = daemons.wait_for(f"{daemon.name()} takes entries", taken, alive=[daemon])
        return len(reply["said"]), sum(bool(one["findings"]) for one in reply["said"])

    def turn(self):
        """Starts what is due; collects what is done. False when everything has been said."""
        now = time.time() - self.start
        for code in [c for c, f in self.busy.items() if f.done()]:
            said, findings = self.busy.pop(code).result()
            self.said, self.findings = self.said + said, self.findings + findings
        for code, lines in self.waiting.items():
            due = []
            while (code not in self.busy and lines and lines[0]["at"] <= now and len(due) < 200
                   and (not due or is_local(due[0]) == is_local(lines[0]))):
                due.append(lines.popleft())
            if due:
                self.busy[code] = self.pool.submit(self.enter, code, due)
        return bool(self.busy) or any(self.waiting.values())

    def close(self):
        self.pool.shutdown(wait=True, cancel_futures=True)


def total_of(state):
    return next((t for t in state["totals"] if t["kind"] == KIND), {})


def clock_of(seconds):
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{int(seconds) // 60}:{int(seconds) % 60:02}"


def status_line(tree, clerks, start):
    state = tree.top.get("/api/state")
    t, due = total_of(state), state["due"]
    words = collections.Counter()
    for hub in tree.hubs:
        own = state if hub is tree.top else hub.get_local("/api/state")
        words.update(c["link"]["word"] for c in own["children"] if c["link"])
    parts = [f"{clock_of(time.time() - start):>5}", f"entered {clerks.said}/{clerks.all}",
             f"opened {t.get('opened', 0)}/{t.get('places', 0)}"]
    if due:
        turnout = t["turnout"][due - 1]
        parts.append(f"turnout {state['cutoffs'][due - 1]['name']}: {turnout['voted']} at {turnout['places']} places")
    parts += [f"tallied {t.get('tallied', 0)}", f"incidents {t.get('incidents', 0)}",
              f"held back {state['quarantined']}",
              "links " + ", ".join(f"{n} {word}" for word, n in sorted(words.items()))]
    print(" · ".join(parts), flush=True)


def play(tree, lines, start):
    """Until the last entry is recorded."""
    clerks, shown = Clerks(tree, lines, start), 0.0
    try:
        while clerks.turn():
            tree.check_alive()
            if time.monotonic() - shown >= STATUS_S:
                shown = time.monotonic()
                status_line(tree, clerks, start)
            time.sleep(0.05)
        status_line(tree, clerks, start)
    finally:
        clerks.close()
    return clerks


def compare(where, expected, found):
    return [f"{where}: {name} is {found.get(name)}, entered were {value}"
            for name, value in expected.items() if found.get(name) != value]


def flat_total(t):
    """A total in the words of expected.json."""
    plain = {name: t.get(name) for name in ("places", "voters", "opened", "closed", "tallied", "quarantined",
                                            "incidents")}
    for name in ("attended", "valid", "invalid"):
        plain[name] = (t.get(name) or {}).get("sum")
    plain["turnout"] = [x["voted"] for x in t.get("turnout", [])]
    return plain


def unit_differences(tree, expected):
    found = []
    for code, want in expected["units"].items():
        if code in tree.at:
            state = tree.top.get("/api/state?unit=" + urllib.parse.quote(code))
            want = {name: value for name, value in want.items() if name not in ("level", "votes")}
            found += compare(f"{code} {tree.units[code]['name']}", want, flat_total(total_of(state)))
    return found


def contest_differences(tree, expected):
    found, seen = [], {c["contest"]: c for c in tree.top.get_local("/api/results")["contests"]}
    for contest, votes in expected["contests"].items():
        if contest not in seen:
            found.append(f"{contest}: not among the results")
            continue
        have = {str(c["number"]): c["votes"] for c in seen[contest]["candidates"]}
        found += compare(f"{contest}: candidate", votes, have)
    return found


def export_differences(tree, expected):
    """The same once more from the export: each unit's sums, each candidate's votes."""
    rows = list(csv.DictReader(io.StringIO(tree.top.get_local("/api/export/results.csv"))))
    units, votes, found = {}, {}, []
    for r in rows:
        if not r["contest_id"]:
            units[r["unit_code"]] = {"valid": r["ballots_valid"], "invalid": r["ballots_invalid"],
                                     "places": r["places"], "tallied": r["tallied"]}
        elif r["candidate_no"] and r["level"] == "contest":
            votes.setdefault(r["contest_id"], {})[r["candidate_no"]] = r["votes"]
    for code, want in expected["units"].items():
        if code in tree.at:
            want = {name: str(want[name]) for name in ("valid", "invalid", "places", "tallied")}
            found += compare(f"results.csv: {code}", want, units.get(code, {}))
    for contest, want in expected["contests"].items():
        want = {number: str(n) for number, n in want.items()}
        found += compare(f"results.csv: {contest}: candidate", want, votes.get(contest, {}))
    return found


def heads(hub):
    return {(log["author"], log["about"], log["stream"], log["incarnation"]): (log["n"], log["hash"])
            for log in hub.get_local("/api/reconcile")["logs"]}


def log_differences(tree):
    """Every node's reports log is at every tier above it, with its number and head."""
    found, known = [], {hub.unit: heads(hub) for hub in tree.hubs}
    for node in tree.nodes:
        own = node.get("/api/state")["log"]
        parent, first = tree.units[node.unit]["parent_code"], None
        while parent:
            n, head = known[parent].get((node.unit, node.unit, "reports", own["incarnation"]), (0, None))
            first = first or head
            if n != own["n"]:
                found.append(f"log of {node.unit}: {own['n']} records there, {n} at {parent}")
            elif head != first:
                found.append(f"log of {node.unit}: another head at {parent} than below")
            parent = tree.units[parent]["parent_code"]
    return found


def told_differences(tree):
    state = tree.top.get("/api/state")
    return [f"{state['told_units']} units are told, not yet proven by evidence"] if state["told_units"] else []


def settle(tree, expected):
    """Waits until nothing differs, or until the deadline; what differs then."""
    end = time.monotonic() + SETTLE_S
    while True:
        tree.check_alive()
        found = (told_differences(tree) or log_differences(tree)) + unit_differences(tree, expected)
        if not found:
            found = contest_differences(tree, expected) + export_differences(tree, expected)
        if not found or time.monotonic() > end:
            return found
        time.sleep(0.3)


def district(tree):
    """The hub below the top that people are to look at; None: there is none."""
    return next((h for h in reversed(tree.hubs) if h is not tree.top), None)


def name_people(hub):
    """An officer and an auditor for the pages that nobody sees without a name."""
    for person, role, name in OFFICERS:
        daemons.run(hub.program, "people", "add", person, "--name", name, "--role", role, "--dir", hub.dir)
        daemons.run(hub.program, "people", "secret", person, "--dir", hub.dir, said=SECRET + "\n")


def print_addresses(tree):
    print("\nLive pages, to be opened in a browser on this machine:")

    def line(daemon, what, page=""):
        print(f"  {daemon.url() + page:<36} {what} {daemon.unit} {tree.units[daemon.unit]['name']}")
    line(tree.top, "live page of")
    line(tree.top, "wall of", "wall.html")
    line(tree.nodes[0], "a clerk's page of")
    if district(tree):
        (officer, _, _), (auditor, _, _) = OFFICERS
        line(district(tree), f"duty desk, as {officer} with {SECRET}, of", "desk.html")
        line(district(tree), f"every version, as {auditor} with {SECRET}, of", "audit.html")
    print(flush=True)


def the_day(a, home, tree_box):
    """The whole day; the differences found."""
    shape = ["--flat"] * a.flat + ["--four-tier"] * a.four_tier
    per = min(a.communes or 55, 19)
    n_nodes = per if a.fast else (min(a.communes * 3, 55) if a.communes else 55)
    lines, expected = make_plan(a, home, LEAD_S + n_nodes * NODE_S)
    tree = daemons.Tree(home / "plan", home)
    tree_box.append(tree)
    print(f"A drill ({' '.join(shape) or 'three tiers'}): {len(tree.hubs)} hubs, {len(tree.nodes)} nodes, "
          f"{expected['units'][tree.top_code]['places']} places, {len(lines)} entries; in {home}", flush=True)
    began = time.monotonic()
    tree.start()
    if district(tree):
        name_people(district(tree))
    print(f"{len(tree.at)} daemons run and are connected, after {time.monotonic() - began:.0f} s")
    print_addresses(tree)
    clerks = play(tree, lines, expected["start"])
    differences = settle(tree, expected)
    for line in differences:
        print("difference: " + line)
    if not clerks.findings:
        differences.append("no contradictory tally was found, though one was entered")
        print("difference: " + differences[-1])
    units = sum(code in tree.at for code in expected["units"])
    if not differences:
        print(f"The totals of {tree.top_code} {tree.units[tree.top_code]['name']} are what was entered: {units} units, "
              f"{len(expected['contests'])} contests, {clerks.said} statements, every log equal at every tier.")
    else:
        print(f"{len(differences)} differences between what was entered and the totals of {tree.top_code}.")
    return differences


def stay(tree):
    print_addresses(tree)
    print("Everything stays up until Ctrl-C.", flush=True)
    while True:
        tree.check_alive()
        time.sleep(0.5)


def main():
    a = arguments()
    daemons.end_on_signals()
    if a.keep:
        a.keep = a.keep.resolve()
        a.keep.mkdir(parents=True, exist_ok=True)
        if any(a.keep.iterdir()):
            sys.exit(f"deploy/demo: {a.keep} is not empty")
    home, tree_box, code, wrong = a.keep or pathlib.Path(tempfile.mkdtemp(prefix="dantin-demo-")), [], None, []
    try:
        code = 1 if the_day(a, home, tree_box) else 0
        if not a.once:
            stay(tree_box[0])
    except KeyboardInterrupt:
        print("\nStopping.", flush=True)
        code = 130 if code is None else code
    except (Trouble, OSError) as e:
        code = 1
        print(f"deploy/demo: {e}", file=sys.stderr)
    except Exception:  # ours to mend: shown whole, and everything is stopped all the same
        code = 1
        traceback.print_exc()
    finally:
        daemons.ignore_signals()
        for tree in tree_box:
            wrong += tree.close()
    for line in wrong:
        print(line, file=sys.stderr)
    code = 1 if wrong or code is None else code
    if a.keep or code == 1:
        print(f"State directories and logs are in {home}")
    else:
        shutil.rmtree(home, ignore_errors=True)
    print("Nothing is running any more.", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
