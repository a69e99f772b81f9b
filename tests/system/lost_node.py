#!/usr/bin/env python3
"""lost_node.py - a node whose store is lost fetches what it had from its hub, goes on in a new incarnation with copies,
is admitted by itself, and counts: old statements once, new ones too."""
import lib


def lose(node):
    node.kill()
    lib.delete_store(node)
    node.start().wait_ready()


def state(node):
    return node.get("/api/state")


def test(world):
    tree = world.tree(2)
    node, place = tree.nodes[0], lib.places_of(tree.nodes[0])[0]
    accepted, incarnations = [], {state(node)["log"]["incarnation"]}
    for round_ in range(3):
        clerk = world.clerk(node, place)
        lib.wait_for("entries", lambda: len(clerk.accepted) >= 60 or clerk.trouble)
        accepted += clerk.finish().accepted
        incidents = len(accepted) * 5 // 6
        lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == incidents)
        if round_ == 2:
            break
        lose(node)
        tree.wait_plan(node)
        # Admitted by itself, and shown as taken before anything new is said.
        tree.wait_taking(node)
        lib.settle(tree, lambda: lib.total(tree.top)["incidents"] == incidents)
        acts = lib.check_once(node, node.unit, accepted)
        assert state(node)["renewed"]
        incarnations.add(state(node)["log"]["incarnation"])
        assert lib.turnout_of(node, place)["voted"] == clerk.voted
    assert len(incarnations) == 3, f"a new incarnation each time: {incarnations}"
    acts = lib.check_once(tree.top, node.unit, accepted)
    assert len(acts) == len(accepted), f"{len(acts)} acts, {len(accepted)} accepted"
    total = lib.total(tree.top)
    assert total["conflicts"] == 0 and total["quarantined"] == 0, total
    assert lib.turnout_of(tree.top, place)["voted"] == clerk.voted
    states = {s["state"] for s in state(node)["statements"]}
    assert states <= {"value", "replaced"}, f"nothing is held or in conflict: {states}"
    children = {c["unit"]: c for c in tree.at[lib.HUB].get("/api/children")["children"]}
    assert children[node.unit]["logs"] == 3, children
    lib.check_no_forks(tree)
    lib.verify_all(tree)
    return f"2 stores lost, {len(accepted)} statements in {len(incarnations)} incarnations"


lib.run(test)
