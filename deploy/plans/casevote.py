"""casevote - one place's vote on one contest as make-case tells it: what was stated last, and what then stands."""


class Ballot:
    """One place's vote on one contest: its life so far."""

    def __init__(self, election, place, contest, voters):
        self.e, self.place, self.contest, self.voters = election, place, contest, voters
        self.steps, self.turnout, self.tally_is, self.minutes_are = {}, {}, None, False
        self.decision_is, self.rerun_is, self.interim_is, self.paused = "missing", False, False, False
        self.held, self.in_conflict = {}, set()  # fact -> reasons for which it is held back at the end
        self.added = 0  # to the frozen list since

    def listed(self):
        return self.voters + self.added

    def say(self, hour, kind, at=None, **fields):
        """One statement of the commune, entered at this hour; `at`: the hour it speaks of, when another."""
        return self.e.say(self.e.units[self.place]["parent"], hour, kind, at, place=self.place,
                          contest=self.contest, **fields)

    def step(self, hour, what, at=None, hold=None, **fields):
        act = self.say(hour, "step", at, what=what, **fields)
        if what in ("interrupted", "resumed"):
            self.paused = what == "interrupted"
            return act
        self.steps[what] = "value"
        self.hold(what, hold)
        return act

    def hold(self, fact, reasons):
        self.held.pop(fact, None)
        if reasons:
            self.held[fact] = reasons

    def frozen(self):
        """A week before; said when the day begins."""
        self.step(self.e.units[self.place]["opens"] - 0.3, "list_frozen", at=-160)

    def change_list(self, hour, added, at=None):
        self.added += added
        return self.say(hour, "list_change", at, added=added)

    def vote(self, hour, cutoff, voted, at=None, hold=None, **fields):
        self.turnout[cutoff] = voted
        self.hold(f"turnout {cutoff}", hold)
        return self.say(hour, "turnout", at, cutoff=cutoff, voted=voted, **fields)

    def count(self, hour, at=None, hold=None, replaces=None, why=None, **numbers):
        """The tally. votes, against: a list in the order of the candidates."""
        form, self.tally_is = dict(numbers), numbers
        self.hold("tally", hold)
        for column in ("votes", "against", "written"):
            if column in form:
                form[column] = ",".join(f"{i}:{n}" for i, n in enumerate(form[column], 1))
        more = {"replaces": replaces, "why": why} if replaces else {}
        return self.say(hour, "tally", at, **form, **more)

    def minutes(self, hour, at=None, **fields):
        self.minutes_are = True
        given = {"number": self.e.number("BB"), "form": "BB-KP", "copies": 3, "witnesses": 2, "signed": 5,
                 "complaints": 0, "settled": 0, "passed": 0}
        return self.say(hour, "minutes", at, **{**given, **fields})

    def decide(self, hour, what, by_hub=None, **fields):
        """A decision with number, date and signatory: of the commune, or of the superior where it decides."""
        if what in ("recognised", "not_recognised", "on_hold"):
            self.decision_is = what
        self.rerun_is = self.rerun_is or what == "rerun"
        self.interim_is = self.interim_is or what == "interim"
        signatory = self.e.person() if "signatory" not in fields else fields.pop("signatory")
        given = {"what": what, "number": self.e.number("QĐ-UBND"), "date": self.e.ms(self.e.seconds(hour)),
                 "signatory": signatory, **fields}
        if not by_hub:
            return self.say(hour, "decision", **given)
        return self.e.tell(by_hub, self.e.units[self.place]["parent"], hour, "decision", place=self.place,
                           contest=self.contest, **given)

    # ---- what is expected ----

    def states(self):
        """The state of each fact, as the programs name them."""
        found = {what: "value" for what in self.steps}
        found.update({f"turnout {i}": "value" for i in self.turnout})
        if self.tally_is:
            found["tally"] = "value"
        for fact in self.held:
            found[fact] = "quarantined"
        for fact in self.in_conflict:
            found[fact] = "conflict"
        return found

    def counted(self):
        """The tally's numbers, where it counts."""
        return self.tally_is if self.states().get("tally") == "value" else None

    def share(self):
        """What this ballot adds to every unit above it."""
        s, tally = self.states(), self.counted() or {}
        is_value = lambda fact: int(s.get(fact) == "value")
        share = {"places": 1, "voters": self.voters, "opened": is_value("opened"), "closed": is_value("closed"),
                 "tallied": is_value("tally"), "minutes": int(self.minutes_are),
                 "no_quorum": is_value("no_quorum"), "interrupted": int(self.paused),
                 "postponed": int(is_value("postponed") and not is_value("opened")),
                 "quarantined": int("quarantined" in s.values()), "conflicts": int("conflict" in s.values()),
                 "recognised": int(self.decision_is == "recognised"),
                 "not_recognised": int(self.decision_is == "not_recognised"),
                 "on_hold": int(self.decision_is == "on_hold"), "reruns": int(self.rerun_is)}
        for name in ("attended", "returned", "valid", "invalid"):
            share[name] = tally.get(name, 0)
        share["turnout"] = [self.turnout[i] if s.get(f"turnout {i}") == "value" else 0
                            for i in range(1, len(self.e.cutoffs) + 1)]
        return share

    def stands(self):
        """What a screen shows of it."""
        s = self.states()
        return {"steps": {what: s[what] for what in self.steps}, "tally": s.get("tally", "missing"),
                "turnout": [s.get(f"turnout {i}", "missing") for i in range(1, len(self.e.cutoffs) + 1)],
                "minutes": "value" if self.minutes_are else "missing", "decision": self.decision_is,
                "rerun": "value" if self.rerun_is else "missing", "interrupted": self.paused,
                "interim": "value" if self.interim_is else "missing", "life": self.life()}

    def life(self):
        """The last of its life that stands: decided, signed, counted, on its way, or only planned."""
        s = self.states()
        later = (("interim_head", self.interim_is), ("rerun_ordered", self.rerun_is),
                 (self.decision_is, self.decision_is != "missing"), ("minutes_signed", self.minutes_are))
        steps = ("tally", "counting", "household_ballots", "no_quorum", "closed", "opened", "postponed", "list_frozen")
        reached = [name for name, is_so in later if is_so] + [name for name in steps if s.get(name) == "value"]
        word = reached[0] if reached else "planned"
        return "interrupted" if word == "opened" and self.paused else {"tally": "tallied"}.get(word, word)
