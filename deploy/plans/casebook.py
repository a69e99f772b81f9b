"""casebook - one election as make-case tells it: its plan, what is entered, and what must stand at the end.

An Election has units, contests and a day; each Ballot (one place's vote on one contest) remembers what was
last stated and holds. What is expected is computed here from that, by the rules of the texts and by nothing of
the programs. Hours are those of a real day; the played clock takes `pace` seconds for each of them.
"""
import copy
import json
import random

import caseplan
from casevote import Ballot
from making import MARK, clock, hundredths, line_of, people

DAY = 24 * 3600
MAJORITY, CONFIDENCE, CELL = "majority", "confidence", "cell"
RULES = {"nqlt09-2008": MAJORITY, "nd59-2023": MAJORITY, "party-cell-244": CELL, "party-cell-190": CELL,
         "confidence-96-qdtw": CONFIDENCE}
EXCUSED = ("elsewhere", "exempt", "suspended", "absent")


class Election:
    def __init__(self, a, label, title, pace, cutoffs, first_hour=6.5):
        """cutoffs: (name, hour, grace in seconds)."""
        self.a, self.label, self.title, self.pace, self.cutoffs = a, label, title, pace, cutoffs
        self.first_hour, self.version = first_hour, 1
        self.rng = random.Random(f"{a.seed} {label}")
        self.levels, self.targets, self.categories, self.profiles = [], [], [], ""
        self.units, self.contests, self.candidates, self.ballots = {}, {}, {}, {}
        self.lines, self.numbers, self.incidents, self.plans = [], 0, {}, {}
        self.rules = dict(RULES)
        self.checks, self.matters = {}, {}  # matters: act -> commune, and what a screen must show of it

    # ---- time ----

    def seconds(self, hour):
        """When an hour is played, in seconds behind the start. -17: 7:00 of the day before; whole days are real."""
        days, hour = divmod(hour, 24)
        return days * DAY + (hour - self.first_hour) * self.pace

    def ms(self, seconds):
        return self.a.start * 1000 + round(seconds * 1000)

    def moment(self, hour):
        """For the plan, which knows whole seconds."""
        return clock(self.a.start + round(self.seconds(hour)))

    # ---- what there is ----

    def unit(self, code, parent, level, name, **more):
        if level not in self.levels:
            self.levels.append(level)
        self.units[code] = {"parent": parent, "level": level, "name": name, "place": "no", "opens": None,
                            "closes": None, **more}
        return code

    def place(self, code, parent, level, name, opens, closes, **more):
        return self.unit(code, parent, level, f"{name} {MARK}", place="yes", opens=opens, closes=closes, **more)

    def contest(self, code, name, kind, place, candidates, voters, **more):
        """candidates: names, or rows with name, key and traits. One contest voted on at one place."""
        self.contests[code] = {"name": name, "kind": kind, "unit": place, "profile": "nqlt09-2008", "seats": 1,
                               "repeats": "", "paper": "", "person": "", "method": "", **more}
        rows = [c if isinstance(c, dict) else {"name": f"{c} {MARK}", "key": ""} for c in candidates]
        self.candidates[code] = rows
        self.ballots[code] = Ballot(self, place, code, voters)
        return self.ballots[code]

    def person(self):
        return f"{people(self.rng, 1)[0]} {MARK}"

    def number(self, kind):
        self.numbers += 1
        return f"{self.numbers:02}/{kind}"

    def of(self, commune):
        """The ballots of a commune, in their order."""
        return [b for b in self.ballots.values() if self.units[b.place]["parent"] == commune]

    def communes(self):
        above = {u["parent"] for u in self.units.values() if u["place"] == "yes"}
        return [code for code in self.units if code in above]

    def hub_of(self, commune):
        return self.units[commune]["parent"]

    # ---- what is said ----

    def act(self):
        return f"{self.rng.getrandbits(62) | 1:016x}"

    def say(self, commune, hour, kind, at=None, act=None, **fields):
        """A statement at the commune's node; a hour with an offset of its own keeps its order. Its act."""
        act = act or self.act()
        entered = max(0, self.seconds(hour))
        form = {"kind": kind, "act": act, **fields, "at": self.ms(self.seconds(hour if at is None else at))}
        line = {"at": round(entered, 3), "commune": commune, "form": line_of(form)}
        if kind != "incident" and self.is_restricted(fields.get("contest")):
            line["local"] = True
        self.lines.append(line)
        return act

    def is_restricted(self, contest):
        return contest in self.contests and self.rules[self.contests[contest]["profile"]] != MAJORITY

    def tell(self, hub, commune, hour, kind, **fields):
        """A word of a hub about a unit directly below it."""
        act = fields.pop("act", None) or self.act()
        form = {"about": commune, "kind": kind, "act": act, **fields, "at": self.ms(self.seconds(hour))}
        self.lines.append({"at": round(max(0, self.seconds(hour)), 3), "hub": hub, "form": line_of(form)})
        return act

    def incident(self, commune, hour, place, category, severity, text, state=1, replaces=None, at=None, actor=""):
        """Open until a later one replaces it with state 3."""
        more = {"replaces": replaces} if replaces else {}
        act = self.say(commune, hour, "incident", at, place=place, category=category, severity=severity,
                       state=state, actor=actor, text=f"{text} {MARK}", **more)
        self.matter(act, commune, "incident", replaces, text=f"{text} {MARK}", state=state)
        self.incidents.pop(replaces, None)
        if state != 3:
            self.incidents[act] = (commune, severity)
        return act

    def complaint(self, ballot, hour, sort, state, text, replaces=None, passed_to="", actor=""):
        """sort: 1 complaint, 2 denunciation, 3 other; state: 1 received, 2 in hand, 3 settled, 4 passed on."""
        more = {"replaces": replaces} if replaces else {}
        act = ballot.say(hour, "complaint", sort=sort, state=state, passed_to=passed_to, actor=actor,
                         text=f"{text} {MARK}", **more)
        self.matter(act, self.units[ballot.place]["parent"], "complaint", replaces, text=f"{text} {MARK}",
                    state=state, passed_to=passed_to)
        return act

    def matter(self, act, commune, kind, replaces=None, **shown):
        """What somebody must look at, until another takes its place."""
        self.matters.pop(replaces, None)
        self.matters[act] = (commune, {"kind": kind, **shown})

    def situation(self, commune, hour, cutoff, text="", **aspects):
        given = {"order": 1, "weather": 1, "roads": 1, "lines": 1, **aspects}
        more = {"text": f"{text} {MARK}"} if text else {}
        act = self.say(commune, hour, "situation", cutoff=cutoff, **given, **more)
        self.matter(act, commune, "situation", cutoff=cutoff, **given)

    def ready(self, commune, hour=-8):
        self.say(commune, hour, "ready", decision=self.number("QĐ-UBND"))

    def do(self, hour, **what):
        """Something between statements: all before it is entered, then it is done, then the day goes on."""
        self.lines.append({"at": round(self.seconds(hour), 3), **what})

    def look(self, hour, until):
        """What is due at this hour is looked at, if the machine gets there before the other."""
        self.do(hour, due=self.due(hour), until=round(self.seconds(until), 3))

    # ---- a day as usual ----

    def due_hour(self, place, cutoff):
        """When turnout is due there, or None: the rule of the plan in hours."""
        u, hour = self.units[place], self.cutoffs[cutoff - 1][1]
        own = u.get("dues", {})
        if cutoff in own:
            return own[cutoff]
        hour += u["opens"] // 24 * 24
        if hour > u["opens"]:
            return hour
        return u["closes"] if cutoff == len(self.cutoffs) else None

    def voting(self, b, attended, share_at=None):
        """Opened, a figure at each cut-off that is due, closed."""
        u, rng = self.units[b.place], self.rng
        opens, closes, before = u["opens"], u["closes"], 0
        b.frozen()
        b.step(opens + rng.uniform(0.02, 0.3), "opened")
        for i in range(1, len(self.cutoffs) + 1):
            due = self.due_hour(b.place, i)
            if due is None:
                continue
            part = min(1, max(0.05, (due - opens) / (closes - opens)))
            voted = attended if part == 1 else min(attended, max(before, int(attended * part ** 0.5)))
            b.vote(due + rng.uniform(0.03, 0.3), i, voted)
            before = voted
        b.step(closes + rng.uniform(0.31, 0.4), "closed")

    def numbers_of(self, b, attended, votes, invalid=0, hands=False, spoiled=0):
        """All that the minutes of a count say, right in itself."""
        if hands:
            return {"eligible": b.listed(), "attended": attended, "votes": votes,
                    "written": [hundredths(v, b.listed()) for v in votes]}
        printed = b.voters + max(2, b.voters // 20)
        return {"eligible": b.listed(), "attended": attended, "printed": printed, "issued": attended + spoiled,
                "spoiled": spoiled, "unused": printed - attended - spoiled, "returned": attended,
                "valid": attended - invalid, "invalid": invalid, "blank": invalid // 2, "total": sum(votes),
                "votes": votes, "written": [hundredths(v, b.listed()) for v in votes]}

    def counting(self, b, numbers, hour=None, decision="recognised"):
        """Counted at once at the place; minutes; the commune's decision."""
        hour = hour or self.units[b.place]["closes"] + 0.45
        b.step(hour, "counting")
        b.count(hour + self.rng.uniform(0.2, 0.6), **numbers)
        b.minutes(hour + self.rng.uniform(0.65, 0.8))
        if decision:
            b.decide(hour + self.rng.uniform(0.85, 1.2), decision)

    def usual(self, b, first=None):
        """A day on which nothing happens. `first`: part of the valid votes for the first candidate."""
        rng, hands = self.rng, self.contests[b.contest]["method"] == "show_of_hands"
        attended = int(b.voters * rng.uniform(0.8, 1))
        invalid = 0 if hands else rng.randint(0, attended // 40)
        valid, n = attended - invalid, len(self.candidates[b.contest])
        votes = [int(valid * (first or rng.uniform(0.7, 0.95)))]
        votes = votes + [valid - votes[0]] if n > 1 else votes[:1]
        if n > 1 and rng.random() < 0.4:
            votes.reverse()
        if n == 1:  # one name: who did not mark it voted against
            valid, invalid = votes[0], attended - votes[0]
        self.voting(b, attended)
        self.counting(b, self.numbers_of(b, attended, votes, invalid, hands, rng.choice((0, 0, 0, 1, 2))))

    # ---- what is expected ----

    def outcome(self, code):
        contest, b, t = self.contests[code], self.ballots[code], self.ballots[code].counted()
        n = len(self.candidates[code])
        found = {"votes": {str(i): 0 for i in range(1, n + 1)}, "outcome": "open", "elected": [], "tallied": 0}
        if t is None:
            return found
        votes = t["votes"]
        found["votes"].update({str(i): v for i, v in enumerate(votes, 1)})
        found["tallied"] = 1
        rule = self.rules[contest["profile"]]
        if rule == CONFIDENCE:
            low, base = votes[-1], t["returned"]
            found["outcome"] = "lowest" if 3 * low >= 2 * base else "low" if 2 * low > base else "confidence"
            return found
        base = b.listed() if rule == MAJORITY else t["summoned"] - sum(t.get(x, 0) for x in EXCUSED)
        if rule == MAJORITY and 2 * t["attended"] <= base:
            return {**found, "outcome": "no_quorum"}
        return {**found, **self.seats(votes, contest["seats"], base)}

    @staticmethod
    def seats(votes, seats, base):
        """Those above half of the base, by most votes; equal votes for the last seat elect nobody of them."""
        able = [(v, i) for i, v in enumerate(votes, 1) if 2 * v > base]
        sure = [i for v, i in able if sum(w >= v for w, _ in able) <= seats]
        tied = [i for v, i in able if i not in sure and sum(w > v for w, _ in able) < seats]
        word = ("tie" if tied else "not_elected" if not sure else "partly" if len(sure) < seats else "elected")
        return {"outcome": word, "elected": sure}

    def above(self, code):
        while code:
            yield code
            code = self.units[code]["parent"]

    def totals(self):
        kinds = sorted({c["kind"] for c in self.contests.values()})
        zero = {name: [0] * len(self.cutoffs) if name == "turnout" else 0
                for name in next(iter(self.ballots.values())).share()}
        totals = {code: {kind: copy.deepcopy(zero) for kind in kinds}
                  for code, u in self.units.items() if u["place"] == "no"}
        for code, b in self.ballots.items():
            for unit in self.above(self.units[b.place]["parent"]):
                total = totals[unit][self.contests[code]["kind"]]
                for name, value in b.share().items():
                    total[name] = ([x + y for x, y in zip(total[name], value)] if name == "turnout"
                                   else total[name] + value)
        return totals

    def open_incidents(self):
        found = {code: {"incidents": 0, "severe": 0} for code, u in self.units.items() if u["place"] == "no"}
        for commune, severity in self.incidents.values():
            for unit in self.above(commune):
                found[unit]["incidents"] += 1
                found[unit]["severe"] += severity >= 3
        return found

    def quarantine(self):
        """What is in no total, each line once: a conflict has no reason but that there are two."""
        kind = lambda fact: fact.split()[0] if fact.split()[0] in ("turnout", "tally") else "step"
        return [[b.place, b.contest, kind(fact), state, sorted(reasons)]
                for b in self.ballots.values() for state, facts in (
                    ("quarantined", b.held.items()), ("conflict", ((fact, ()) for fact in b.in_conflict)))
                for fact, reasons in facts]

    def due(self, by=24):
        """How many votes owe a figure of each cut-off by this hour of the played day."""
        found = {code: {} for code, u in self.units.items() if u["place"] == "no"}
        for code, b in self.ballots.items():
            for unit in self.above(self.units[b.place]["parent"]):
                n = found[unit].setdefault(self.contests[code]["kind"], [0] * len(self.cutoffs))
                for i in range(len(n)):
                    hour = self.due_hour(b.place, i + 1)
                    n[i] += hour is not None and hour < by
        return found

    def expected(self):
        return {
            "label": self.label, "start": self.a.start, "top": next(iter(self.units)), "version": self.version,
            "units": self.totals(), "incidents": self.open_incidents(),
            "contests": {code: self.outcome(code) for code in self.contests},
            "ballots": {code: {"place": b.place, **b.stands()} for code, b in self.ballots.items()},
            "quarantine": self.quarantine(), "due": self.due(),
            "matters": {act: {"commune": commune, **shown} for act, (commune, shown) in self.matters.items()},
            "restricted": sorted(code for code in self.contests if self.is_restricted(code)), **self.checks,
        }

    # ---- files ----

    def keep_plan(self):
        """The plan as it is now: what is written for this version."""
        self.plans[self.version] = copy.deepcopy({name: getattr(self, name) for name in
            ("label", "title", "version", "levels", "cutoffs", "targets", "categories", "profiles", "units",
             "contests", "candidates")} | {"voters": {code: b.voters for code, b in self.ballots.items()}})

    def next_plan(self):
        """The plan so far is version n; what changes from here on stands in n + 1."""
        self.keep_plan()
        self.version += 1

    def write(self, out):
        self.keep_plan()
        for version, plan in self.plans.items():
            folder = out if version == 1 else out / f"version{version}"
            folder.mkdir(parents=True, exist_ok=True)
            caseplan.write_settings(folder, plan, self.moment)
            caseplan.write_tables(folder, plan, self.moment)
        self.lines.sort(key=lambda line: line["at"])
        with open(out / "day.jsonl", "w", encoding="utf-8") as f:
            f.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in self.lines)
        text = json.dumps(self.expected(), ensure_ascii=False, indent=1)
        (out / "expected.json").write_text(text + "\n", encoding="utf-8")
