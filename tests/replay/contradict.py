"""contradict - which statements that follow from a file contradict themselves, and what would be right instead.

The rules are computed here a second time, from the file alone, so that the program's own are held to something.
"""
import copy
import dataclasses

HELD_BACK = {"F1", "F2", "F3", "F5", "F6", "F7", "F9", "F10", "order", "fall", "paper"}
ISSUED, CAST, VALID, INVALID, ELIGIBLE = "ballots_issued", "ballots_cast", "ballots_valid", "ballots_invalid", "eligible"


def more(numbers, left, right):
    """Both are stated, and the left one is the larger."""
    return left in numbers and right in numbers and numbers[left] > numbers[right]


def of_turnout(numbers):
    """Who came, as the ballots in the box say, against who could."""
    return {"F1"} if more(numbers, CAST, ELIGIBLE) else set()


def of_list(numbers, listed):
    """What is stated against the frozen list."""
    if listed is None:
        return set()
    if ELIGIBLE in numbers:
        return {"F10"} if numbers[ELIGIBLE] != listed else set()
    return {"F1"} if numbers.get(CAST, 0) > listed else set()


def limit_of(numbers):
    """How many may have voted for one candidate, by the narrowest number there is, or None."""
    return next((numbers[name] for name in (VALID, CAST, ELIGIBLE) if name in numbers), None)


def of_tally(numbers, votes, seats):
    found, limit = of_turnout(numbers), limit_of(numbers)
    if more(numbers, CAST, ISSUED):
        found.add("F3")
    if {CAST, VALID, INVALID} <= set(numbers) and numbers[VALID] + numbers[INVALID] != numbers[CAST]:
        found.add("F5")
    if limit is not None and votes and seats == 1 and sum(votes.values()) > limit:
        found.add("F6")
    if limit is not None and votes and seats > 1 and (
            sum(votes.values()) > limit * seats or max(votes.values()) > limit):
        found.add("F7")
    return found


def to_look_at(numbers, votes, seats, candidates):
    """What is shown, and counts all the same."""
    found, cast = set(), sum(votes.values())
    if more(numbers, ISSUED, CAST):
        found.add("F4")
    if seats == 1 and VALID in numbers and votes and cast < numbers[VALID]:
        found.add("F6_less")
    if cast and candidates > 1 and max(votes.values()) == cast:
        found.add("all_one")
    return found


@dataclasses.dataclass(frozen=True)
class Contradiction:
    place: str
    contest: str      # as the source has it
    kind: str         # turnout or tally
    alone: frozenset  # reasons within itself
    beside: frozenset

    def held(self):
        return self.alone | self.beside


def contradictions(results):
    """Every statement that contradicts itself or the frozen list."""
    for (place, contest), (numbers, _) in results.ballots.items():
        votes, seats = results.stated_votes((place, contest)), results.contests[contest].seats
        beside = frozenset(of_list(numbers, results.listed.get((place, contest))))
        for kind, alone, is_said in (("turnout", of_turnout(numbers), CAST in numbers),
                                     ("tally", of_tally(numbers, votes, seats), results.has_tally((place, contest)))):
            if is_said and (alone or beside):
                yield Contradiction(place, contest, kind, frozenset(alone), beside)


def warnings(results):
    """(place, contest, rule) of every tally that is to be looked at."""
    for ballot in filter(results.has_tally, results.ballots):
        place, contest = ballot
        k = results.contests[contest]
        for rule in to_look_at(results.ballots[ballot][0], results.stated_votes(ballot), k.seats, len(k.people)):
            yield place, contest, rule


def scaled(votes, most, all_together):
    """Votes in the same proportions, at most so many each and together, none of these lost by rounding."""
    total = sum(votes.values())
    if total > all_together:
        small = {n: v * all_together // total for n, v in votes.items()}
        by_rest = sorted(votes, key=lambda n: (-(votes[n] * all_together % total), n))
        for n in by_rest[:all_together - sum(small.values())]:
            small[n] += 1
        votes = small
    return {n: min(v, most) for n, v in votes.items()}


def mend(numbers, votes, seats, listed):
    """What would be right, by a rule that anybody can follow on paper. In this order:

    1. votes that the ballots do not allow are made fewer, in the same proportions: a scan was read wrongly;
    2. invalid is what is left of the ballots in the box; where valid alone is more than those, they were miscounted;
    3. ballots in the box were issued;
    4. the list is as it was frozen, and who came and was not on it is added: officials vote where they serve.
    """
    numbers, limit = dict(numbers), limit_of(numbers)
    if limit is not None and votes:
        votes = scaled(votes, limit, limit * seats)
    if {CAST, VALID, INVALID} <= set(numbers):
        numbers[CAST] = max(numbers[CAST], numbers[VALID])
        numbers[INVALID] = numbers[CAST] - numbers[VALID]
    if more(numbers, CAST, ISSUED):
        numbers[ISSUED] = numbers[CAST]
    if listed is not None:
        listed = max(listed, numbers.get(CAST, 0))
        if ELIGIBLE in numbers:
            numbers[ELIGIBLE] = listed
    return numbers, votes, listed


def corrected(results, wrong):
    """The same results, but for what contradicts itself: that is mended."""
    right = copy.copy(results)
    right.ballots, right.listed = dict(results.ballots), dict(results.listed)
    for ballot in {(w.place, w.contest) for w in wrong}:
        numbers, votes = results.ballots[ballot]
        numbers, stated, listed = mend(numbers, results.stated_votes(ballot), results.contests[ballot[1]].seats,
                                       results.listed.get(ballot))
        right.ballots[ballot] = (numbers, {**votes, **stated})
        if listed is not None:
            right.listed[ballot] = listed
    left = list(contradictions(right))
    assert not left, f"still wrong: {left}"
    return right
