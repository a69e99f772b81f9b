#!/usr/bin/env python3
"""full_disk.py - a node or hub whose disk is full says so, acknowledges nothing that it does not keep, and goes on by
itself when there is space again; nothing that was acknowledged is lost."""
import lib
import spaces
from lib import daemons
from spaces import MIB, Disk

KEEP = 4
NODE = "21484"  # the district's first commune


def taking(daemon):
    return daemon.get("/api/state")["taking"]


def node_full(tree, node, disk, place):
    """By the margin, and then by the file system itself."""
    accepted, refused = [], 0
    for left in (KEEP * MIB - 300 * 1024, 0):
        disk.fill(left)
        lib.wait_for("the node says that it is full", lambda: try_one(node, place, accepted) == 503)
        lib.wait_for("and shows it", lambda: taking(node) == "full")
        before = node.get("/api/state")["log"]["n"]
        for _ in range(5):
            assert try_one(node, place, accepted) == 503
            refused += 1
        assert node.get("/api/state")["log"]["n"] == before
        assert node.get("/api/state")["link"]["word"] == "connected", "it still sends what it has"
        node.check_alive()
        disk.ease()
        lib.wait_for("it goes on by itself", lambda: try_one(node, place, accepted) == 200)
        assert taking(node) == "taking"
    return accepted, refused


def try_one(node, place, accepted):
    line = lib.incident(place)
    status, reply = node.post("/api/say", line)
    if status == 200:
        accepted += lib.acts_in([line])
    elif status == 503:
        assert "full" in reply["error"], reply
    return status


def sudden(node, disk, place):
    """Full in the middle of the entries, by no margin that could be seen before: what was answered is kept."""
    accepted = []
    disk.fill(KEEP * MIB + 60 * 1024)
    text = "x" * 4000

    def enter():
        line = lib.incident(place, text=text)
        status, _ = node.post("/api/say", line)
        accepted.extend(lib.acts_in([line]) if status == 200 else [])
        return status == 503
    lib.wait_for("the disk is full", enter)
    disk.ease()
    lib.wait_for("it goes on by itself", lambda: try_one(node, place, accepted) == 200)
    return accepted


def hub_full(tree, hub, disk, node, place):
    """The hub takes nothing in; the node's entries wait at the node, and come when there is space."""
    accepted = []
    disk.fill(KEEP * MIB - 200 * 1024)
    lib.wait_for("the hub says that it is full", lambda: try_one(node, place, accepted) == 200 and taking(hub) == "full")
    disk.fill(0)
    status, reply = hub.exchange(daemons.UnixConnection(hub.dir / "api.sock"), "POST", "/api/say",
                                 lib.turnout(place, 9, about=node.unit, how="phone"))
    assert status == 503 and "full" in reply["error"], f"{status} {reply}"
    for _ in range(5):
        assert try_one(node, place, accepted) == 200
    newest = node.get("/api/state")["statements"][0]
    assert newest["act"] == accepted[-1] and newest["ticks"] == [], "no tick for what the hub does not have"
    hub.check_alive()
    disk.ease()
    lib.wait_for("the hub goes on by itself", lambda: taking(hub) == "taking")
    return accepted


def test(world):
    if not spaces.has("mount"):
        raise lib.Skip("no small file system may be mounted here (root, or user namespaces)")
    settings = {"store/full_mib": KEEP}
    disks = []
    try:
        folder = world.home / "tree"
        folder.mkdir()
        disks += [Disk(folder / f"dantin-node-{NODE}", "12m"), Disk(folder / f"dantin-hub-{lib.HUB}", "12m")]
        tree = world.tree(1, settings=settings)
        node, hub = tree.nodes[0], tree.at[lib.HUB]
        place = lib.places_of(node)[0]
        accepted, refused = node_full(tree, node, disks[0], place)
        accepted += sudden(node, disks[0], place)
        accepted += hub_full(tree, hub, disks[1], node, place)
        lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == len(accepted))
        for daemon in (node, hub, tree.top):
            lib.check_once(daemon, node.unit, accepted)
        lib.check_no_forks(tree)
        lib.verify_all(tree)
        wrong = tree.close()
        assert not wrong, wrong
        return f"{refused} refused, {len(accepted)} statements once"
    finally:
        for tree in world.trees:
            tree.close()
        for disk in disks:
            disk.close()


spaces.own("mount")
lib.run(test)
