#!/usr/bin/python3
"""duty - an officer's day at the duty desk, by keyboard: of four silent communes, for four reasons, the first row says whom
to ring and why; a promise silences; a figure is relayed, one released, an incident acknowledged, given to somebody and
closed; another officer takes over from the print. Telephone numbers are text whatever stands in them, and stay here."""
import csv
import datetime
import re

import lib
from lib import daemons, system

COMMUNES = 5
HOUR = 3600
NAME = "<img src=x onerror=alert(1)> \"O'Brien\" \u05e7\u05d3\u05d9\u05de\u05d4 " + "Đ" * 25
SECOND, GROUP = "hoa", "Huyện cũ <b>Ba Tơ</b>"


def change(plan, commune):
    """Its villages meet in the evening, so that nothing is due of them before; and the last two communes are a group."""
    with open(plan / "units.csv", encoding="utf-8-sig", newline="") as f:
        rows = list(csv.DictReader(f))
    late = [row for row in rows if row["parent_code"] == commune]
    for row in late:
        row["opens"], row["closes"] = (moved(row[name], hours) for name, hours in (("closes", 3), ("closes", 5)))
    for row in [row for row in rows if row["parent_code"] == system.HUB][-2:]:
        row["group"] = GROUP
    with open(plan / "units.csv", "w", encoding="utf-8", newline="") as f:
        out = csv.DictWriter(f, rows[0].keys(), lineterminator="\n")
        out.writeheader()
        out.writerows(rows)
    assert late


def moved(moment, hours):
    """A time of the plan some hours later."""
    return (datetime.datetime.fromisoformat(moment) + datetime.timedelta(hours=hours)).isoformat(" ")


def plan_of(stage):
    plan = stage.home / "plan"
    daemons.make_drill(plan, "--districts", system.HUB, "--places", "2-2", "--cutoffs", 2, "--communes", COMMUNES,
                       "--cutoff-seconds", HOUR, lead=-HOUR * 3 // 2)
    return plan


def write_contacts(hub, nodes):
    table = hub.dir / "contacts.csv"
    rows = [["unit", "role", "name", "phone"]]
    rows += [[node.unit, "Trực ban", NAME if i == 0 else f"Người thứ {i}", f"0905 11{i} 22{i}"] for i, node in enumerate(nodes)]
    table.touch(mode=0o600)
    with open(table, "w", encoding="utf-8", newline="") as f:
        csv.writer(f).writerows(rows)


def local(hub, path):
    return hub.get_local(path)


def silence(hub, nodes):
    for node in nodes:
        node.stop()
    silent = {node.unit for node in nodes}

    def all_silent():
        links = {u["code"]: u["link"]["word"] for u in local(hub, "/api/desk")["units"]}
        return all(links[code] == "silent" for code in silent)
    lib.wait_for("the communes are silent", all_silent)


def morning(stage):
    """promised, owing, relayed, evening, and one that works."""
    plan = plan_of(stage)
    with open(plan / "units.csv", encoding="utf-8-sig", newline="") as f:
        communes = [row["code"] for row in csv.DictReader(f) if row["parent_code"] == system.HUB]
    change(plan, communes[3])
    tree = stage.grow(plan)
    hub = tree.at[system.HUB]
    promised, owing, relayed, late, working = (tree.at[code] for code in communes)
    for place in system.places_of(working):
        system.say(working, system.turnout(place, 30))
    one, two = system.places_of(working)
    system.say(working, system.form(kind="incident", place=one, act=system.new_act(), category=1, severity=3, state=1,
                                    text="Mất điện tại điểm bầu"),
               system.turnout(two, 90000, cutoff=2))
    system.settle(tree)
    places = {node.unit: system.places_of(node) for node in tree.nodes}
    for place in places[relayed.unit]:
        system.say_of(hub, system.turnout(place, 41, about=relayed.unit, how="phone", behalf="Ông Tư"))
    write_contacts(hub, tree.nodes)
    silence(hub, [promised, owing, relayed, late])
    stage.officers(tree, lib.OFFICER, SECOND)
    return tree, hub, places, (promised, owing, relayed, late, working)


def name_of(tree, node):
    return tree.units[node.unit]["name"]


def listen(officer):
    """An ear at the loudspeaker: when it last heard anything."""
    officer.js("""
        const real = AudioNode.prototype.connect;
        window.heard_at = 0;
        AudioNode.prototype.connect = function (to, ...more) {
            if (to === to.context.destination) {
                const ear = to.context.createAnalyser(), wave = new Float32Array(ear.fftSize);
                real.call(this, ear);
                setInterval(() => {
                    ear.getFloatTimeDomainData(wave);
                    if (wave.some(x => Math.abs(x) > .02))
                        window.heard_at = Date.now();
                }, 20);
            }
            return real.call(this, to, ...more);
        };""")


def tell_of_alarm(officer):
    """An incident becomes an alarm after minutes, which C tests have: here the page is told of one with what it reads next."""
    assert officer.js("return document.body.dataset.rung") is None
    officer.js("""
        const real = window.fetch;
        window.fetch = async (...asked) => {
            const reply = await real(...asked);
            if (!/api\\/desk(\\?|$)/.test(String(asked[0].url ?? asked[0])))
                return reply;
            return new Response(JSON.stringify({...await reply.json(), alarms: 1}), reply);
        };""")


def hears_bell(officer):
    """Two tones, the second 0.45 s behind the first."""
    lib.wait_for("the bell is heard", lambda: officer.js(
        "const at = Number(document.body.dataset.rung); return at > 0 && window.heard_at > at + 450;"))


def whom_to_ring(tree, officer, promised, owing, quiet):
    """Two owe figures; one of them promises, and the other is the first row. Who owes nothing is in no row."""
    rows = officer.texts("#ring > li")
    assert len(rows) == 2 and name_of(tree, promised) in rows[0] and name_of(tree, owing) in rows[1], rows
    assert NAME.split()[0] in rows[0] and "0905 110 220" in rows[0], rows[0]
    assert officer.js("return document.querySelector('#ring > li .phones a').getAttribute('href')") == "tel:0905110220"
    for node in quiet:
        assert not any(name_of(tree, node) in row for row in rows), f"{node.unit} owes nothing: {rows}"
    officer.tab_to("#ring > li:first-child .promise input").type("mai").press("Enter")
    officer.wait_text("#note", "Hẹn lúc nào")
    officer.press("Control+a").type("+30").press("Enter")
    officer.wait_text("#asleep > li", name_of(tree, promised))
    first = officer.wait_text("#ring > li:first-child", name_of(tree, owing))
    assert "Quá hạn" in first and "thiếu 2/2" in first and "chưa nhận tín hiệu máy" in first, first
    assert officer.count("#ring > li") == 1
    officer.tab_to("#ring > li:first-child .doing button").press("Tab", "Enter") # nobody answers
    officer.wait_text("#ring > li:first-child .calls", "không nghe máy")


def relay(tree, officer, hub, node, places):
    officer.press("Escape", "2").choose("#relay-unit", name_of(tree, node))
    officer.tab_to("#relay-village").type("1").press("Tab")
    officer.wait_text("#relay-name", tree.units[places[0]]["name"] if places[0] in tree.units else places[0])
    officer.tab_to("#relay-figure").type("37").press("Enter")
    read = officer.wait_text("#relay-read", "– 37 –")
    check = int(re.search(r"37 – (\d\d)", read)[1])
    officer.tab_to("#relay-code").type(f"{(check + 1) % 97:02}").press("Enter").type("Trưởng thôn").press("Enter")
    officer.wait_text("#relay-note", "chưa khớp")
    officer.tab_to("#relay-code", back=True).press("Control+a").type(f"{check:02}").press("Tab", "Enter")
    officer.wait_text("#relayed", "37")
    sheet = local(hub, f"/api/desk/relay?unit={node.unit}&village=1&cutoff=1")
    stands = sheet["stands"]
    assert [(s["fields"]["voted"], s["how"], s["behalf"], s["by"]) for s in stands] == \
        [(37, "phone", "Trưởng thôn", lib.OFFICER)], stands
    officer.press("Escape", "1").wait_text("#ring > li:first-child", "thiếu 1/2")


def secret(officer):
    """What counts from now on asks who it is once more."""
    officer.wait_seen("dialog.ask input")
    officer.type(lib.PASSWORD).press("Enter")


def release(officer, hub):
    officer.press("Escape", "3")
    card = officer.wait_text("#held > li", "90.000")
    assert "F1" in card and "nhiều hơn" in card, card
    officer.tab_to("#held .release input").type("đã đối chiếu với tổ bầu cử").press("Enter")
    secret(officer)
    lib.wait_for("the figure counts", lambda: local(hub, "/api/desk/held")["n"] == 0)
    officer.wait_text("#held-sum", "0 số liệu")


def incident(officer, hub, node):
    officer.press("Escape", "4").wait_text("#incidents > li", "chưa ai tiếp nhận")
    officer.tab_to("#incidents .doing button").press("Enter")
    officer.wait_text("#incidents > li", "đã tiếp nhận")
    officer.tab_to("#incidents .doing input:nth-of-type(1)").type("Điện lực Ba Tơ").press("Tab", "Enter")
    officer.wait_text("#incidents > li", "người xử lý: Điện lực Ba Tơ")
    officer.tab_to("#incidents .doing input:nth-of-type(2)").type("có điện lại").press("Tab", "Enter")
    officer.wait_text("#incidents > li", "bàn trực ghi đã xong: có điện lại")
    officer.wait_text("#incidents-sum", "0 việc")
    # That it is over is the unit's own word, and then it is closed at every tier.
    matter, = local(hub, "/api/desk/incidents")["matters"]
    assert matter["open"] and matter["settled"]["by"] == lib.OFFICER and matter["assigned"]["why"] == "Điện lực Ba Tơ", matter
    system.say(node, system.form(kind="incident", place=matter["subject"], act=system.new_act(), category=1, severity=3,
                                 state=3, text=matter["text"], replaces=matter["act"], why="có điện lại"))
    officer.wait_text("#incidents > li", "đã xử lý xong")
    matter, = local(hub, "/api/desk/incidents")["matters"]
    assert not matter["open"], matter


def numbers(tree, officer, hub, node):
    """A number is changed on the page, and is in the local table alone."""
    officer.press("Escape", "1").tab_to("#ring > li:first-child .doing > button:last-child").press("Enter")
    officer.wait_seen("#contacts")
    officer.tab_to("#contacts-rows div:nth-child(2) input:nth-child(2)").type("Chị Năm").press("Tab").type("0914 555 666")
    officer.press("Enter").wait_text("#ring > li:first-child .phones", "0914 555 666")
    table = hub.dir / "contacts.csv"
    assert "Chị Năm,0914 555 666" in table.read_text("utf-8") and table.stat().st_mode & 0o777 == 0o600
    assert "0914 555 666" not in hub.last_words(10000)
    assert b"0914" not in b"".join(path.read_bytes() for path in hub.dir.glob("store*"))


def groups(tree, officer, nodes):
    """A group has its own list, totals and quick report; then all are back."""
    officer.press("Escape", "1").wait_text("#units", name_of(tree, nodes[0]))
    officer.tab_to("#group", back=True).choose("#group", GROUP)
    lib.wait_for("only the group is listed", lambda: officer.count("#units tr") == 2)
    assert [name_of(tree, node) in text for node, text in zip(nodes, officer.texts("#units th"))] == [True, True]
    officer.wait_text("#totals", GROUP)
    assert re.search(r"60/\d[\d.]* \(\d+,\d\d.%\)", officer.text("#totals")), officer.text("#totals")
    officer.press("Escape", "6").painted()
    lib.wait_for("the group's report", lambda: (officer.value("#bulletin") or "").count(f"{GROUP}, Mốc 1: 2 đơn vị") == 1)
    officer.press("Escape", "1").tab_to("#group", back=True).choose("#group", "Tất cả")
    lib.wait_for("all are listed", lambda: officer.count("#units tr") == COMMUNES)


def hand_over(stage, tree, officer, hub, promised, owing):
    officer.press("Escape", "0")
    officer.wait_seen("#sheet")
    assert officer.print_pdf("handover") in (1, 2)
    sheet = officer.text("#sheet")
    for words in (name_of(tree, promised), name_of(tree, owing), "Đã hẹn", "không nghe máy", "Người nhận"):
        assert words in sheet, f"the sheet lacks {words!r}: {sheet}"
    officer.tab_to("#to").type(SECOND).press("Enter").wait_text("#note", "Đã ghi bàn giao")
    taker = stage.browser().login(hub, SECOND)
    taker.open(hub, "desk.html").wait_text("#asleep > li", name_of(tree, promised)) # a restart keeps it, and so do others
    return taker


def test(stage):
    tree, hub, places, (promised, owing, relayed, late, working) = morning(stage)
    officer = stage.browser().expect(lib.REFUSED).login(hub)
    officer.open(hub, "desk.html", plain=False).wait_text("#ring-sum", "2 đơn vị")
    listen(officer)
    officer.tab_to("#sound").press("Enter").wait_text("#sound", "đang bật")
    lib.wait_for("the trial tone is heard", lambda: officer.js("return window.heard_at > 0"))
    officer.screenshot("morning", whole=False)
    whom_to_ring(tree, officer, promised, owing, (relayed, late, working))
    officer.screenshot("promised")
    numbers(tree, officer, hub, owing)
    relay(tree, officer, hub, owing, places[owing.unit])
    release(officer, hub)
    tell_of_alarm(officer)
    incident(officer, hub, working)
    hears_bell(officer)
    groups(tree, officer, (late, working))
    for key in "5678":
        officer.press("Escape", key).painted()
        officer.screenshot(f"list-{key}")
        officer.check_layout()
        officer.check_no_key()
    taker = hand_over(stage, tree, officer, hub, promised, owing)
    taker.resize("phone")
    taker.screenshot("taken-over")
    taker.check_layout()
    return "whom to ring, a promise, a relayed figure, a release, an incident, a handover"


lib.run(test)
