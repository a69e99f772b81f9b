#!/usr/bin/env python3
"""clerk.py - a day at one commune's desk: a count tried out before it is signed, two clerks at one figure, a figure in
the wrong village, an instruction and its receipt, incidents that somebody acknowledges, a contest no page speaks of."""
import json
import time

import lib
from lib import daemons

SECRET = "TN-1"  # a confidence vote: only commands on the machine speak of it


def grow(tree):
    """One of the villages also votes on a confidence ballot."""
    place = next(code for code, row in daemons.read_units(tree, lambda row: True).items() if row["place"] == "yes")
    file = tree / "contests.csv"
    head, *rows = file.read_text(encoding="utf-8").splitlines()
    rows.append(f"{SECRET},Lấy phiếu tín nhiệm,confidence,{place},confidence-96-qdtw,0")
    lines = [head + ",person"] + [row + ("," + "N-1" if row.startswith(SECRET) else ",") for row in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with open(tree / "voters.csv", "a", encoding="utf-8") as f:
        f.write(f"{place},{SECRET},120\n")
    return place


def command(daemon, *words):
    code, out, err = lib.try_command(daemon.program, *words, "--dir", daemon.dir, "--json")
    assert code == 0, f"{daemon.name()} {words}: {err}"
    return json.loads(out)


def refused(daemon, *words):
    code, _, err = lib.try_command(daemon.program, *words, "--dir", daemon.dir)
    assert code != 0, f"{daemon.name()} {words} is taken"
    return err


def head(place):
    return f"{place}-TT"  # its other contest


def ballot(node, place):
    return next(p for p in node.get("/api/state")["places"] if p["code"] == place)["ballots"][0]


def statements(node, **wanted):
    return [s for s in node.get("/api/state")["statements"] if all(s[k] == v for k, v in wanted.items())]


def check(node, **fields):
    status, reply = node.post("/api/check", lib.form(**fields))
    assert status == 200, reply
    return reply["said"][0]


def try_out(node, place):
    """Everything that does not fit is said at once, each with its formula, and nothing is recorded."""
    before = node.get("/api/state")["log"]["n"]
    n = ballot(node, place)["voters"]
    count = {"kind": "tally", "place": place, "contest": head(place)}
    said = check(node, **count, eligible=n + 3, attended=n - 10, printed=n, issued=n - 5, unused=9, returned=n - 4,
                 valid=n - 20, invalid=1, votes=f"1:{n - 20},2:7", total=n - 20)
    rules = {f["rule"]: f for f in said["findings"]}
    assert {"F2", "F3", "F5", "F6", "F10"} <= set(rules), rules.keys()
    assert all(rules[r]["holds"] for r in ("F2", "F3", "F5", "F6", "F10")), rules
    assert not rules["F8"]["holds"] and not rules["total"]["holds"], rules
    assert rules["F5"]["formula"] == "V + X = R" and str(n - 19) in rules["F5"]["words"], rules["F5"]
    need = said["need"]
    assert (need["base"], need["need"]) == (n, n // 2 + 1) and need["quorum"] and not need["hopeless"], need
    assert check(node, **count, attended=n // 2, valid=n // 2)["need"]["quorum"] is False
    assert node.get("/api/state")["log"]["n"] == before, "a dry run was recorded"


def as_on_paper(node, hub, place):
    """What does not fit can be recorded as on the paper, with a reason: kept, shown, in no total."""
    n = ballot(node, place)["voters"]
    lib.say(node, lib.form(kind="tally", place=place, contest=head(place), eligible=n, returned=n - 10,
                           valid=n - 20, invalid=5, votes=f"1:{n - 30},2:10", why="đã hỏi lại tổ bầu cử"))
    tally = ballot(node, place)["tally"]
    assert tally["state"] == "quarantined" and "F5" in tally["reasons"], tally
    lib.wait_for("the hub holds it back too", lambda: lib.total(hub)["quarantined"] == 1)


def two_clerks(node, place):
    """The second of two clerks sees both figures before anything is recorded; equal ones are one."""
    form = {"kind": "turnout", "place": place, "contest": head(place), "cutoff": 1}
    first = lib.say(node, lib.form(**form, voted=30, seen="", by="lan"))[0]
    status, reply = node.post("/api/say", lib.form(**form, voted=31, by="hoa") + "&seen=")
    assert status == 409 and reply["newer"]["fields"]["voted"] == 30 and reply["newer"]["by"] == "lan", reply
    assert ballot(node, place)["turnout"][0]["voted"] == 30
    n = node.get("/api/state")["log"]["n"]
    said = lib.say(node, lib.form(**form, voted=30, by="hoa") + "&seen=")[0]
    assert said["match"] and said["newer"]["act"] == first["act"], said
    assert node.get("/api/state")["log"]["n"] == n, "an equal figure was recorded a second time"
    standing = ballot(node, place)["standing"]["turnout/1"]
    assert [s["act"] for s in standing] == [first["act"]], standing
    act = first["act"]
    lib.say(node, lib.form(**form, voted=31, by="hoa", seen=act, replaces=act, why="đếm lại"))
    assert ballot(node, place)["turnout"][0]["voted"] == 31


def wrong_village(node, hub, place, other):
    """One request takes the figure back and says it at the right village; the first one's number is free."""
    act = lib.say(node, lib.form(kind="turnout", place=place, contest=head(place), cutoff=2, voted=40))[0]["act"]
    reply = command(node, "move", act, f"to={other}", "by=lan")
    assert ballot(node, place)["turnout"][1]["state"] == "missing"
    assert ballot(node, other)["turnout"][1]["voted"] == 40
    assert statements(node, act=reply["act"])[0]["subject"] == other
    assert "taken back" in refused(node, "move", act, f"to={other}")
    lib.wait_for("the hub has it there", lambda: lib.turnout_of(hub, other, 2)["state"] == "value"
                 and lib.turnout_of(hub, place, 2)["state"] == "missing")


def relayed(node, hub, place):
    """What the hub was told by telephone is shown at the node; the node's equal figure agrees by itself."""
    command(hub, "phone", node.unit, "kind=turnout", f"place={place}", "cutoff=1", "voted=25", "behalf=Ông A",
            "--as", lib.PERSON)
    lib.wait_for("the node shows the relayed figure", lambda: ballot(node, place)["turnout"][0]["voted"] == 25)
    s = ballot(node, place)["standing"]["turnout/1"][0]
    assert s["parent"] and s["how"] == "phone" and s["behalf"] == "Ông A" and s["fields"]["voted"] == 25, s
    assert lib.say(node, lib.form(kind="turnout", place=place, cutoff=1, voted=25) + "&seen=")[0]["match"]
    lib.say(node, lib.form(kind="turnout", place=place, cutoff=1, voted=25))
    assert ballot(node, place)["turnout"][0]["state"] == "value"


def matters(daemon, kind="", unit=""):
    return daemon.get(f"/api/matters?kind={kind}" + (f"&unit={unit}" if unit else ""))["matters"]


def instruction(node, hub):
    """An instruction stands at the node until its receipt, which the hub sees."""
    told = command(hub, "instruct", node.unit, "--text", "Báo cáo tình hình điện", "--due", "23:30", "--as", lib.PERSON)
    act = told["said"][0]["act"]
    lib.wait_for("the instruction is at the node", lambda: matters(node, "instruction"))
    at_node = matters(node, "instruction")[0]
    assert at_node["act"] == act and at_node["text"] == "Báo cáo tình hình điện" and not at_node["receipts"], at_node
    assert at_node["fields"]["due"] % 60000 == 0
    command(node, "receipt", act, "by=lan")
    lib.wait_for("the hub has the receipt",
                 lambda: [r["by"] for m in matters(hub, "instruction") for r in m["receipts"]] == ["lan"])


def incidents(node, hub, top, place):
    """Incidents by severity at every tier; the hub's acknowledgement is seen where it was entered."""
    first = command(node, "incident", f"place={place}", "category=2", "severity=2", "state=1", "text=Mất điện",
                    "actor=Đội điện", "by=lan")["said"][0]["act"]
    command(node, "complaint", f"place={place}", "sort=2", "state=4", "passed_to=UBKT huyện", "text=Tố cáo", "by=lan")
    command(node, "situation", "cutoff=1", "order=1", "weather=2", "roads=1", "lines=1", "by=lan")
    assert "missing" in refused(node, "situation", "cutoff=2", "order=1", "by=lan"), "what is not stated is not normal"
    command(node, "incident", f"place={place}", "category=1", "severity=4", "state=2", "text=Lũ", "by=lan")
    for daemon in (node, hub, top):
        lib.wait_for(f"{daemon.name()} lists both incidents", lambda d=daemon: len(matters(d, "incident")) == 2)
        listed = matters(daemon, "incident")
        assert [m["fields"]["severity"] for m in listed] == [4, 2] and listed[1]["acknowledged"] is None, listed
        assert listed[1]["category"] and listed[1]["place"] and listed[1]["unit"] == node.unit, listed
        assert listed[1]["text"] == "Mất điện" and listed[1]["fields"]["actor"] == "Đội điện", listed
        assert len(matters(daemon, "complaint")) == 1 and len(matters(daemon, "situation")) == 1
    assert not matters(hub, "incident", tree_other(hub, node))
    command(hub, "verdict", node.unit, first, "acknowledged", "--as", lib.PERSON)
    for daemon in (node, hub, top):
        lib.wait_for(f"{daemon.name()} sees the acknowledgement", lambda d=daemon: any(
            m["acknowledged"] and m["acknowledged"]["by"] == lib.PERSON for m in matters(d, "incident")))
    command(node, "incident", f"place={place}", "category=2", "severity=2", "state=2", f"replaces={first}",
            "why=cập nhật", "text=Đang sửa", "by=lan")
    lib.wait_for("who saw the incident is not asked anew at its update", lambda: any(
        m["text"] == "Đang sửa" and (m["acknowledged"] or {}).get("earlier") for m in matters(hub, "incident")))
    assert command(hub, "incidents", "kind=incident")["n"] == 2 and command(node, "incidents")["n"] >= 4


def tree_other(hub, node):
    return next(c["code"] for c in hub.get("/api/state")["children"] if c["code"] != node.unit)


def at_the_end(node, hub, place):
    """Minutes, a decision with its date, a list change, ready, the handover: all by commands, in the hub's totals."""
    day = time.strftime("%d/%m/%Y", time.gmtime(time.time() + 7 * 3600))
    n = ballot(node, place)["voters"]
    vote = f"place={place}", f"contest={head(place)}", "by=lan"
    command(node, "list_change", *vote, "added=2", f"eligible={n + 2}", "why=bỏ sót một hộ")
    assert ballot(node, place)["voters"] == n + 2
    command(node, "ready", "decision=12/QĐ-UBND", "by=lan")
    command(node, "minutes", *vote, "number=01/BB", "copies=3", "witnesses=2", "signed=5")
    command(node, "decision", *vote, "what=on_hold", "number=15/QĐ-UBND", f"date={day}", "signatory=Chủ tịch")
    assert "Write a date" in refused(node, "decision", *vote, "what=recognised", "date=31/02/2026")
    b = ballot(node, place)
    assert b["decision"] == "on_hold" and b["minutes"] == "value", b["decision"]
    lib.wait_for("the hub counts it", lambda: lib.total(hub)["on_hold"] == 1 and lib.total(hub)["minutes"] == 1)
    command(node, "shift", "to=hoa", "by=lan")
    found = command(hub, "check", f"about={node.unit}", f"by={lib.PERSON}", "kind=turnout", f"place={place}",
                    f"contest={head(place)}", "cutoff=1", f"voted={n + 50}")
    assert [f["rule"] for f in found["said"][0]["findings"]] == ["F1"], found


def unseen(node, hub, place):
    """A restricted contest is stated by commands, and no request over TCP shows it, tries it or moves it."""
    said = command(node, "tally", f"place={place}", f"contest={SECRET}", "attended=100", "returned=100", "valid=100",
                   "invalid=0", "votes=1:60,2:30,3:10", "by=lan")["said"][0]
    command(node, "incident", f"place={place}", f"contest={SECRET}", "category=6", "severity=3", "state=1",
            "text=TN-bí mật", "by=lan")
    for path in ("/api/say", "/api/check"):
        status, reply = node.post(path, lib.form(kind="tally", place=place, contest=SECRET, attended=1) + "&seen=")
        assert status == 422 and "machine itself" in reply["error"], reply
    status, reply = node.post("/api/move", {"act": said["act"], "to": place, "by": "lan"})
    assert status == 422 and reply["words"].startswith("Đơn vị này không có bản ghi"), reply
    lib.wait_for("the hub has it", lambda: lib.get_unix(hub, "/api/matters")["n"] > hub.get("/api/matters")["n"])
    for daemon in (node, hub):
        for path in ("/api/state", "/api/matters", f"/api/state?unit={node.unit}"):
            assert SECRET not in json.dumps(daemon.get(path), ensure_ascii=False), f"{daemon.name()} shows it: {path}"
            assert "TN-bí mật" not in json.dumps(daemon.get(path), ensure_ascii=False), f"{daemon.name()}: {path}"
    assert SECRET in json.dumps(lib.get_unix(node, "/api/state")), "nor does the machine itself"
    looked = {(r["path"], r["way"]) for r in lib.get_unix(hub, "/api/access")["rows"]}
    assert looked >= {("/api/matters", "command")} and all(way == "command" for _, way in looked), looked


def test(world):
    folder = world.home / "tree"
    folder.mkdir()
    daemons.make_drill(folder / "plan", *lib.SMALL, "--communes", 2)
    grow(folder / "plan")
    tree = daemons.Tree(folder / "plan", folder, lib.QUICK)
    world.trees.append(tree)
    tree.start()
    for hub in tree.hubs:
        lib.write_people(hub)
    node, hub = tree.nodes[0], tree.at[lib.HUB]
    one, two = lib.places_of(node)
    try_out(node, one)
    two_clerks(node, one)
    relayed(node, hub, two)
    wrong_village(node, hub, one, two)
    as_on_paper(node, hub, two)
    instruction(node, hub)
    incidents(node, hub, tree.top, one)
    at_the_end(node, hub, one)
    unseen(node, hub, one)
    lib.settle(tree)
    lib.verify_all(tree)
    return "a dry run, two clerks, a move, a receipt, matters at every tier, and what is restricted unseen"


lib.run(test)
