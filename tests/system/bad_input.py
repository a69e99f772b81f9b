#!/usr/bin/env python3
"""bad_input.py - a figure that cannot be right is taken, shown with the reason and in no total, until it is corrected or
released by another person; a form that is none is refused with its line and field; a faulty plan loads nothing."""
import re
import shutil

import lib
from lib import daemons

# One ballot each of 300 voters or so: the numbers that stay within themselves.
GOOD = {"attended": 50, "issued": 50, "returned": 50, "valid": 48, "invalid": 2}


def tally(place, votes="1:30,2:18", **fields):
    fields = {"act": lib.new_act(), "votes": votes, **GOOD, **fields}
    return lib.form(kind="tally", place=place, **fields)


def quarantine(daemon):
    return {item["act"]: item for item in daemon.get("/api/quarantine")["items"]}


def totals_of(tree):
    t = lib.total(tree.top)
    return {"tallied": t["tallied"], "valid": t["valid"]["sum"], "votes": votes_at(tree.top),
            "turnout": [x["voted"] for x in t["turnout"]]}


def votes_at(hub):
    return sum(c["votes"] for k in hub.get_local("/api/results")["contests"] for c in k["candidates"])


def check_held(tree, node, line, reasons):
    """Taken, held back with the reasons at every tier, in no total."""
    before, (act,) = totals_of(tree), lib.acts_in([line])
    said = lib.say(node, line)[0]
    assert reasons <= {f["rule"] for f in said["findings"]}, f"{line}: {said}"
    assert all(f["words"] for f in said["findings"]), said
    for daemon in (node, tree.at[lib.HUB], tree.top):
        lib.wait_for(f"{daemon.name()} shows {line} with {reasons}",
                     lambda: reasons <= set(quarantine(daemon).get(act, {"reasons": []})["reasons"]))
    lib.settle(tree)
    assert totals_of(tree) == before, f"{line}: {before} became {totals_of(tree)}"
    return act


def release(hub, act, unit, rules, person=lib.OTHER):
    return lib.try_command(hub.program, "release", act, "--unit", unit, "--rules", rules, "--why", "đã kiểm tra",
                           "--as", person, "--dir", hub.dir)


def figures(tree):
    """Each kind of contradiction."""
    node, hub = tree.nodes[0], tree.at[lib.HUB]
    a, b = lib.places_of(node)
    other = lib.places_of(tree.nodes[1])[0]
    voters = lib.ballot_at(hub, a)["voters"]
    f5 = check_held(tree, node, tally(a, votes="1:29,2:18", valid=47), {"F5"})
    check_held(tree, node, tally(b, votes="1:40,2:30"), {"F6"})
    f1 = check_held(tree, node, lib.turnout(a, voters + 1), {"F1"})
    check_held(tree, node, lib.turnout(b, 10, cutoff=9), {"cutoff"})
    nowhere = check_held(tree, node, lib.turnout("9999901", 10), {"place"})
    check_held(tree, node, lib.turnout(other, 10), {"place"})
    check_held(tree, node, tally(b, contest=f"{a}-TT", replaces="last"), {"place"})
    nobody = check_held(tree, node, tally(b, votes="1:30,2:10,7:8", replaces="last"), {"candidate"})
    check_held(tree, node, tally(b, attended=voters + 5000, replaces="last"), {"F1"})
    return {"f5": f5, "f1": f1, "nowhere": nowhere, "nobody": nobody, "voters": voters, "a": a, "b": b}


def releases(tree, it):
    node, hub = tree.nodes[0], tree.at[lib.HUB]
    for act, rules, person, said in (
            (it["f5"], "F5", lib.PERSON, "cannot release"), (it["f5"], "F5", "nobody", "people.csv"),
            (it["f5"], "", lib.OTHER, "which rules"), (it["nobody"], "candidate", lib.OTHER, "cannot be released"),
            (it["nowhere"], "place", lib.OTHER, "cannot be released"), ("00000000000000aa", "F5", lib.OTHER, "no such")):
        code, out, err = release(hub, act, node.unit, rules, person)
        assert code == 1 and said in err + out, f"{rules} by {person}: {code} {out} {err}"
    code, out, err = release(hub, it["f5"], node.unit, "F1")  # another rule than the broken one
    lib.settle(tree)
    assert lib.total(tree.top)["tallied"] == 0
    for act, rules in ((it["f5"], "F5"), (it["f1"], "F1")):
        code, out, err = release(hub, act, node.unit, rules)
        assert code == 0, f"{code} {out} {err}"
    lib.settle(tree, lambda: lib.total(tree.top)["tallied"] == 1 and votes_at(tree.top) == 47
               and lib.turnout_of(tree.top, it["a"])["voted"] == it["voters"] + 1
               and lib.total(tree.top)["turnout"][0]["voted"] == it["voters"] + 1)
    for daemon in (node, hub, tree.top):
        assert not {it["f5"], it["f1"]} & set(quarantine(daemon)), daemon.name()


def corrections(tree, it):
    lib.say(tree.nodes[0], tally(it["b"], replaces="last", why="Cộng nhầm"),
            lib.turnout(it["a"], 11, replaces="last", why="Nhập nhầm số"))
    lib.settle(tree, lambda: lib.total(tree.top)["tallied"] == 2 and votes_at(tree.top) == 95
               and lib.total(tree.top)["turnout"][0]["voted"] == 11)
    assert lib.ballot_at(tree.top, it["b"])["tally"]["state"] == "value"


def one_post(tree, it):
    """A line may replace what a line before it in the same POST says: nothing of that is in conflict."""
    node, a = tree.nodes[0], it["a"]
    first = lib.say(node, *(lib.turnout(a, 20 + i, replaces="last", why="đếm lại") for i in range(40)))
    assert len({s["act"] for s in first}) == 40
    lib.say(node, lib.turnout(a, 15, cutoff=2), lib.turnout(a, 16, cutoff=2, replaces="last", why="Nhập nhầm số"))
    lib.settle(tree, lambda: [lib.turnout_of(tree.top, a, i)["voted"] for i in (1, 2)] == [59, 16]
               and lib.total(tree.top)["conflicts"] == 0)


def forms(tree):
    """Nothing of a POST is recorded when one of its lines is none."""
    node = tree.nodes[0]
    place, before = lib.places_of(node)[0], node.get("/api/state")["log"]["n"]
    good = lib.incident(place)
    for bad, field in ((tally(place, votes="1=2"), "votes"), (tally(place, votes="1:2,1:3"), "votes"),
                       (tally(place, valid="1,5"), "valid"), (tally(place, valid="-1"), "valid"),
                       (lib.form(kind="turnout", place=place, cutoff=1), "voted"),
                       (lib.turnout(place, 5, cutoff=0), "cutoff"), (lib.turnout(place, 5, act="xyz"), "act"),
                       (lib.form(kind="step", place=place, what="exploded"), "what"),
                       (lib.form(kind="rumour", place=place), "kind"), (lib.form(kind="summary", place=place), "kind"),
                       (lib.form(kind="admit", place=place), "kind"), (lib.turnout("x" * 81, 5), "place"),
                       (lib.incident(place, text="x" * 4097), "text"), (lib.turnout(place, 5, how="magic"), "how"),
                       (lib.turnout(place, 5, replaces="last,1"), "replaces"), ("%zz", ""), ("=&=", None)):
        status, reply = node.post("/api/say", "\n".join([good, bad]))
        assert status == 422 and reply["line"] == 2 and reply["error"], f"{bad}: {status} {reply}"
        assert field is None or reply["field"] == field, f"{bad}: {reply}"
    for body in ("\n".join([good] * 2001), "x" * (8 << 20)):
        try:
            status, reply = node.post("/api/say", body)
            assert status in (413, 422), f"{status} {reply}"
        except OSError:
            pass  # hung up on in the middle of what is far too long
    assert node.get("/api/state")["log"]["n"] == before, "something of a refused POST was recorded"


# ---- plans ----

def edit(folder, name, *changes):
    path = folder / name
    text = path.read_text("utf-8")
    for old, new in changes:
        assert re.search(old, text, re.M), f"{name}: no {old}"
        text = re.sub(old, new, text, count=1, flags=re.M)
    path.write_text(text, "utf-8")


def load(tree, folder):
    return lib.try_command(tree.top.program, "plan", "load", folder, "--dir", tree.top.dir, "--as", lib.PERSON)


def line_of(folder, name, word):
    return next(i for i, line in enumerate((folder / name).read_text("utf-8").splitlines(), 1) if word in line)


def plans(tree, home, it):
    version = lambda: {d.unit: d.get("/api/state")["election"]["version"] for d in tree.daemons()}
    faulty, again, swapped, better = (home / name for name in ("faulty", "again", "swapped", "better"))
    for folder in (faulty, again, swapped, better):
        shutil.copytree(tree.plan, folder)
    a, b = it["a"], it["b"]
    edit(faulty, "election.zpl", ("version = 1", "version = 2"))
    edit(faulty, "units.csv", (f"^{a},21", f"{a},nowhere21"))
    edit(faulty, "candidates.csv", (f"^{b}-TT,1,", f"{b}-TT,one,"))
    edit(faulty, "voters.csv", (f"^{b},", "9999999,"))
    edit(faulty, "contests.csv", (f"^({b}-TT,.*),1$", r"\1,many"))
    expected = [("units.csv", line_of(faulty, "units.csv", "nowhere21")),
                ("candidates.csv", line_of(faulty, "candidates.csv", ",one,")),
                ("voters.csv", line_of(faulty, "voters.csv", "9999999,")),
                ("contests.csv", line_of(faulty, "contests.csv", ",many"))]
    for code, out, err in (lib.try_command(tree.top.program, "plan", "check", faulty), load(tree, faulty)):
        said = (out + err).replace("\\n", "\n")
        assert code == 1, said
        missing = [f"{name}:{line}" for name, line in expected if f"{name}:{line}:" not in said]
        assert not missing, f"not said: {missing}\n{said}"
    code, out, err = load(tree, again)
    assert code == 1 and "not above" in out + err, f"{code} {out} {err}"
    edit(swapped, "election.zpl", ("version = 1", "version = 2"))
    edit(swapped, "candidates.csv", (f"^{a}-TT,1,,.*$", f"{a}-TT,1,another-person,Người Khác"))
    code, out, err = load(tree, swapped)
    assert code == 1 and "never means somebody else" in out + err, f"{code} {out} {err}"
    assert set(version().values()) == {1}, version()
    before = totals_of(tree)
    edit(better, "election.zpl", ("version = 1", "version = 2"))
    edit(better, "units.csv", (f"^({a},.*?,.*?,)[^,]*", r"\1Thôn đổi tên"))
    code, out, err = load(tree, better)
    assert code == 0, f"{code} {out} {err}"
    lib.wait_for("the better plan is everywhere", lambda: set(version().values()) == {2})
    lib.settle(tree, lambda: totals_of(tree) == before)


def test(world):
    tree = world.tree(2)
    it = figures(tree)
    releases(tree, it)
    corrections(tree, it)
    one_post(tree, it)
    forms(tree)
    plans(tree, world.home, it)
    lib.check_no_forks(tree)
    lib.verify_all(tree)
    return "contradictory figures, broken forms, faulty plans"


lib.run(test)
