#!/usr/bin/env python3
"""bitflip.py - a changed byte in any store is found: verify names the log and the run and all others verify; a daemon
that is told so starts with what verifies, keeps the old file, fetches the rest, and everything counts once again."""
import sqlite3

import lib

REPORTS, ABOUT = 1, 2


def change_a_byte(store, unit, stream, where=0.5):
    """In the middle run of the unit's log: (incarnation, first, last, runs of all logs). The triggers go for good."""
    db = sqlite3.connect(store)
    with db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        runs = db.execute("SELECT r.id, r.first, r.last, r.body, l.incarnation FROM run r JOIN log l ON l.id=r.log "
                          "WHERE l.about=? AND l.stream=? ORDER BY r.first", (unit, stream)).fetchall()
        id_, first, last, body, incarnation = runs[len(runs) // 2]
        at = int(len(body) * where)
        body = body[:at] + bytes([body[at] ^ 0x20]) + body[at + 1:]
        db.execute("UPDATE run SET body=? WHERE id=?", (body, id_))
        total = db.execute("SELECT count(*) FROM run").fetchone()[0]
    db.close()
    return f"{incarnation & (1 << 64) - 1:016x}", first, last, total


def check_named(daemon, where, unit, author):
    incarnation, first, last, total = where
    report = lib.verify(daemon)
    assert not report["ok"] and report["bad_runs"] == 1 and report["runs"] == total, report
    assert (report["author"], report["about"], report["incarnation"]) == (author, unit, incarnation), report
    assert (report["first"], report["last"]) == (first, last) and first <= report["record"] <= last, report
    code, out, _ = lib.try_command(daemon.program, "verify", "--dir", daemon.dir)
    assert code == 1 and incarnation in out and f"{first}..{last}" in out and "1 of" in out, out


def mend(tree, daemon, unit, author, stream, where=0.5):
    """Stopped, changed, verified, marked as suspect, started again."""
    lib.stop(daemon)
    flipped = change_a_byte(daemon.dir / "store.db", unit, stream, where)
    check_named(daemon, flipped, unit, author)
    (daemon.dir / "suspect").write_text("a test\n")
    lib.restart(daemon)
    assert not (daemon.dir / "suspect").exists()
    kept = list(daemon.dir.glob("store.suspect.*.db"))
    assert kept, "the old file is kept"
    tree.wait_plan(daemon)


def test(world):
    tree = world.tree(2)
    node, hub, accepted = tree.nodes[0], tree.at[lib.HUB], []
    places = lib.places_of(node)

    def enter():
        lib.wait_for("the node takes entries", lambda: node.get("/api/state")["wait_ms"] == 0)
        for i in range(6):
            lines = [lib.incident(place) for place in places]
            lib.say(node, *lines)
            accepted.extend(lib.acts_in(lines))
        lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == len(accepted))
        for daemon in (node, hub, tree.top):
            lib.check_once(daemon, node.unit, accepted)
    enter()
    lib.say_of(hub, lib.turnout(places[0], 33, about=node.unit, how="phone"))
    enter()
    for daemon, unit, author, stream, where in (
            (node, node.unit, node.unit, REPORTS, 0.5), (hub, node.unit, node.unit, REPORTS, 0.05),
            (tree.top, node.unit, node.unit, REPORTS, 0.98), (hub, node.unit, lib.HUB, ABOUT, 0.5),
            (hub, lib.HUB, lib.HUB, REPORTS, 0.5), (node, node.unit, lib.HUB, ABOUT, 0.3)):
        mend(tree, daemon, unit, author, stream, where)
        tree.wait_taking(node)
        enter()
        assert lib.turnout_of(tree.top, places[0])["voted"] == 33
        lib.check_no_forks(tree)
        lib.verify_all(tree)
    unreadable(tree, node)
    enter()
    lib.verify_all(tree)
    return f"6 bytes changed, {len(accepted)} statements once"


def unreadable(tree, node):
    """A file that is no database any more: the program says so, mends by itself and fetches all."""
    lib.stop(node)
    store = node.dir / "store.db"
    with open(store, "r+b") as f:
        f.write(b"\xff" * 4096)
    for name in ("store.db-wal", "store.db-shm"):
        (node.dir / name).unlink(missing_ok=True)
    lib.restart(node)
    tree.wait_plan(node)
    tree.wait_taking(node)
    assert "suspect" in node.log.read_text()


lib.run(test)
