#!/usr/bin/env python3
"""bad_rules.py - what statements of one place's contest cannot be beside each other, or are not their author's to make:
held back with the reason, told at once in both languages, counted as soon as what was in the way is gone."""
import time

import lib
from lib import daemons

HOUR = 3600 * 1000
BEGUN = int(time.time() * 1000) - 12 * HOUR  # when the day's places opened
PARENTS = 'far\n    like = "nqlt09-2008"\n    decides = "parent"\n'
NUMBERS = {"attended": 50, "issued": 50, "returned": 50, "valid": 48, "invalid": 2}


def at(hour):
    return BEGUN + int(hour * HOUR)


def insert(folder, name, column, values, default=""):
    """A column more in a table of the plan; values: what its line begins with -> the field."""
    lines = (folder / name).read_text("utf-8").splitlines()
    more = [next((v for begins, v in values.items() if line.startswith(begins)), default) for line in lines[1:]]
    lines = [f"{lines[0]},{column}", *(f"{line},{field}" for line, field in zip(lines[1:], more))]
    (folder / name).write_text("\n".join(lines) + "\n", "utf-8")


def append(folder, name, *lines):
    with open(folder / name, "a", encoding="utf-8") as f:
        f.write("".join(line + "\n" for line in lines))


class Places:
    """A commune of seven places, each of which is for one rule."""

    def __init__(self, world):
        plan = world.home / "tree" / "plan"
        plan.parent.mkdir()
        daemons.make_drill(plan, "--districts", lib.HUB, "--communes", 1, "--places", "7-7", "--cutoffs", 2)
        codes = [line.split(",")[0] for line in (plan / "voters.csv").read_text("utf-8").splitlines()[1:]]
        self.order, self.fall, self.hands, self.list, self.decides, self.paper, self.check = codes
        append(plan, "contests.csv", f"{self.paper}-HAI,Việc thứ hai,head,{self.paper},nqlt09-2008,1")
        append(plan, "candidates.csv", *(f"{self.paper}-HAI,{n},,Người {n}" for n in (1, 2)))
        append(plan, "voters.csv", f"{self.paper},{self.paper}-HAI,300")
        insert(plan, "contests.csv", "paper", {self.paper: "T1"})
        insert(plan, "voters.csv", "method", {self.hands: "show_of_hands"})
        (plan / "profiles.zpl").write_text(PARENTS, "utf-8")
        text = (plan / "contests.csv").read_text("utf-8").splitlines()
        text = [x.replace("nqlt09-2008", "far") if x.startswith(self.decides) else x for x in text]
        (plan / "contests.csv").write_text("\n".join(text) + "\n", "utf-8")
        self.tree = daemons.Tree(plan, plan.parent, lib.QUICK)
        world.trees.append(self.tree)
        self.tree.start()
        for hub in self.tree.hubs:
            lib.write_people(hub)
        self.node, self.hub, self.top = self.tree.nodes[0], self.tree.at[lib.HUB], self.tree.top

    def say(self, place, kind, hour, **fields):
        """The rules that it fails, by name."""
        line = lib.form(kind=kind, place=place, at=at(hour), **{"contest": f"{place}-TT", "act": lib.new_act(), **fields})
        (said,) = lib.say(self.node, line)
        check_words(said["findings"])
        return said["act"], {f["rule"] for f in said["findings"]}

    def held(self, *acts):
        """Those, each with its reasons, are all that is held back, at the node and at the top."""
        want = {act: set(reasons) for act, reasons in acts}

        def same():
            return all({i["act"]: set(i["reasons"]) for i in d.get("/api/quarantine")["items"]} == want
                       for d in (self.node, self.top))
        try:
            lib.settle(self.tree, same)
        except lib.Trouble as e:
            raise AssertionError(f"held back should be {want}: {self.top.get('/api/quarantine')['items']}") from e

    def ballot(self, place, contest="TT"):
        children = self.top.get(f"/api/state?unit={place[:5]}")["children"]
        ballots = next(c for c in children if c["code"] == place)["ballots"]
        return next(b for b in ballots if b["contest"] == f"{place}-{contest}")

    def voters(self, place):
        return self.ballot(place)["frozen"]


def check_words(findings):
    """Every finding has its inputs, a formula where the rule has one, and a sentence in each language."""
    for f in findings:
        assert f["words"] and f["words_en"] and f["words"] != f["words_en"], f
        assert "{" not in f["words"] + f["words_en"], f"a place was not filled: {f}"
        assert f["formula"] or not f["rule"].startswith("F"), f


def tally(p, place, hour, votes="1:30,2:18", **more):
    return p.say(place, "tally", hour, votes=votes, **{**NUMBERS, **more})


def order(p):
    """Opened and closed at the same moment hold back both; what is before what must come first, itself."""
    place, again = p.order, {"replaces": "last", "why": "Nhầm giờ"}
    opened, found = p.say(place, "step", 0, what="opened")
    assert not found, found
    closed, found = p.say(place, "step", 0, what="closed")
    assert found == {"order"}, found
    p.held((opened, {"order"}), (closed, {"order"}))
    assert lib.total(p.top)["opened"] == lib.total(p.top)["closed"] == 0
    _, found = p.say(place, "step", 9, what="closed", **again)
    assert not found, found
    p.held()
    assert lib.total(p.top)["opened"] == lib.total(p.top)["closed"] == 1
    early, found = tally(p, place, 8.5)
    assert found == {"order"}, found
    turnout, found = p.say(place, "turnout", -1, cutoff=1, voted=20)
    assert found == {"order"}, found
    p.held((early, {"order"}), (turnout, {"order"}))
    assert lib.total(p.top)["tallied"] == 0 and lib.total(p.top)["turnout"][0]["voted"] == 0
    for act in (early, turnout):
        check_release(p, act, "order")
    p.held()
    assert lib.total(p.top)["tallied"] == 1 and lib.total(p.top)["turnout"][0]["voted"] == 20


def check_release(p, act, rules):
    """By another person than the one who entered it, and by nobody else."""
    words = ("release", act, "--unit", p.node.unit, "--rules", rules, "--why", "đã kiểm tra", "--dir", p.hub.dir, "--as")
    code, out, err = lib.try_command(p.hub.program, *words, lib.PERSON)
    assert code == 1 and "cannot release" in out + err, f"{code} {out} {err}"
    code, out, err = lib.try_command(p.hub.program, *words, lib.OTHER)
    assert code == 0, f"{code} {out} {err}"


def fall(p):
    """Fewer than at an earlier cut-off: the later one is held back, until either is made right."""
    place = p.fall
    p.say(place, "turnout", 3, cutoff=1, voted=50)
    second, found = p.say(place, "turnout", 6, cutoff=2, voted=40)
    assert found == {"fall"}, found
    p.held((second, {"fall"}))
    assert [t["state"] for t in p.ballot(place)["turnout"]] == ["value", "quarantined"]
    p.say(place, "turnout", 3, cutoff=1, voted=40, replaces="last", why="Đếm lại")
    p.held()
    assert [t["voted"] for t in p.ballot(place)["turnout"]] == [40, 40]


def hands(p):
    """F9: a show of hands states no ballots, and no more hands than people."""
    place, again = p.hands, {"replaces": "last", "why": "Giơ tay"}
    assert p.ballot(place)["method"] == "show_of_hands"
    papers, found = tally(p, place, 10)
    assert "F9" in found, found
    p.held((papers, {"F9"}))
    more, found = p.say(place, "tally", 10, votes="1:30,2:21", attended=50, **again)
    assert "F9" in found, found
    p.held((more, {"F9"}))
    p.say(place, "tally", 10, votes="1:30,2:20", attended=50, **again)
    p.held()
    assert p.ballot(place)["tally"]["state"] == "value"


def frozen_list(p):
    """F10: other voters than on the frozen list, and F1 against it, unless a change of the list until then says why."""
    place, n = p.list, p.voters(p.list)
    other, found = p.say(place, "turnout", 3, cutoff=1, voted=20, eligible=n + 5)
    assert found == {"F10"}, found
    more, found = p.say(place, "turnout", 6, cutoff=2, voted=n + 3)
    assert found == {"F1"}, found
    p.held((other, {"F10"}), (more, {"F1"}))
    p.say(place, "list_change", 4, added=5)  # after the first figure: it explains only the second
    p.held((other, {"F10"}))
    p.say(place, "list_change", 2, added=5)
    p.say(place, "list_change", 2.5, removed=0)
    p.held()
    assert p.ballot(place)["voters"] == n + 10 and p.ballot(place)["frozen"] == n
    stale, found = p.say(place, "tally", 10, votes="1:30,2:18", eligible=n, **NUMBERS)
    assert "F10" in found, found
    p.held((stale, {"F10"}))
    check_release(p, stale, "F10")
    p.held()


def shown_only(p):
    """F12: a percentage that the numbers do not give is told and shown, and the tally counts."""
    before = lib.total(p.top)["tallied"]
    _, found = tally(p, p.fall, 10, written="1:6250,2:5000", eligible=p.voters(p.fall))
    assert "F12" in found, found
    p.held()
    assert lib.total(p.top)["tallied"] == before + 1
    assert p.ballot(p.fall)["tally"]["state"] == "value"


def decides(p):
    """A decision is its author's by the profile, or spoken for with the document; it has number, date and signatory."""
    place = p.decides
    paper = {"number": "12/QĐ-UBND", "date": "22/05/2022", "signatory": "Người Ký"}
    own, found = p.say(place, "decision", 12, what="recognised", **paper)
    assert found == {"decides"}, found
    p.held((own, {"decides"}))
    code, out, err = lib.try_command(p.hub.program, "release", own, "--unit", p.node.unit, "--rules", "decides", "--why",
                                     "x", "--as", lib.OTHER, "--dir", p.hub.dir)
    assert code == 1 and "cannot be released" in out + err, f"{code} {out} {err}"
    _, found = p.say(place, "decision", 12, what="recognised", behalf="Ủy ban xã", replaces="last", why="Thay mặt", **paper)
    assert not found, found
    p.held()
    assert p.ballot(place)["decision"] == "recognised"
    bare, found = p.say(p.order, "decision", 12, what="recognised", number="12/QĐ-UBND")
    assert "decision" in found, found
    p.held((bare, {"decision"}))
    p.say(p.order, "decision", 12, what="on_hold", signatory="Người Ký", replaces="last", why="Chờ văn bản")
    p.held()
    line = lib.form(kind="decision", about=p.node.unit, place=p.fall, contest=f"{p.fall}-TT", act=lib.new_act(),
                    at=at(12), what="recognised", **paper)
    (said,) = lib.say_of(p.hub, line)  # the node decides this one: not for its parent to say
    assert {f["rule"] for f in said["findings"]} == {"decides"}, said
    check_words(said["findings"])
    p.held((said["act"], {"decides"}))
    line = lib.form(kind="decision", about=p.node.unit, place=p.fall, contest=f"{p.fall}-TT", act=lib.new_act(), at=at(12),
                    what="recognised", behalf="Ủy ban xã", replaces="last", why="Thay mặt", **paper)
    lib.say_of(p.hub, line)
    p.held()


def one_paper(p):
    """Contests on one paper state the same ballots: where they do not, neither counts."""
    place = p.paper
    first, found = tally(p, place, 10)
    assert "paper" not in found, found
    second, found = tally(p, place, 10, contest=f"{place}-HAI", returned=49, valid=47, votes="1:30,2:17", issued=50)
    assert "paper" in found, found
    p.held((first, {"paper"}), (second, {"paper"}))
    tally(p, place, 10, contest=f"{place}-HAI", votes="1:10,2:38", replaces="last", why="Đếm lại")
    p.held()
    assert {p.ballot(place, c)["tally"]["state"] for c in ("TT", "HAI")} == {"value"}


# What one paper can have wrong at once, with the two sides of each rule.
ALL_WRONG = {"eligible": 40, "attended": 50, "printed": 70, "issued": 60, "spoiled": 2, "unused": 5, "returned": 59,
             "valid": 30, "invalid": 31, "blank": 32, "votes": "1:31,2:0", "total": 33, "written": "1:9999"}
FOUND = {"F1": (50, 40), "F2": (58, 50), "F3": (59, 58), "F5": (61, 59), "F6": (31, 30), "F8": (70, 65),
         "F12": (9999, 7750), "total": (33, 31), "all_one": (31, 31)}


def all_at_once(p):
    """Everything that fails is told at once, with both sides; a check tells the same and records nothing."""
    fields = {"kind": "tally", "place": p.check, "contest": f"{p.check}-TT", "at": at(10), "act": lib.new_act(), **ALL_WRONG}
    before = p.node.get("/api/state")["log"]["n"]
    for n in range(3):
        status, reply = p.node.post("/api/check", lib.form(**fields))
        assert status == 200, reply
    (checked,) = reply["said"]
    assert checked["need"] is not None and "n" not in checked, checked
    assert p.node.get("/api/state")["log"]["n"] == before, "a check was recorded"
    assert p.ballot(p.check)["tally"]["state"] == "missing"
    p.held()
    n = p.voters(p.check)
    want = {**FOUND, "F10": (40, n)}
    found = {f["rule"]: (f["left"], f["right"]) for f in checked["findings"] if f["left"] != 32}
    assert found == want, f"{found} instead of {want}"
    assert [f["rule"] for f in checked["findings"] if f["left"] == 32] == ["F5"], checked  # more blank than invalid ones
    check_words(checked["findings"])
    holds = {f["rule"] for f in checked["findings"] if f["holds"]}
    assert holds == {"F1", "F2", "F3", "F5", "F6", "F10"}, holds
    (said,) = lib.say(p.node, lib.form(**fields))
    assert said["findings"] == checked["findings"], f"{said} after {checked}"
    p.held((said["act"], {"F1", "F2", "F3", "F5", "F6", "F10"}))
    assert p.node.get("/api/state")["log"]["n"] > before


def test(world):
    p = Places(world)
    for part in (order, fall, hands, frozen_list, shown_only, decides, one_paper, all_at_once):
        part(p)
    lib.check_no_forks(p.tree)
    lib.verify_all(p.tree)
    return "order, fall, F9, F10, F12, decisions, one paper, all at once"


lib.run(test)
