#!/usr/bin/env python3
"""sql.py - what `export sqlite` writes beside a working daemon adds up to the totals on the page, at a node, a
district and a province; a figure that contradicts itself is in the tables and in no total; no file is written over."""
import sqlite3

import lib


def tally(place, first, second, valid=None, **more):
    valid = first + second if valid is None else valid
    return lib.form(kind="tally", place=place, act=lib.new_act(), attended=valid + 1, returned=valid + 1, valid=valid,
                    invalid=1, votes=f"1:{first},2:{second}", **more)


def enter(tree):
    """A tally and a turnout at each place; one corrected, one that cannot be right. How many count."""
    places = [(node, place) for node in tree.nodes for place in lib.places_of(node)]
    for i, (node, place) in enumerate(places):
        lib.say(node, lib.turnout(place, 30 + i), tally(place, 10 + i, 20 + i), lib.incident(place, text="Mất điện"))
    node, place = places[0]
    lib.say(node, tally(place, 7, 8, replaces="last", why="gõ nhầm"))
    node, place = places[1]
    lib.say(node, tally(place, 7, 90, valid=20, replaces="last", why="gõ nhầm nữa"))
    return len(places) - 1


def export(daemon, path):
    code, out, err = lib.try_command(daemon.program, "export", "sqlite", path, "--dir", daemon.dir)
    assert code == 0, f"{daemon.name()}: export sqlite: {out}{err}"
    assert path.stat().st_mode & 0o777 == 0o600, oct(path.stat().st_mode)
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def export_at_rest(daemon, path):
    """The tables and the heads of the same moment: a hub may say one more thing by itself meanwhile."""
    tried = []

    def still():
        path.unlink(missing_ok=True)
        before = daemon.get("/api/reconcile")["logs"]
        tried[:] = [export(daemon, path), before]
        return before == daemon.get("/api/reconcile")["logs"]
    lib.wait_for(f"{daemon.name()} is at rest while it exports", still)
    return tried


def one(db, sql, *values):
    return db.execute(sql, values).fetchone()[0]


def check(daemon, path):
    """How many statements the file has."""
    db, heads = export_at_rest(daemon, path)
    assert one(db, "PRAGMA integrity_check") == "ok"
    for log in heads:
        row = db.execute("SELECT n, hash, admitted FROM log WHERE author=? AND about=? AND stream=? AND incarnation=?",
                         (log["author"], log["about"], log["stream"], log["incarnation"])).fetchone()
        assert row == (log["n"], log["hash"], log["admitted"]), f"{daemon.name()}: {log}: {row}"
    if daemon.program.name == "dantin-hub":
        check_totals(db, daemon, lib.total(daemon))
    else:
        ballots = [b for p in daemon.get("/api/state")["places"] for b in p["ballots"]]
        assert one(db, "SELECT count(*) FROM ballot") == len(ballots)
        stated = sum(b["tally"]["valid"] or 0 for b in ballots)
        assert one(db, "SELECT sum(valid) FROM ballot") == stated, f"{daemon.name()}: not {stated}"
    code, _, err = lib.try_command(daemon.program, "export", "sqlite", path, "--dir", daemon.dir)
    assert code == 1 and "exists" in err, f"written over: {code} {err}"
    return one(db, "SELECT count(*) FROM statement")


def check_totals(db, daemon, total):
    counted = "FROM ballot JOIN contest ON contest.code = ballot.contest WHERE kind = ? AND tally_state = 'value'"
    for name in ("valid", "invalid", "returned", "attended"):
        found = db.execute(f"SELECT sum({name}), count({name}) {counted}", (total["kind"],)).fetchone()
        wanted = (total[name]["sum"], total[name]["places"])
        assert found == wanted, f"{daemon.name()}: {name}: {found} in the tables, {wanted} on the page"
    assert one(db, f"SELECT count(*) {counted}", total["kind"]) == total["tallied"]
    assert one(db, "SELECT count(*) FROM ballot WHERE tally_state = 'quarantined'") == total["quarantined"] == 1
    for number, cutoff in enumerate(total["turnout"], 1):
        voted = one(db, "SELECT coalesce(sum(voted), 0) FROM turnout JOIN contest ON contest.code = turnout.contest "
                    "WHERE kind = ? AND cutoff = ? AND state = 'value'", total["kind"], number)
        assert voted == cutoff["voted"], f"{daemon.name()}: cut-off {number}: {voted}, {cutoff}"
    for contest in daemon.get_local("/api/results")["contests"]:
        for c in contest["candidates"]:
            votes = one(db, "SELECT coalesce(sum(votes), 0) FROM votes WHERE contest = ? AND candidate = ? AND counted",
                        contest["contest"], c["number"])
            assert votes == c["votes"], f"{daemon.name()}: {contest['contest']} {c}: {votes}"
    texts = one(db, "SELECT count(*) FROM statement WHERE kind = 'incident' AND text = 'Mất điện' "
                "AND json_extract(fields, '$.severity') = 1")
    assert texts == one(db, "SELECT count(*) FROM statement WHERE kind = 'incident'") > 0


def test(world):
    tree = world.tree(2)
    tallies = enter(tree)
    lib.settle(tree, lambda: lib.total(tree.top)["tallied"] == tallies)
    n = [check(daemon, world.home / f"{daemon.unit}.sqlite") for daemon in (tree.top, tree.at[lib.HUB], tree.nodes[0])]
    return f"{n[0]} statements of a province, {n[1]} of a district, {n[2]} of a commune add up"


lib.run(test)
