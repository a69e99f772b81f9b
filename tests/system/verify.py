#!/usr/bin/python3
"""verify.py - reads an exported log without any of Dantin's code: every chain, signature and total.

    verify.py EXPORT.jsonl [UNIT=KEY ...]     a key in hex that is known from paper
    verify.py --chains EXPORT.jsonl           an export that does not hold the evidence of its totals

Written from proto/PROTOCOL.md; canonical.py beside it reads the bytes. Prints "verify: OK N logs,
M records, T tallies" or the first thing that does not hold, with its line, log and record; exit 1.
"""
import json
import sys
from itertools import groupby

from canonical import TALLY, U64, Bad, Bag, below, certificate, check_texts, digest, need, pack, plan_open
from canonical import record, run_decode, signed

VERDICT, ADMIT, RETIRE, REPORTS, ABOUT = 49, 50, 51, 1, 2
RETURNED, RELEASED, CHOSEN = 2, 3, 4
# Reasons that keep a tally out of the totals, as bits; the last three no release can waive.
F1, F2, F3, F5, F6, F7, DEFINITION, CANDIDATE = 1 << 1, 1 << 2, 1 << 3, 1 << 5, 1 << 6, 1 << 7, 1 << 18, 1 << 16
NEVER_WAIVED = 1 << 16 | 1 << 17 | 1 << 20 | 1 << 21



def reasons_of(r, ballot):
    """Why a tally cannot be right: bits."""
    names = "eligible attended printed issued spoiled unused returned valid invalid blank".split()
    n = {name: r.fields[1 + i] for i, name in enumerate(names) if r.mask >> (1 + i) & 1}
    bad, votes, k = 0, r.list[1::2], ballot.contest
    voters, came = n.get("eligible", ballot.voters), n.get("attended", n.get("returned"))
    used = max(n.get("issued", 0) - n.get("spoiled", 0), 0)
    bad |= DEFINITION if r.fields[0] != k.definition else 0
    bad |= F1 if voters is not None and came is not None and came > voters else 0
    bad |= F2 if "issued" in n and "attended" in n and used > n["attended"] else 0
    bad |= F3 if "issued" in n and "returned" in n and n["returned"] > used else 0
    bad |= F5 if {"returned", "valid", "invalid"} <= n.keys() and n["valid"] + n["invalid"] != n["returned"] else 0
    bad |= CANDIDATE if any(c not in k.numbers for c in r.list[0::2]) or not (n or r.list) else 0
    limit = next((n[x] for x in ("valid", "returned", "attended", "eligible") if x in n), None)
    if limit is not None and k.choices > 1:
        return bad | (F7 if sum(votes) > limit * k.choices or max(votes, default=0) > limit else 0)
    return bad | (F6 if limit is not None and sum(votes) > limit else 0)


class Fold:
    """What the statements about one unit say of its tallies, from nothing but the set of them."""

    def __init__(self, p, home, statements):  # statements: (log, n, bytes)
        self.p, entries, grants = p, {}, {}
        for log, n, b in statements:
            r = record(b)
            if r is None or not r.said_by & (4 if log.stream == ABOUT else 3):
                continue
            e = entries.setdefault((log.author, b), Bag(r=r, author=log.author, about=log.author != log.about, places=[]))
            e.places.append((log, n))
            if log.stream == ABOUT and log.speaks and r.kind in (ADMIT, RETIRE) and r.fields[r.kind == RETIRE]:
                g = grants.setdefault(r.fields[r.kind == RETIRE], Bag(admitted=False, until=U64))
                g.admitted |= r.kind == ADMIT
                g.until = min(g.until, r.fields[2]) if r.kind == RETIRE else g.until
        def counts(log, n):
            g = grants.get(log.incarnation)
            return log.speaks and (log.stream == ABOUT or log.stream == REPORTS and g is not None and g.admitted and n <= g.until)
        self.entries = [e for e in entries.values() if any(counts(*place) for place in e.places)]
        for e in self.entries:
            e.slot = self.locate(home, e.r) if e.r.kind == TALLY else None

    def locate(self, home, r):
        unit = self.p.unit.get(r.subject)
        votes = self.p.ballots.get(unit, {}) if unit is not None and below(self.p, unit, home) else {}
        if r.contest == "" and len(votes) == 1:
            return r.subject, *votes
        return (r.subject, r.contest) if r.contest in votes else None

    def replacers(self, e):
        return [x for x in self.entries if x is not e and e.r.act in x.r.replaces and
                (not x.about or e.about and x.author == e.author)]

    def free(self, e):
        return not self.replacers(e)

    def twin(self, e):
        return any(x is not e and x.r.act == e.r.act and x.author == e.author and self.free(x) for x in self.entries)

    def verdicts(self, e, word):
        return [v for v in self.entries if v.r.kind == VERDICT and v.about and v.r.fields[0] == word and
                v.r.fields[1] == e.r.act and self.free(v)]

    def value(self, slot):
        """The tally that stands for this ballot, or None: missing, in conflict, or quarantined."""
        here = [e for e in self.entries if e.slot == slot]
        found = [e for e in here if self.free(e)]
        if not found:
            return None
        value = found[0]
        if any(self.twin(e) for e in found) or any(e.r.body != value.r.body for e in found):
            saw = [e for e in found if any(all(x.r.act in v.r.list + [e.r.act] for x in found) for v in self.verdicts(e, CHOSEN))]
            if not saw or any(e.r.body != saw[0].r.body for e in saw):
                return None
            value = saw[0]
        equals, waived = [e for e in found if e.r.body == value.r.body], 0
        for e in equals:
            for v in self.verdicts(e, RELEASED):
                waived |= v.r.fields[2] & ~NEVER_WAIVED if v.r.by != e.r.by else 0
        bad = reasons_of(value.r, self.p.ballots[self.p.unit[slot[0]]][slot[1]]) & ~waived
        return None if bad or any(self.verdicts(e, RETURNED) for e in equals) else value.r


def totals(p, statements):
    sums = {c.code: [0] + [0] * len(c.numbers) for c in p.contests}
    by_unit = sorted((s for s in statements if s[0].about in p.unit), key=lambda s: s[0].about)
    for unit, group in groupby(by_unit, key=lambda s: s[0].about):
        f = Fold(p, p.unit[unit], list(group))
        for slot in {e.slot for e in f.entries if e.slot}:
            r = f.value(slot)
            if r is None:
                continue
            numbers = next(c.numbers for c in p.contests if c.code == slot[1])
            sums[slot[1]][0] += 1
            for number, votes in zip(r.list[0::2], r.list[1::2]):
                sums[slot[1]][1 + numbers.index(number)] += votes
    return sums


def check_run(log, election, first, prev, records, signature):
    """Chain and signature of one run; moves the log's head."""
    need(first == log.n + 1, f"record {log.n + 1} is missing before {first}")
    need(prev == log.hash, f"record {first} does not follow the one before it")
    for b in records:
        log.n, log.hash = log.n + 1, digest(log.hash, b)
    signed(log.key, signature, ["dantin run 1", election, *log.id, log.n, log.hash])


def check_keys(election, logs, statements):
    """An admitted log is under a key that a certificate in some admission of its unit names."""
    admits = [(log.about, r) for log, _, b in statements if log.stream == ABOUT and (r := record(b)) and r.kind == ADMIT]
    for log in logs:
        about_it = [r for about, r in admits if about == log.about] if log.stream == REPORTS else []
        if any(r.fields[0] == log.incarnation for r in about_it):
            need(any(certificate(r.fields[1], election, log.about) == log.key for r in about_it),
                 f"log of {log.author}, incarnation {log.incarnation:016x}: no certificate names its key")


def verify(lines, known, chains_only):
    election, logs, statements, end, tallies = None, {}, [], None, 0
    for number, line in enumerate(lines, 1):
        x, log = json.loads(line), None
        try:
            if "export" in x:
                need(x["export"] == "dantin 1", "not an export of a version known here")
                election = bytes.fromhex(x["election"])
            elif "log" in x:
                i, key = int(x["incarnation"], 16), bytes.fromhex(x["key"])
                log = logs[x["log"]] = Bag(author=x["author"], about=x["about"], stream=x["stream"], incarnation=i, key=key, n=0)
                log.id = [log.author, log.about, log.stream, i]
                log.hash = digest(pack(["dantin log 1", election, *log.id, key]))
                need(known.get(log.author, key) == key, f"the key of {log.author} is not the one that you named")
            elif "run" in x:
                log = logs[x["run"]]
                first, prev, records, signature = run_decode(bytes.fromhex(x["body"]))
                need(first == x["first"], "the line names another record than its run")
                check_run(log, election, first, prev, records, signature)
                check_texts(bytes.fromhex(x["texts"]), first, records)
                statements += [(log, first + k, b) for k, b in enumerate(records)]
            else:
                end = x
        except Bad as e:
            where = f"log of {log.author} about {log.about}, after record {log.n}: " if log else ""
            raise Bad(f"line {number}: {where}{e}") from None
    check_keys(election, logs.values(), statements)
    if not chains_only and end and end["plan"]:
        p = plan_open(bytes.fromhex(end["plan"]))
        for log in logs.values():
            u = p.units[p.unit[log.about]] if log.about in p.unit else None
            parents = {p.units[u.parent].code if u.parent >= 0 else None, u.former or None} - {None} if u else set()
            log.speaks = u is not None and (log.author in parents if log.stream == ABOUT else log.author == log.about)
        sums = totals(p, statements)
        for c in end["totals"]:
            mine, numbers = sums[c["contest"]], next(k.numbers for k in p.contests if k.code == c["contest"])
            need(c["tallied"] == mine[0], f"contest {c['contest']}: {c['tallied']} tallied, but the records say {mine[0]}")
            for number, votes in zip(numbers, mine[1:]):
                need(c["votes"][str(number)] == votes, f"contest {c['contest']}, candidate {number}: {c['votes'][str(number)]} votes, but the records say {votes}")
            tallies += mine[0]
    return len(logs), len(statements), tallies


def main(words):
    known = {w.split("=")[0]: bytes.fromhex(w.split("=")[1]) for w in words if "=" in w}
    files = [w for w in words if "=" not in w and w != "--chains"]
    if len(files) != 1:
        sys.exit(__doc__)
    try:
        with open(files[0], encoding="utf-8") as lines:
            print("verify: OK %d logs, %d records, %d tallies" % verify(lines, known, "--chains" in words))
    except (Bad, KeyError, ValueError, TypeError, IndexError) as e:
        print(f"verify: {e if isinstance(e, Bad) else 'not an export: ' + repr(e)}")
        sys.exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
