#!/usr/bin/python3
"""audit - by keyboard alone: an auditor with ten paper minutes finds the two figures that were altered, sees both versions
with who and why, what was here before, who read restricted contests, and draws a sample for the paper; hostile names and
reasons are text."""
import json

import lib
from lib import daemons, system, wait_for

SECRET = "thanh-tra 2026 xem"
HOSTILE = "<img src=x onerror=alert(1)> & \"b\""
ALTERED = {0: (151, HOSTILE), 3: (149, "tổ bầu cử báo lại")}  # which place of the ten, the new figure, the reason


def paper_minutes(tree):
    """What ten villages wrote down on the day: the turnout of the first cut-off, as their teams read it out."""
    node, places, paper = tree.nodes[0], [], {}
    for n in tree.nodes:
        places += [(n, p) for p in system.places_of(n)]
    for i, (n, place) in enumerate(places[:10]):
        paper[place] = 140 + i
        system.say(n, system.turnout(place, paper[place], by="mai"))
    system.settle(tree)
    assert node and len(paper) == 10, paper
    return places[:10], paper


def alter(places, paper):
    for i, (voted, why) in ALTERED.items():
        n, place = places[i]
        system.say(n, system.turnout(place, voted, replaces="last", why=why, by="lan"))
        assert voted != paper[place]


def finds_both(browser, hub, paper):
    """Opens the page, logs in, and reads off which figures are not those on paper."""
    browser.expect("401", "403")
    browser.open(hub, "audit.html")
    enters(browser)
    browser.wait_text("#found", "2 số liệu")
    browser.screenshot("changed")
    browser.check_layout()
    browser.check_no_key()
    found = {}
    for box in browser.js("""return [...document.querySelectorAll(".figure")].map((f) => ({
            place: f.querySelector("h3").textContent,
            rows: [...f.querySelectorAll("tbody tr")].map((r) => [...r.children].map((c) => c.innerText))}))"""):
        first, second = box["rows"]
        found[box["place"]] = (int(first[0].split()[0]), int(second[0].split()[0]))
        assert "đã thay thế" in first[1] and "đã sửa" in second[1], box
        assert "mai" in first[2] and "lan" in second[2], box
        assert "Thay bản trước" in second[4] and "Đã được lan thay" in first[4], box
        assert "số" in first[5], box
    assert sorted(found.values()) == sorted((paper[1], ALTERED[i][0]) for i, paper in paper.items()), found
    assert not browser.js("return document.querySelector('#figures img')"), "a reason became an element"
    assert HOSTILE in browser.text("#figures")
    return found


def enters(browser):
    browser.come_in("tt", SECRET).wait_text("#whobar", "Thanh tra")
    wait_for("the audit page", lambda: "audit.html" in browser.driver.current_url)
    browser.painted()


def filters(browser, node):
    """A unit by a few letters, one kind, one person; another page of the list, and the signed record behind a row."""
    browser.choose("#only", "tất cả")
    browser.choose("#kind", "số cử tri đã bỏ phiếu")
    browser.tab_to("#person").type("mai").press("Enter")
    browser.wait_text("#found", "10 số liệu")
    browser.tab_to("#person").press("Control+a", "Delete").type("nobody").press("Enter")
    browser.wait_text("#found", "Không có bản ghi nào")
    browser.tab_to("#unit", back=True).press("Control+a").type("không có nơi này").press("Enter")
    browser.wait_text("#note", "Không có đơn vị nào")
    browser.press("Control+a").type(node.unit)
    browser.tab_to("#person").press("Control+a", "Delete").press("Enter")
    browser.wait_text("#found", "số liệu")
    browser.screenshot("unit")


def before_and_now(browser, moment):
    """What was here at the moment before the figures were altered, beside what is here now."""
    browser.tab_to("#then-at").type(moment).press("Enter")
    browser.wait_text("#then-sum", "khác với bây giờ")
    text = browser.text("#then-rows")
    assert "140" in text and "151" in text, text
    browser.screenshot("then")
    browser.check_layout()
    browser.tab_to("#then-at").press("Control+a").type("hôm qua").press("Enter")
    browser.wait_text("#then-note", "Không đọc được")


def who_looked(browser):
    browser.tab_to("#access-box summary").press("Enter")
    browser.wait_text("#access-words", "Ghi lại trước khi trả lời")
    browser.tab_to("#machines-box summary", back=True).press("Enter")
    browser.wait_seen("#machines tr")
    browser.screenshot("machines")
    browser.check_layout()


def sample(browser, hub, paper):
    """Dice thrown before everybody: a sheet of one A4 page or two with the places drawn and room for the paper's figures."""
    browser.expect("422")
    browser.open(hub, "sample.html")
    assert browser.has_focus("#dice")
    browser.type("123").press("Enter")
    browser.wait_text("#note", "ít nhất 10")
    browser.tab_to("#dice", back=True).press("Control+a").type("12345 61234")
    browser.tab_to("#n").press("Control+a").type("6").press("Enter")
    browser.wait_seen("#sheet")
    assert browser.count("#drawn tbody") == 6
    first = browser.texts("#drawn tbody td[rowspan] b")
    browser.screenshot("sample")
    browser.check_layout()
    browser.check_no_key()
    assert 1 <= browser.print_pdf("sample") <= 2
    browser.open(hub, "sample.html").type("1-2-3-4-5-6-1-2-3-4")
    browser.tab_to("#n").press("Control+a").type("6").press("Enter")
    browser.wait_seen("#sheet")
    assert browser.texts("#drawn tbody td[rowspan] b") == first, "the same dice drew other places"


def test(stage):
    tree = stage.tree(communes=5)
    hub = tree.at[system.HUB]
    places, paper = paper_minutes(tree)
    moment = daemons.run(hub.program, "history", "--json", "only=relayed", "--dir", hub.dir) and clock_of(hub)
    alter(places, paper)
    system.settle(tree)
    lib.give(hub, "tt", "Thanh tra <i>", SECRET, "--role", "auditor")
    browser = stage.browser()
    finds_both(browser, hub, {i: (places[i][1], paper[places[i][1]]) for i in ALTERED})
    filters(browser, places[0][0])
    before_and_now(browser, moment)
    who_looked(browser)
    sample(browser, hub, paper)
    for size in ("phone", "wall"):
        browser.resize(size)
        browser.open(hub, "audit.html").wait_text("#found", "2 số liệu")
        browser.screenshot("changed")
        browser.check_layout()
    return "two altered figures of ten found by keyboard, both versions, what was here before, a sample drawn again"


def clock_of(hub):
    """Now, by the hub, to the second, as a person would type it; the next figure comes in a later second."""
    as_of = json.loads(daemons.run(hub.program, "history", "--json", "--dir", hub.dir))["as_of"]
    wait_for("the next second", lambda: json.loads(
        daemons.run(hub.program, "history", "--json", "--dir", hub.dir))["as_of"] // 1000 > as_of // 1000)
    return str(as_of)


lib.run(test)
