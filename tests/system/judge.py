"""judge.py - what stands at each place, from proto/PROTOCOL.md, section 11, alone: which statement of several is the value, what
is against it by itself, and beside its neighbours. For verify.py; result.py adds up what stands."""
from collections import defaultdict
from itertools import combinations

from canonical import KINDS, TALLY, U32, U64, Bag, below, record

STEP, TURNOUT, LIST_CHANGE, MINUTES, INCIDENT, DECISION, VERDICT, ADMIT, RETIRE = 1, 2, 3, 5, 6, 9, 49, 50, 51
REPORTS, ABOUT = 1, 2  # streams
RETURNED, RELEASED, CHOSEN = 2, 3, 4  # words of a verdict
ON_HOLD, RERUN, INTERIM = 3, 4, 5  # decisions
SHOW_OF_HANDS = 1
MISSING, VALUE, HELD, CONFLICT = range(4)  # what a slot can be
NUMBERS = ("eligible attended printed issued spoiled unused returned valid invalid blank total summoned elsewhere exempt suspended "
           "absent").split()
EXCUSED = "elsewhere exempt suspended absent".split()
PAPERS = "printed issued spoiled unused returned valid invalid".split()
# Reasons that hold a figure back, as bits.
F1, F2, F3, F5, F6, F7, F9, F10 = (1 << i for i in (1, 2, 3, 5, 6, 7, 9, 10))
CANDIDATE, DEFINITION, NOTHING, ORDER, FALL, PAPER, DECIDES, INCOMPLETE = (1 << i for i in (16, 18, 22, 23, 24, 25, 26, 27))
NEVER_WAIVED = sum(1 << i for i in (16, 17, 20, 21, 22, 26))
CONTENTS, CANDIDATES, CHANGES = 8, 64, 64  # told apart; of one slot; of one list, and pauses of one sort

STEPS = "frozen opened interrupted resumed closed no_quorum household counting postponed early annulled".split()
SLOT = {name: (STEP, i + 1) for i, name in enumerate(STEPS) if name not in ("interrupted", "resumed")}
SLOT |= {"tally": (TALLY, 1), "minutes": (MINUTES, 1), "decision": (DECISION, 1), "rerun": (DECISION, RERUN), "interim": (DECISION, INTERIM)}
LATE = "tally minutes decision".split()  # may be typed without a time of their own
# What comes before what; = where both may be of one time.
ORDERS = {"frozen": "=opened closed", "opened": "closed no_quorum household counting annulled tally minutes decision",
          "no_quorum": "=household", "household": "counting tally", "closed": "=counting =tally =minutes =rerun",
          "counting": "=tally =minutes", "tally": "=minutes =decision", "minutes": "=decision", "postponed": "opened"}
PAIRS = [(before, after.lstrip("="), "=" in after) for before, afters in ORDERS.items() for after in afters.split()]


def stated(r):
    return {name: r.fields[1 + i] for i, name in enumerate(NUMBERS) if r.mask >> (1 + i) & 1}


def column(r, which):
    return {key & U32: n for key, n in zip(r.list[0::2], r.list[1::2]) if key >> 32 == which}


LIMITS = ("valid", "returned", "attended", "eligible")  # the first that is stated says how many may have voted


def alone_tally(r, ballot):
    """Bits of what holds a tally back by its own numbers and the plan."""
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
    limit = next((n[x] for x in LIMITS if x in n), None)
    if limit is None or ballot.method == SHOW_OF_HANDS:
        return bad
    bad |= F6 if k.choices == 1 and sum(votes.values()) > limit else 0
    bad |= F7 if any(x + votes.get(c, 0) > limit for c, x in against.items()) else 0
    return bad | (F7 if k.choices > 1 and (sum(votes.values()) > limit * k.choices or max(votes.values(), default=0) > limit) else 0)


def alone_decision(e, ballot):
    what, number, date, signatory, _ = e.r.fields
    bad = DECIDES if (ballot.contest.rules.decides != 0) != e.by_parent and not e.r.behalf else 0
    return bad | (INCOMPLETE if not signatory or what != ON_HOLD and (not number or not date) else 0)


def alone(e, ballot):
    """The first pass: what holds a statement back by itself."""
    if e.r.kind == TALLY:
        return alone_tally(e.r, ballot)
    if e.r.kind == TURNOUT:
        return F1 if e.r.mask >> 2 & 1 and e.r.fields[1] > e.r.fields[2] else 0
    return alone_decision(e, ballot) if e.r.kind == DECISION else 0


def which_of(r):
    """Which of several facts of its kind: a step, a cut-off, a decision; None: its kind is not of a ballot."""
    if r.kind in (STEP, TURNOUT):
        return r.fields[0]
    if r.kind == DECISION:
        return r.fields[0] if r.fields[0] > ON_HOLD else 1
    return 1 if r.kind in (LIST_CHANGE, TALLY, MINUTES) else None


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
        self.weighed, self.incidents = {}, []
        entries, grants = {}, defaultdict(lambda: Bag(admitted=False, until=U64))
        for log, n, b in statements:
            r = record(b) if log.about in p.unit and log.stream in (REPORTS, ABOUT) else None
            if r is None or not r.said_by & (4 if log.stream == ABOUT else 3):
                continue
            e = entries.setdefault((log.about, log.author, b), Bag(r=r, b=b, home=log.about, author=log.author,
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
        r, unit, which = e.r, self.p.unit.get(e.r.subject), which_of(e.r)
        here = unit is not None and below(self.p, unit, self.p.unit[e.home])
        if r.kind == INCIDENT and here:
            self.incidents.append(e)
        if which is None or not here or r.kind == TURNOUT and which > self.p.cutoffs:
            return None
        votes = self.p.ballots.get(unit, {})
        contest = next(iter(votes)) if r.contest == "" and len(votes) == 1 else r.contest
        return (r.kind, which, r.subject, contest) if contest in votes else None

    def ballot(self, place, contest):
        return self.p.ballots[self.p.unit[place]][contest]

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

    @staticmethod
    def earliest(e):
        return e.r.at, e.r.entered, e.r.act, e.by_parent, e.author.encode(), e.b

    def choose(self, found):
        """The statement that verdicts *chosen* name, where all that saw every candidate agree."""
        if len(found) > CANDIDATES:
            return None
        saw = [e for e in found if any({x.r.act for x in found} <= {e.r.act, *v.r.list} for v in self.verdicts(e, CHOSEN))]
        return min(saw, key=self.earliest) if saw and len({e.r.body for e in saw}) == 1 else None

    def weigh(self, slot):
        """The first pass over a slot: its state, its value, when that was, what is waived."""
        if slot not in self.weighed:
            self.weighed[slot] = self.weigh_anew(slot)
        return self.weighed[slot]

    def weigh_anew(self, slot):
        here, none = self.slots.get(slot, ()), Bag(state=MISSING, r=None, at=0, typed=False, waived=0)
        found = [e for e in here if self.free(e)]
        if not found:
            none.state = CONFLICT if here and all(x.slot == slot for e in here for x in self.replacers(e)) else MISSING
            return none
        bodies, ballot, times = {e.r.body: e.r for e in found}, self.ballot(*slot[2:]), found
        value = min(found, key=lambda e: (-fullness(e.r), alone(e, ballot) != 0, *self.earliest(e)))
        if any(map(self.twin, found)) or len(bodies) > CONTENTS or len(found) > CANDIDATES or \
                not all(agree(a, b) for a, b in combinations(bodies.values(), 2)):
            value = self.choose(found)
            times = [value]
        if value is None:
            none.state = CONFLICT
            return none
        equals, waived, at = [e for e in found if e.r.body == value.r.body], 0, min(e.r.at for e in times)
        for e in equals:
            for v in self.verdicts(e, RELEASED):
                waived |= v.r.fields[2] & ~NEVER_WAIVED if v.r.by != e.r.by else 0
        held = alone(value, ballot) & ~waived or any(self.verdicts(e, RETURNED) for e in equals)
        return Bag(state=HELD if held else VALUE, r=value.r, at=at, waived=waived,
                   typed=any(e.r.at == e.r.entered == at for e in here))

    def passed(self, kind, which, place, contest):
        it = self.weigh((kind, which, place, contest))
        return it if it.state == VALUE else None

    def bag(self, kind, which, place, contest):
        """Statements of which each stands."""
        return [e.r for e in self.slots.get((kind, which, place, contest), ()) if self.free(e) and not self.twin(e)]

    def voters(self, place, contest, at):
        """Of the frozen list and its changes until then, or None."""
        n, delta, changes = self.ballot(place, contest).voters, 0, []
        for r in self.bag(LIST_CHANGE, 1, place, contest):
            added, removed, eligible = r.fields
            sets = r.mask >> 2 & 1
            changes.append((r.at, sets, eligible if sets else added - removed))
        if len(changes) > CHANGES:
            return None
        for when, sets, number in sorted(changes):
            if when > at:
                break
            n, delta = (number, 0) if sets else (n, delta + number)
        return None if n is None or n + delta >= U32 else max(n + delta, 0)

    def against_list(self, place, contest, at, eligible, came):
        voters = self.voters(place, contest, at)
        if voters is None:
            return 0
        if eligible is not None:
            return F10 if eligible != voters else 0
        return F1 if came is not None and came > voters else 0

    def votes_alone(self, r, place, contest, at):
        """A tally of votes and nothing else, against the list then."""
        voters, k = self.voters(place, contest, at), self.ballot(place, contest).contest
        votes = [v for c, v in column(r, 0).items() if c in k.numbers]
        if voters is None or any(x in stated(r) for x in LIMITS):
            return 0
        if k.choices == 1:
            return F6 if sum(votes) > voters else 0
        return F7 if sum(votes) > voters * k.choices or max(votes, default=0) > voters else 0

    def out_of_order(self, name, place, contest):
        for before, after, equal in PAIRS:
            if name not in (before, after):
                continue
            first, then = self.passed(*SLOT[before], place, contest), self.passed(*SLOT[after], place, contest)
            if not first or not then or before in LATE and first.typed or after == "decision" and then.r.fields[0] == ON_HOLD:
                continue
            held = before if before == "postponed" else after
            if first.at == then.at and not equal or first.at > then.at and name == held:
                return ORDER
        return 0

    def against_paper(self, n, place, contest):
        k = self.ballot(place, contest).contest
        for other, ballot in self.p.ballots[self.p.unit[place]].items() if k.paper else ():
            there = self.passed(TALLY, 1, place, other) if other != contest and ballot.contest.paper == k.paper else None
            theirs = stated(there.r) if there else {}
            if any(n[x] != theirs[x] for x in PAPERS[:5 if k.rules.per_person else 7] if x in n and x in theirs):
                return PAPER
        return 0

    def fact(self, name, place, contest):
        """Both passes over a fact that is no turnout: its state and its record."""
        it = self.weigh((*SLOT[name], place, contest))
        bad = self.out_of_order(name, place, contest) if it.state == VALUE else 0
        if name == "tally" and it.state == VALUE:
            n = stated(it.r)
            bad |= self.against_list(place, contest, it.at, n.get("eligible"), n.get("attended", n.get("returned")))
            bad |= self.votes_alone(it.r, place, contest, it.at)
            bad |= self.against_paper(n, place, contest)
        return Bag(state=HELD if bad & ~it.waived else it.state, r=it.r)

    def turnout(self, cutoff, place, contest):
        it, bad = self.weigh((TURNOUT, cutoff, place, contest)), 0
        if it.state != VALUE:
            return it
        _, voted, eligible = it.r.fields
        eligible = eligible if it.r.mask >> 2 & 1 else None
        for earlier in range(1, cutoff):
            there = self.passed(TURNOUT, earlier, place, contest)
            bad |= FALL if there and there.r.fields[1] > voted else 0
        opened = self.passed(*SLOT["opened"], place, contest)
        bad |= ORDER if opened and it.at < opened.at else 0
        bad |= self.against_list(place, contest, it.at, eligible, voted)
        return Bag(state=HELD if bad & ~it.waived else VALUE, r=it.r, at=it.at)

    def paused(self, place, contest):
        """Is the latest interruption that is possible later than the latest such resumption?"""
        bags = [[r.at for r in self.bag(STEP, which, place, contest)] for which in (3, 4)]
        if max(map(len, bags)) > CHANGES:
            return False
        opened, closed = self.passed(*SLOT["opened"], place, contest), self.passed(*SLOT["closed"], place, contest)
        latest = []
        for resumed, times in enumerate(bags):
            other = bags[1 - resumed]
            latest.append(max((at for at in times if at not in other and (not resumed or any(x < at for x in other)) and
                               (not opened or at > opened.at) and (not closed or at < closed.at)), default=0))
        return latest[0] > latest[1]
