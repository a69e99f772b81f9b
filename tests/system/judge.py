"""judge.py - what statements come to, from proto/PROTOCOL.md, section 11, alone: the tally that stands at each place, the
votes of each contest, and who is elected. For verify.py."""
from collections import defaultdict
from itertools import combinations

from canonical import KINDS, TALLY, U32, U64, Bag, below, record

STEP, LIST_CHANGE, VERDICT, ADMIT, RETIRE, REPORTS, ABOUT = 1, 3, 49, 50, 51, 1, 2
OPENED, INTERRUPTED, RESUMED, CLOSED, HOUSEHOLD, COUNTING = 2, 3, 4, 5, 7, 8
RETURNED, RELEASED, CHOSEN = 2, 3, 4  # words of a verdict
SHOW_OF_HANDS = 1
MOST_VOTES, NEED, CONFIDENCE = 0, 1, 2  # rules
ELIGIBLE, ATTENDED, CAST, VALID, SUMMONED = range(5)  # bases
NUMBERS = ("eligible attended printed issued spoiled unused returned valid invalid blank total summoned elsewhere exempt suspended "
           "absent").split()
EXCUSED = "elsewhere exempt suspended absent".split()
PAPERS = "printed issued spoiled unused returned valid invalid".split()
# Reasons that keep a tally out of the totals, as bits.
F1, F2, F3, F5, F6, F7, F9, F10, ORDER, PAPER = (1 << i for i in (1, 2, 3, 5, 6, 7, 9, 10, 23, 25))
CANDIDATE, DEFINITION, NOTHING = 1 << 16, 1 << 18, 1 << 22
NEVER_WAIVED = sum(1 << i for i in (16, 17, 20, 21, 22, 26))
CONTENTS, CANDIDATES, CHANGES = 8, 64, 64  # that are told apart; that a verdict may choose from; of one list


def stated(r):
    return {name: r.fields[1 + i] for i, name in enumerate(NUMBERS) if r.mask >> (1 + i) & 1}


def column(r, which):
    return {key & U32: n for key, n in zip(r.list[0::2], r.list[1::2]) if key >> 32 == which}


def alone(r, ballot):
    """The first pass over a tally: bits of what holds it back by its own numbers and the plan."""
    n, k, votes, against = stated(r), ballot.contest, column(r, 0), column(r, 1)

    def over(x, y, bit):
        return bit if x is not None and y is not None and x > y else 0
    bad = DEFINITION if r.fields[0] != k.definition else 0
    bad |= CANDIDATE if any(key & U32 not in k.numbers for key in r.list[0::2]) else 0
    bad |= NOTHING if not r.mask and not r.list else 0
    bad |= over(n.get("attended", n.get("returned")), n.get("eligible"), F1)
    bad |= over(sum(n.get(x, 0) for x in EXCUSED), n.get("summoned"), F1)
    if ballot.method == SHOW_OF_HANDS:
        bad |= F9 if any(x in n for x in PAPERS + ["blank"]) else over(sum(votes.values()), n.get("attended"), F9)
    else:
        used = max(n["issued"] - n.get("spoiled", 0), 0) if "issued" in n else None
        bad |= over(used, n.get("attended"), F2) | over(n.get("returned"), used, F3)
        bad |= over(n.get("blank"), n.get("valid" if k.rules.blank_valid else "invalid"), F5)
        if {"returned", "valid", "invalid"} <= n.keys() and n["valid"] + n["invalid"] != n["returned"]:
            bad |= F5
    limit = next((n[x] for x in ("valid", "returned", "attended", "eligible") if x in n), None)
    if limit is None:
        return bad
    bad |= F6 if k.choices == 1 and sum(votes.values()) > limit else 0
    bad |= F7 if any(x + votes.get(c, 0) > limit for c, x in against.items()) else 0
    return bad | (F7 if k.choices > 1 and (sum(votes.values()) > limit * k.choices or max(votes.values(), default=0) > limit) else 0)


def agree(a, b):
    """Nothing that both state differs."""
    shapes = [s for s in KINDS[a.kind].split()[1:] if s != "*"]
    for i, s in enumerate(shapes):
        both = (a.mask & b.mask) >> i & 1 if s == "o" else s[0] == "n" or a.fields[i] and b.fields[i]
        if both and a.fields[i] != b.fields[i]:
            return False
    x, y = dict(zip(a.list[0::2], a.list[1::2])), dict(zip(b.list[0::2], b.list[1::2]))
    return all(x[key] == y[key] for key in x.keys() & y.keys())


def fullness(r):
    return len(r.list) + bin(r.mask).count("1") + sum(1 for f in r.fields if isinstance(f, (str, bytes)) and f)


class Fold:
    """What the statements say, from nothing but the set of them. A slot is (kind, which, place, contest)."""

    def __init__(self, p, statements):  # statements: (log, n, bytes)
        self.p, self.named, self.bearing, self.slots = p, defaultdict(list), defaultdict(list), defaultdict(list)
        entries, grants = {}, defaultdict(lambda: Bag(admitted=False, until=U64))
        for log, n, b in statements:
            r = record(b) if log.about in p.unit and log.stream in (REPORTS, ABOUT) else None
            if r is None or not r.said_by & (4 if log.stream == ABOUT else 3):
                continue
            e = entries.setdefault((log.about, log.author, b), Bag(r=r, home=log.about, author=log.author,
                                                                   by_parent=log.author != log.about, places=[]))
            e.places.append((log, n))
            if log.stream == ABOUT and log.speaks and r.kind in (ADMIT, RETIRE) and r.fields[r.kind == RETIRE]:
                g = grants[log.about, r.fields[r.kind == RETIRE]]
                g.admitted |= r.kind == ADMIT
                g.until = min(g.until, r.fields[2]) if r.kind == RETIRE else g.until

        def counts(log, n):
            g = grants[log.about, log.incarnation]
            return log.speaks and (log.stream == ABOUT or g.admitted and n <= g.until)
        for e in entries.values():
            if any(counts(*place) for place in e.places):
                self.enter(e)

    def enter(self, e):
        """A statement in force."""
        e.slot = self.locate(e)
        self.slots[e.slot].append(e)
        self.bearing[e.home, e.r.act].append(e)
        for act in e.r.replaces + ([e.r.fields[1]] if e.r.kind == VERDICT else []):
            self.named[e.home, act].append(e)

    def locate(self, e):
        r, p = e.r, self.p
        unit = p.unit.get(r.subject)
        if r.kind not in (STEP, LIST_CHANGE, TALLY) or unit is None or not below(p, unit, p.unit[e.home]):
            return None
        votes = p.ballots.get(unit, {})
        contest = next(iter(votes)) if r.contest == "" and len(votes) == 1 else r.contest
        return (r.kind, r.fields[0] if r.kind == STEP else 1, r.subject, contest) if contest in votes else None

    def replacers(self, e):
        return [x for x in self.named[e.home, e.r.act] if x is not e and e.r.act in x.r.replaces and
                (not x.by_parent or e.by_parent and x.author == e.author)]

    def free(self, e):
        return not self.replacers(e)

    def twin(self, e):
        return any(x is not e and x.author == e.author and self.free(x) for x in self.bearing[e.home, e.r.act])

    def verdicts(self, e, word):
        return [v for v in self.named[e.home, e.r.act] if v.r.kind == VERDICT and v.by_parent and v.r.fields[0] == word and
                v.r.fields[1] == e.r.act and self.free(v)]

    def choose(self, found):
        """The statement that verdicts *chosen* name, where all that saw every candidate agree."""
        if len(found) > CANDIDATES:
            return None
        saw = [e for e in found if any({x.r.act for x in found} <= {e.r.act, *v.r.list} for v in self.verdicts(e, CHOSEN))]
        return min(saw, key=self.earliest) if saw and len({e.r.body for e in saw}) == 1 else None

    @staticmethod
    def earliest(e):
        return e.r.at, e.r.entered, e.r.act, e.r.body

    def passed(self, kind, which, place, contest):
        """The record that stands in a slot and has nothing against it by itself, with what is waived; or None."""
        found = [e for e in self.slots.get((kind, which, place, contest), ()) if self.free(e)]
        if not found:
            return None
        bodies = {e.r.body: e.r for e in found}
        value = min(found, key=lambda e: (-fullness(e.r), *self.earliest(e)))
        if any(map(self.twin, found)) or len(bodies) > CONTENTS or not all(agree(a, b) for a, b in combinations(bodies.values(), 2)):
            value = self.choose(found)
        if value is None:
            return None
        equals, waived = [e for e in found if e.r.body == value.r.body], 0
        for e in equals:
            for v in self.verdicts(e, RELEASED):
                waived |= v.r.fields[2] & ~NEVER_WAIVED if v.r.by != e.r.by else 0
        bad = alone(value.r, self.p.ballots[self.p.unit[place]][contest]) & ~waived if kind == TALLY else 0
        return None if bad or any(self.verdicts(e, RETURNED) for e in equals) else Bag(r=value.r, waived=waived)

    def voters(self, place, contest, at):
        """Of the frozen list and its changes until then, or None."""
        n, changes = self.p.ballots[self.p.unit[place]][contest].voters, []
        for e in self.slots.get((LIST_CHANGE, 1, place, contest), ()):
            if self.free(e) and not self.twin(e):
                said = [e.r.fields[i] if e.r.mask >> i & 1 else None for i in range(3)]
                changes.append((e.r.at, -(U32 if said[2] is None else said[2]), (said[0] or 0) - (said[1] or 0)))
        for when, minus, delta in sorted(changes)[:CHANGES]:
            if when > at:
                break
            if minus != -U32:
                n = -minus
            elif n is not None:
                n = max(n + delta, 0)
        return n if n is None or n < U32 else None

    def tally(self, place, contest):
        """The second pass: the tally that stands here and counts, or None."""
        it = self.passed(TALLY, 1, place, contest)
        if it is None:
            return None
        at, n, bad, own = it.r.at, stated(it.r), 0, self.p.ballots[self.p.unit[place]]
        for step, apart in ((OPENED, True), (HOUSEHOLD, True), (CLOSED, False), (COUNTING, False)):
            s = self.passed(STEP, step, place, contest)
            bad |= ORDER if s and (s.r.at > at or apart and s.r.at == at) else 0
        voters, came = self.voters(place, contest, at), n.get("attended", n.get("returned"))
        if voters is not None:
            bad |= F10 if n.get("eligible", voters) != voters else 0
            bad |= F1 if "eligible" not in n and came is not None and came > voters else 0
        k = own[contest].contest
        for other, ballot in own.items() if k.paper else ():
            there = self.passed(TALLY, 1, place, other) if other != contest and ballot.contest.paper == k.paper else None
            theirs = stated(there.r) if there else {}
            if any(n[x] != theirs[x] for x in PAPERS[:5 if k.rules.per_person else 7] if x in n and x in theirs):
                bad |= PAPER
        return None if bad & ~it.waived else it.r

    def contest(self, k):
        """All that is counted of one contest."""
        sums = Bag(tallied=0, votes=[0] * len(k.numbers), numbers={name: [0, 0] for name in NUMBERS}, voters=0)
        for unit, ballots in self.p.ballots.items():
            if k.code not in ballots:
                continue
            place = self.p.units[unit].code
            voters, r = self.voters(place, k.code, U64), self.tally(place, k.code)
            sums.voters = None if voters is None or sums.voters is None else sums.voters + voters
            if r is None:
                continue
            sums.tallied += 1
            for name, n in stated(r).items():
                sums.numbers[name] = [sums.numbers[name][0] + n, sums.numbers[name][1] + 1]
            for number, n in column(r, 0).items():
                sums.votes[k.numbers.index(number)] += n
        return sums


def reached(part, n, base):
    return part.den > 0 and (n * part.den > base * part.num if part.strict else n * part.den >= base * part.num)


def least(part, base):
    """The least number that reaches it; 0: there is none."""
    return 0 if part.den == 0 else base * part.num // part.den + 1 if part.strict else -(-base * part.num // part.den)


def base_of(sums, which):
    def all_said(name):
        n, places = sums.numbers[name]
        return n if places == sums.tallied > 0 else None
    if which == SUMMONED:
        n, less = all_said("summoned"), sum(sums.numbers[x][0] for x in EXCUSED)
        return None if n is None or less > n else n - less
    if which == ELIGIBLE:
        return all_said("eligible") if sums.voters is None else sums.voters
    return all_said({ATTENDED: "attended", CAST: "returned", VALID: "valid"}[which])


def outcome(k, sums):
    """(what it comes to, numbers of those elected)"""
    rules, base = k.rules, base_of(sums, k.rules.base)
    came, of = base_of(sums, ATTENDED), base_of(sums, rules.quorum_base)
    came = base_of(sums, CAST) if came is None else came
    if sums.tallied != k.places or k.places == 0 or (rules.rule != MOST_VOTES and base is None) or \
            (rules.quorum.den and (came is None or of is None)):
        return "open", []
    if rules.rule == CONFIDENCE:
        last = sums.votes[-1] if sums.votes else 0
        return "lowest" if reached(rules.lowest, last, base) else "low" if reached(rules.low, last, base) else "confidence", []
    if rules.quorum.den and not reached(rules.quorum, came, of):
        return "no_quorum", []
    need_of = least(rules.need, base) if rules.rule == NEED else 0
    elected, tied = [], []
    for number, n in zip(k.numbers, sums.votes):
        above, equal = sum(m > n for m in sums.votes), sum(m == n for m in sums.votes)
        if n < need_of:
            continue
        if above + equal <= k.seats:
            elected.append(number)
        elif above < k.seats:
            tied.append(number)
    return "tie" if tied else "not_elected" if not elected else "partly" if len(elected) < k.seats else "elected", elected
