"""result.py - what comes of the facts of all places, from proto/PROTOCOL.md, section 11, alone: the votes of each contest and who is
elected, and the sums of each kind of contest. For verify.py."""
from canonical import U64, Bag
from judge import CONFLICT, EXCUSED, HELD, NUMBERS, ON_HOLD, SLOT, VALUE, column, stated

MOST_VOTES, NEED, CONFIDENCE = 0, 1, 2  # rules
ELIGIBLE, ATTENDED, CAST, VALID, SUMMONED = range(5)  # bases
RECOGNISED, NOT_RECOGNISED = 1, 2
SEVERE, OVER = 3, 3  # severity of an incident, and its state


def counted(fold, place, contest):
    """The tally that counts here, or None."""
    it = fold.fact("tally", place, contest)
    return it.r if it.state == VALUE and fold.fact("annulled", place, contest).state != VALUE else None


def contest_of(fold, k):
    """All that is counted of one contest."""
    sums = Bag(tallied=0, votes=[0] * len(k.numbers), numbers={name: [0, 0] for name in NUMBERS}, voters=0)
    for unit, ballots in fold.p.ballots.items():
        if k.code not in ballots:
            continue
        place = fold.p.units[unit].code
        tally, r = fold.weigh((*SLOT["tally"], place, k.code)), counted(fold, place, k.code)
        voters = fold.voters(place, k.code, tally.at if tally.r else U64)
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
    return part.den > 0 and base > 0 and (n * part.den > base * part.num if part.strict else n * part.den >= base * part.num)


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
        if n == 0 or n < need_of:
            continue
        if above + equal <= k.seats:
            elected.append(number)
        elif above < k.seats:
            tied.append(number)
    return "tie" if tied else "not_elected" if not elected else "partly" if len(elected) < k.seats else "elected", elected


def turnout_share(fold, cutoff, place, contest):
    t = fold.turnout(cutoff, place, contest)
    if t.state != VALUE:
        return [0, 0, 0, 0]
    _, voted, eligible = t.r.fields
    voters = eligible if t.r.mask >> 2 & 1 else fold.voters(place, contest, t.at)
    return [voted, 1, voters or 0, voted == voters]


def share_of(fold, place, contest):
    """What one place's contest adds, in the order of section 4."""
    facts = {name: fold.fact(name, place, contest) for name in SLOT}
    states = {f.state for f in facts.values()} | {fold.turnout(i + 1, place, contest).state for i in range(fold.p.cutoffs)}
    so = {name: f.state == VALUE for name, f in facts.items()}
    what, tally = facts["decision"].r.fields[0] if so["decision"] else 0, counted(fold, place, contest)
    row = [so["opened"], so["closed"], tally is not None, HELD in states, CONFLICT in states, so["no_quorum"], 0, 0, so["minutes"],
           what == RECOGNISED, what == NOT_RECOGNISED, what == ON_HOLD, so["rerun"], so["postponed"] and not so["opened"],
           fold.paused(place, contest) and not so["closed"]]
    numbers = stated(tally) if tally else {}
    for name in NUMBERS:
        row += [numbers.get(name, 0), name in numbers]
    for cutoff in range(1, fold.p.cutoffs + 1):
        row += turnout_share(fold, cutoff, place, contest)
    return row


def incident_kind(p, contest):
    """Of its contest, or the first that is not restricted."""
    kinds = {k.code: k.kind for k in p.contests}
    restricted = {k.kind for k in p.contests if k.rules.restricted}
    return kinds.get(contest, next((i for i in range(len(p.kinds)) if i not in restricted), 0))


def kinds_of(fold):
    """The sums of all places, by kind of contest."""
    rows = [[0] * (15 + 2 * len(NUMBERS) + 4 * fold.p.cutoffs) for _ in fold.p.kinds or [""]]
    for unit, ballots in fold.p.ballots.items():
        for contest, ballot in ballots.items():
            row, share = rows[ballot.contest.kind], share_of(fold, fold.p.units[unit].code, contest)
            row[:] = [a + int(b) for a, b in zip(row, share)]
    for e in fold.incidents:
        _, severity, state, _, _ = e.r.fields
        if state != OVER and fold.free(e) and not fold.twin(e):
            row = rows[incident_kind(fold.p, e.r.contest)]
            row[6] += 1
            row[7] += severity >= SEVERE
    return rows
