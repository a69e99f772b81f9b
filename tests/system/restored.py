#!/usr/bin/env python3
"""restored.py - an old copy of a store is put back, of a node or of a hub, as other files, as other bytes of the same
file, or from `backup`: nothing is lost, nothing counts twice, and where a log was continued twice everybody sees it."""
import lib
from lib import daemons


class Story:
    """One tree; what was accepted at its first node so far."""

    def __init__(self, tree, home):
        self.tree, self.home, self.accepted, self.n = tree, home, [], 0
        self.node, self.hub = tree.nodes[0], tree.at[lib.HUB]
        self.places = lib.places_of(self.node)

    def enter(self, n=7):
        lines = [lib.incident(self.places[i % 2]) for i in range(n)]
        self.n += 1
        lines.append(lib.turnout(self.places[0], self.n, replaces="last", why="đếm lại"))

        def taken():
            status, reply = self.node.post("/api/say", "\n".join(lines))
            assert status in (200, 503), f"{status} {reply}"
            return status == 200
        lib.wait_for("the node takes entries", taken, alive=[self.node])
        self.accepted += lib.acts_in(lines)

    def incidents(self):
        return len(self.accepted) - self.n

    def settled(self, what):
        try:
            lib.settle(self.tree, lambda: lib.total(self.tree.top)["incidents"] == self.incidents()
                       and all(lib.turnout_of(d, self.places[0])["voted"] == self.n
                               for d in (self.node, self.hub, self.tree.top)))
        except daemons.Trouble as e:
            raise daemons.Trouble(f"{what}: {e}; {self.incidents()} incidents and turnout {self.n} entered, "
                                  f"{lib.total(self.tree.top)['incidents']} and "
                                  f"{lib.turnout_of(self.tree.top, self.places[0])} at the top")
        for daemon in (self.tree.top, self.hub, self.node):
            lib.check_once(daemon, self.node.unit, self.accepted)
        assert lib.total(self.tree.top)["conflicts"] == 0, what

    def copy(self, daemon):
        """While it is stopped; it goes on afterwards."""
        to = self.home / f"copy-{len(list(self.home.glob('copy-*')))}"
        lib.stop(daemon)
        lib.copy_store(daemon, to)
        lib.restart(daemon)
        return to

    def backup(self, daemon):
        to = self.home / f"copy-{len(list(self.home.glob('copy-*')))}"
        to.mkdir()
        daemons.run(daemon.program, "backup", "--dir", daemon.dir, to / "store.db")
        return to

    def restore(self, daemon, copy, in_place):
        daemon.kill()
        lib.put_store(daemon, copy, in_place)
        lib.restart(daemon)


def plain(story, which, in_place, backup):
    """With the line up: what the other side holds more of shows that this store is a copy."""
    what = f"{which.name()}, {'backup' if backup else 'copy'}, {'same' if in_place else 'another'} file"
    story.enter()
    copy = story.backup(which) if backup else story.copy(which)
    story.tree.wait_taking(story.node)
    story.enter()
    story.settled(what + ", before")
    story.restore(which, copy, in_place)
    story.tree.wait_taking(story.node)
    story.enter()
    story.settled(what)
    lib.check_no_forks(story.tree)


def without_a_line(story, in_place):
    """The hub is away when the copy comes back, and the clerk goes on at once. Another file begins a new log; the same
    file with older bytes continues its log a second time, which nobody can know yet: then both ends must show it."""
    copy = story.copy(story.node)
    story.tree.wait_taking(story.node)
    story.enter()
    story.settled("before the line is lost")
    lib.stop(story.hub)
    story.restore(story.node, copy, in_place)
    status, reply = story.node.post("/api/no_line", {})
    assert status == 200, reply
    lines = [lib.incident(story.places[1]) for _ in range(4)]
    lib.say(story.node, *lines)
    story.accepted += lib.acts_in(lines)
    lib.restart(story.hub)
    if not in_place:
        story.settled("without a line, another file")
        lib.check_no_forks(story.tree)
        return
    lib.wait_for("both ends show the fork", lambda: lib.forks_at(story.node) and lib.forks_at(story.hub))
    # The new log lacks what only the other branch holds: it is kept and not counted until an operator decides.
    held = set(lib.acts_in(lines))
    lib.wait_for("the node shows that it is not admitted", lambda: not story.node.get("/api/state")["admitted"])
    lib.wait_for("nothing is lost on the way to the top", lambda: not held - set(lib.acts_of(story.tree.top, story.node.unit)))
    lib.check_once(story.tree.top, story.node.unit, story.accepted)
    assert lib.total(story.tree.top)["incidents"] == story.incidents() - len(held)
    page = lib.get_unix(story.hub, "/api/history?only=not_counted")
    assert held <= {v["act"] for f in page["figures"] for v in f["versions"]}, "an auditor sees what is held"
    assert [f["author"] for f in page["forks"]] == [story.node.unit], page["forks"]
    # A tick of the forked log would say nothing: the tiers have other records at its numbers.
    lib.wait_for("the ticks are those of the new log", lambda: all(
        s["ticks"] == [lib.HUB, lib.TOP] for s in story.node.get("/api/state")["statements"] if s["act"] in held))
    # The operator looks, and lets the held log count: now all that the clerk saw accepted is in the totals.
    story.hub.command("/api/admit", {"unit": story.node.unit, "by": daemons.PERSON})
    lib.wait_for("the held log counts once an operator says so",
                 lambda: lib.total(story.tree.top)["incidents"] == story.incidents())
    lib.wait_for("the node knows", lambda: story.node.get("/api/state")["admitted"])


def test(world):
    tree = world.tree(2)
    story = Story(tree, world.home)
    for which in (story.node, story.hub, tree.top):
        for in_place, backup in ((False, False), (True, False), (False, True)):
            plain(story, which, in_place, backup)
    without_a_line(story, False)
    without_a_line(story, True)
    lib.verify_all(tree)
    return f"11 copies put back, {len(story.accepted)} statements once"


lib.run(test)
