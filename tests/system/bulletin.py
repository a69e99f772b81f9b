#!/usr/bin/env python3
"""bulletin.py - the quick report at a commune, its district and the province; what the district releases stays as
sent, the next one says by itself what came late and what was corrected, also after the district lost its store."""
import hashlib
import re

import lib
from lib import daemons

BULLETIN = 33


def command(daemon, *words):
    """(exit code, output, errors) of one of the daemon's commands."""
    return lib.try_command(daemon.program, *words, "--dir", daemon.dir)


def bulletin(daemon, *words):
    code, out, err = command(daemon, "bulletin", *words)
    assert code == 0, f"{daemon.name()}: {err}"
    return out


def release(hub, *words):
    def taken():
        code, out, err = command(hub, "bulletin", "release", "--as", lib.PERSON, *words)
        assert code == 0 or "(503)" in err, f"not released: {err}"  # 503: it has just started
        return code == 0
    lib.wait_for("a bulletin is released", taken)
    return hub.get("/api/bulletins")["bulletins"][-1]


def states(hub):
    return {b["number"]: b["state"] for b in hub.get("/api/bulletins")["bulletins"]}


def name_of(tree, code):
    return tree.units[code]["name"]


def places_with(daemon, n):
    return lambda: lib.total(daemon)["turnout"][0]["places"] == n


def every_tier(tree, missing):
    """Two of four places have reported: each tier says so in the same form, and names who has not."""
    node, hub, top = tree.nodes[0], tree.at[lib.HUB], tree.top
    lib.wait_for("the first cut-off is due", lambda: hub.get("/api/state")["due"] >= 1)
    for daemon in (hub, top):
        text = bulletin(daemon, "cutoff=1")
        assert "BÁO CÁO NHANH (số liệu tạm thời)\nDIỄN TẬP – không phải số liệu thật\n" in text, text
        assert re.search(r"\nTính đến \d+ giờ( \d\d)? ngày \d+/\d+/20\d\d, .* có 50/[\d.]+ cử tri đã bỏ phiếu, đạt "
                         r"[\d,]+ % cử tri \(của 2/4 ", text), text
        assert "Chưa báo cáo: 1/2 " in text and name_of(tree, missing.unit) in text, text
        assert "Tình hình: an ninh, trật tự: chưa nêu;" in text and "Sự cố: chưa có báo cáo." in text, text
    assert "Tất cả 2 " in bulletin(node, "cutoff=1")
    short = bulletin(hub, "cutoff=1", "form=short")
    assert all(0 < len(line) <= 160 and line.isascii() for line in short.splitlines()), short
    table = bulletin(hub, "cutoff=1", "form=table").splitlines()
    assert len(table) >= 4 and all(line.count("\t") == 7 for line in table if line), table
    # Nothing that does not exist is answered as if it did.
    for words in (["cutoff=9"], ["form=verse"], ["unit=none"], [f"unit={lib.places_of(node)[0]}"]):
        assert command(hub, "bulletin", *words)[0] == 1, words


def releases(tree, places, late):
    hub = tree.at[lib.HUB]
    assert command(hub, "bulletin", "release", "cutoff=1")[0] == 1, "released by nobody"
    assert hub.post("/api/release_bulletin", {"by": lib.PERSON, "cutoff": 1})[0] == 403, "released by a page"
    first = release(hub, "cutoff=1")
    assert (first["number"], first["cutoff"], first["by"], first["state"]) == (1, 1, lib.PERSON, "valid"), first
    assert "BÁO CÁO NHANH số 1 (số liệu tạm thời)\n" in first["text"] and "so với số" not in first["text"]
    lib.say(tree.nodes[0], lib.turnout(places[0], 27, replaces="last", why="gõ nhầm"))
    lib.say(tree.nodes[1], *(lib.turnout(place, 11) for place in late))
    lib.wait_for("the late figures are at the hub", places_with(hub, 4))
    lib.wait_for("and the corrected one", lambda: lib.total(hub)["turnout"][0]["voted"] == 74)
    second = release(hub, "cutoff=1")
    assert "Đính chính so với số 1: " in second["text"] and ": 25 → 27.\n" in second["text"], second["text"]
    assert re.search(r"\nBổ sung so với số 1: 2 .*: 11; .*: 11\.\n", second["text"]), second["text"]
    kept = hub.get("/api/bulletins")["bulletins"]
    assert kept[0] == first, "the first one is not as it was sent"
    for b in kept:
        assert hashlib.blake2b(b["text"].encode(), digest_size=32).hexdigest() == b["hash"]
    return kept


def words(hub):
    """Pause, resume and withdraw a number that there is."""
    for word in ("pause", "resume", "withdraw"):
        assert command(hub, "bulletin", word, 9, "--as", lib.PERSON, "--why", "số sai")[0] == 1, word
    assert command(hub, "bulletin", "pause", 1, "--as", lib.PERSON)[0] == 1, "paused without a reason"
    assert command(hub, "bulletin", "pause", 1, "--as", lib.PERSON, "--why", "số sai")[0] == 0
    assert states(hub) == {1: "paused", 2: "valid"}
    assert command(hub, "bulletin", "resume", 1, "--as", lib.PERSON)[0] == 0
    assert states(hub) == {1: "valid", 2: "valid"}
    assert command(hub, "bulletin", "withdraw", 1, "--as", lib.PERSON, "--why", "số sai")[0] == 0
    assert states(hub) == {1: "withdrawn", 2: "valid"}


def at_the_top(tree):
    """The province holds what its district released, as evidence."""
    return {record[12][0]: record[12][4].decode() for log, records in lib.logs_of(tree.top).items()
            for record in records if log[0] == log[1] == lib.HUB and record[1] == BULLETIN}


def test(world):
    tree = world.tree(2)
    hub, places, late = tree.at[lib.HUB], lib.places_of(tree.nodes[0]), lib.places_of(tree.nodes[1])
    lib.say(tree.nodes[0], *(lib.turnout(place, 25) for place in places))
    for daemon in (hub, tree.top):
        lib.wait_for("the commune's figures are there", places_with(daemon, 2))
    every_tier(tree, tree.nodes[1])
    kept = releases(tree, places, late)
    words(hub)
    texts = {b["number"]: b["text"] for b in kept}
    lib.wait_for("the province holds the releases", lambda: at_the_top(tree) == texts)
    # A district that lost its store: what it released comes back, and its numbers go on.
    lib.settle(tree)
    lib.stop(hub)
    lib.delete_store(hub)
    lib.restart(hub)
    lib.wait_for("the releases are back", lambda: states(hub) == {1: "withdrawn", 2: "valid"})
    lib.settle(tree)
    lib.say(tree.nodes[0], lib.turnout(places[1], 30, replaces="last", why="đếm lại"))
    lib.wait_for("the corrected figure is there", lambda: lib.total(hub)["turnout"][0]["voted"] == 79)
    third = release(hub, "cutoff=1")
    assert third["number"] == 3 and "so với số 2: " in third["text"] and "25 → 30" in third["text"], third["text"]
    assert "Bổ sung" not in third["text"], third["text"]
    lib.verify_all(tree)
    return "3 released: a late and two corrected figures named, a lost store between"


lib.run(test)
