"""entering - clerks and district desks who enter without pause, and what must stand once all is in.

A Place knows what its next statement is and, when that was taken, what stands. A Clerk enters at one node; a Desk says
at its hub what communes tell by telephone. Each notes every accepted statement by its act.
"""
import collections
import http.client
import threading
import time

import lib
from lib import daemons

MINUTE, DAY = 60_000, 86_400_000
EVERYTHING, INCIDENTS, NOTHING = "everything", "incidents", "nothing"  # what a speaker may enter
PHONED = 3  # the cut-off whose figure comes by telephone


class Place:
    """One village's day: opened, turnouts, closed, count, and then corrections of all that for as long as it takes."""

    def __init__(self, code, voters, chance, skew):
        self.code, self.voters, self.chance = code, voters, chance
        self.came = chance.randint(voters // 2, voters - 1)
        self.morning = int(time.time() * 1000) - 10 * 60 * MINUTE + skew
        self.turnout, self.incidents, self.newest = {}, 0, None
        self.opened = self.closed = 0
        self.tally, self.held = None, 0
        self.stage = 0

    def line(self, minute, **fields):
        """A statement of the village's time, and its act."""
        act = lib.new_act()
        return act, lib.form(place=self.code, act=act, at=self.morning + minute * MINUTE, **fields)

    def next(self, only_incidents=False):
        """(line, what it changes once it is taken)."""
        if only_incidents or self.chance.random() < 0.4:
            return self.incident()
        day = (self.open, lambda: self.count_voters(1), lambda: self.count_voters(2), self.close, self.count)
        if self.stage < len(day):
            return day[self.stage]()
        return self.chance.choice((day[1], day[2], self.count, self.count))()

    def forward(self, stage):
        self.stage = max(self.stage, stage)

    def incident(self):
        """Now and then the newest one is told again, in other words."""
        fields = {"kind": "incident", "category": 1, "severity": 1, "state": 1, "text": "Mất điện"}
        if self.newest and self.chance.random() < 0.2:
            _, line = self.line(100, **fields, replaces=self.newest, why="rõ hơn")
            self.newest = None
            return line, lambda: None
        act, line = self.line(self.chance.randint(10, 500), **fields)

        def taken():
            self.incidents += 1
            self.newest = act
        return line, taken

    def open(self):
        def taken():
            self.opened = 1
            self.forward(1)
        return self.line(0, kind="step", what="opened")[1], taken

    def close(self):
        def taken():
            self.closed = 1
            self.forward(4)
        return self.line(200, kind="step", what="closed")[1], taken

    def figure(self, cutoff):
        """Each cut-off has its own quarter of those who came, so that no correction makes figures fall."""
        return self.chance.randint(self.came * cutoff // 4, self.came * (cutoff + 1) // 4)

    def count_voters(self, cutoff):
        voted = self.figure(cutoff)

        def taken():
            self.turnout[cutoff] = voted
            self.forward(cutoff + 1)
        return self.line(60 * cutoff, kind="turnout", cutoff=cutoff, voted=voted, replaces="last", why="đếm lại")[1], taken

    def count(self):
        """One in five contradicts itself, and is meant to be held back until the next."""
        wrong = 3 if self.chance.random() < 0.2 else 0
        invalid = self.chance.randint(0, self.came // 20)
        valid = self.came - invalid
        first = self.chance.randint(valid // 4, valid * 3 // 4)
        votes = (first, valid - first - wrong)

        def taken():
            self.tally = None if wrong else {"attended": self.came, "valid": valid, "invalid": invalid, "votes": votes}
            self.held = int(wrong > 0)
            self.forward(5)
        return self.line(230, kind="tally", eligible=self.voters, attended=self.came, issued=self.came,
                         returned=self.came, valid=valid - wrong, invalid=invalid,
                         votes=f"1:{votes[0]},2:{votes[1]}", replaces="last", why="kiểm lại")[1], taken

    def sums(self):
        count = self.tally or {"attended": 0, "valid": 0, "invalid": 0}
        return {"opened": self.opened, "closed": self.closed, "tallied": int(self.tally is not None),
                "incidents": self.incidents, "quarantined": self.held, "conflicts": 0,
                **{name: count[name] for name in ("attended", "valid", "invalid")},
                **{f"turnout {i}": self.turnout.get(i, 0) for i in (1, 2, PHONED)}}

    def differences(self, ballot):
        """From what a tier shows of the place, as sentences."""
        found = []
        for i in (1, 2, PHONED):
            there = ballot["turnout"][i - 1]
            if there["voted"] != self.turnout.get(i) or there["state"] not in ("value", "missing"):
                found.append(f"{self.code}: turnout {i} is {there}, entered {self.turnout.get(i)}")
        state = "quarantined" if self.held else "value" if self.tally else "missing"
        there = ballot["tally"]
        if there["state"] != state:
            found.append(f"{self.code}: the count is {there['state']}, not {state}: {there['reasons']}")
        elif self.tally and [there["valid"], there["invalid"], *there["votes"]] != [
                self.tally["valid"], self.tally["invalid"], *self.tally["votes"]]:
            found.append(f"{self.code}: the count is {there}, entered {self.tally}")
        return found


class Speaker(threading.Thread):
    """Enters at one daemon until told to end. What was not answered is sent once more under the same acts, as a form
    would; what an old store may lack is not corrected before it is there again."""

    def __init__(self, daemon, chance, pause):
        super().__init__(daemon=True)
        self.daemon_, self.chance, self.pause = daemon, chance, pause
        self.accepted, self.repeats, self.refused = [], 0, 0
        self.may, self.busy, self.ending, self.trouble = EVERYTHING, threading.Lock(), False, None

    def run(self):
        try:
            while not self.ending:
                with self.busy:
                    if self.may != NOTHING:
                        self.enter()
                time.sleep(self.chance.uniform(0.5, 1.5) * self.pause)
        except Exception as e:
            self.trouble = e

    def quiet(self):
        """It may enter nothing, and what it had begun has been answered."""
        if self.may != NOTHING or not self.busy.acquire(blocking=False):
            return False
        self.busy.release()
        return True

    def enter(self):
        lines, taken = self.next()
        while not self.post("\n".join(lines)):
            if self.ending and not self.daemon_.process:
                return
            time.sleep(0.03)
        self.accepted += lib.acts_in(lines)
        for change in taken:
            change()

    def post(self, body):
        try:
            status, reply = self.send(body)
        except (OSError, http.client.HTTPException):
            self.repeats += 1  # no answer: it may have been recorded or not
            return False
        if status == 503:  # no room on its disk, no plan yet, or it waits for its parent
            self.refused += 1
            return False
        if status != 200:
            raise lib.Trouble(f"{self.daemon_.name()}: {status} {reply}\n{body}")
        return True

    def finish(self):
        self.ending = True
        self.join(daemons.DEADLINE)
        if self.trouble:
            raise self.trouble
        assert not self.is_alive(), f"who enters at {self.daemon_.name()} does not end"


class Clerk(Speaker):
    def __init__(self, node, chance, pause, skew=0):
        super().__init__(node, chance, pause)
        state = node.get("/api/state")
        self.places = [Place(p["code"], p["ballots"][0]["voters"], chance, skew) for p in state["places"]]
        self.skewed = skew != 0

    def next(self):
        place = self.chance.choice(self.places)
        only = self.may == INCIDENTS
        some = [place.next(only)]
        some += [place.incident() for _ in range(self.chance.choice((0, 0, 1, 2)) if place.stage else 0)]
        return [line for line, _ in some], [taken for _, taken in some]

    def send(self, body):
        if self.daemon_.port is None:
            raise OSError("it starts")
        return self.daemon_.post("/api/say", body)


class Desk(Speaker):
    """Of a hub: the last cut-off's figures, told by telephone."""

    def __init__(self, hub, clerks, chance, pause):
        super().__init__(hub, chance, pause)
        self.clerks, self.of = [c for c in clerks if not c.skewed], {}

    def next(self):
        clerk = self.chance.choice(self.clerks)
        place = self.chance.choice(clerk.places)
        voted = place.figure(PHONED)
        act, line = place.line(180, kind="turnout", cutoff=PHONED, voted=voted, about=clerk.daemon_.unit, how="phone",
                               behalf="chị Lan", replaces="last", why="nghe nhầm")
        self.of[act] = clerk.daemon_.unit
        return [line], [lambda: place.turnout.__setitem__(PHONED, voted)]

    def send(self, body):
        return self.daemon_.exchange(daemons.UnixConnection(self.daemon_.dir / "api.sock"), "POST", "/api/say", body)


# ---- once all is in ----

def check_acts(tree, speakers):
    """By one reading of the province's logs: each act that was accepted, and no other, in no log twice."""
    said = collections.defaultdict(lambda: collections.defaultdict(collections.Counter))
    for (author, about, stream, incarnation), records in lib.logs_of(tree.top).items():
        if stream == lib.REPORTS or tree.units[about]["parent_code"] == author:
            for record in records:
                said[author][f"{record[0]:016x}"][about, stream, incarnation] += 1
    for speaker in speakers:
        who = speaker.daemon_.unit
        lost = [act for act in speaker.accepted if act not in said[who]]
        twice = [act for act, where in said[who].items() if max(where.values()) > 1]
        assert not lost, f"{len(lost)} of {len(speaker.accepted)} accepted statements of {who} are not at the top: {lost[:3]}"
        assert not twice, f"{len(twice)} statements of {who} stand twice in one log: {twice[:3]}"
        if isinstance(speaker, Clerk):
            more = set(said[who]) - set(speaker.accepted)
            assert not more, f"{len(more)} statements of {who} that nobody entered: {sorted(more)[:3]}"


def differences(tree, clerks):
    """Between what was entered and what the tiers show."""
    found = []
    for d in tree.hubs:
        below = lib.below(tree, d.unit)
        places = [p for c in clerks if c.daemon_.unit in below for p in c.places]
        sums = collections.Counter()
        for p in places:
            sums.update(p.sums())
        there = shown(lib.total(d))
        found += [f"{name} at {d.unit}: {there[name]}, entered {n}" for name, n in sums.items() if there[name] != n]
    for clerk in clerks:
        node = clerk.daemon_
        for d in (node, tree.at[tree.units[node.unit]["parent_code"]], tree.top):
            state = d.get_local("/api/state" if d is node else f"/api/state?unit={node.unit}")
            ballots = {p["code"]: p["ballots"][0] for p in state["places" if d is node else "children"]}
            found += [f"{text} at {d.unit}" for p in clerk.places for text in p.differences(ballots[p.code])]
    return found


def shown(total):
    sums = {name: v["sum"] if isinstance(v, dict) else v for name, v in total.items()}
    return {**sums, **{f"turnout {i}": t["voted"] for i, t in enumerate(total["turnout"], 1)}}
