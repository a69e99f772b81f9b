#!/usr/bin/python3
"""verify.py - reads an exported log without any of Dantin's code: every chain, signature, total and outcome.

    verify.py EXPORT.jsonl [UNIT=KEY ...]     a key in hex that is known from paper
    verify.py --chains EXPORT.jsonl           an export that does not hold the evidence of its totals

Written from proto/PROTOCOL.md; canonical.py beside it reads the bytes, judge.py says what they come to. Prints "verify: OK N logs,
M records, T tallies" or the first thing that does not hold, with its line, log and record; exit 1.
"""
import json
import sys

from canonical import Bad, Bag, certificate, check_texts, digest, need, pack, plan_open, record, run_decode, signed
from judge import ABOUT, ADMIT, REPORTS, Fold
from result import contest_of, kinds_of, outcome


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


def check_totals(fold, totals):
    """Votes, and where the export says it the outcome, of each contest; how many tallies they are made of."""
    contests, tallies = {k.code: k for k in fold.p.contests}, 0
    need(sorted(contests) == sorted(c["contest"] for c in totals), "the totals are not of the contests of the plan")
    for c in totals:
        k, name = contests[c["contest"]], f"contest {c['contest']}"
        mine = contest_of(fold, k)
        need(c["tallied"] == mine.tallied, f"{name}: {c['tallied']} tallied, but the records say {mine.tallied}")
        for number, votes in zip(k.numbers, mine.votes):
            need(c["votes"][str(number)] == votes, f"{name}, candidate {number}: {c['votes'][str(number)]} votes, but the records say {votes}")
        what, elected = outcome(k, mine)
        need(c.get("outcome", what) == what, f"{name}: {c.get('outcome')}, but the records say {what}")
        need(c.get("elected", elected) == elected, f"{name}: {c.get('elected')} elected, but the records say {elected}")
        tallies += mine.tallied
    return tallies


def check_kinds(fold, kinds):
    """The sums of each kind of contest over all places, where the export has them."""
    for kind, theirs, mine in zip(fold.p.kinds or [""], kinds or [], kinds_of(fold) if kinds else [], strict=bool(kinds)):
        for i, (a, b) in enumerate(zip(theirs, mine, strict=True)):
            need(a == b, f"contests of kind {kind}, sum {i}: {a}, but the records say {b}")


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
        fold = Fold(p, statements)
        tallies = check_totals(fold, end["totals"])
        check_kinds(fold, end.get("kinds"))
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
