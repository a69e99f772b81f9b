#!/usr/bin/python3
"""outputs - one entry, many outputs: two keys from the desk or the board to the text for the chat group, chosen to be copied
over plain HTTP; who is missing stands in it, a later one names what came late and what was corrected; short and table too."""
import lib
from lib import daemons, system


def to_bulletin(browser):
    """From a main page by keys: Tab to the link, Enter; then the text is there."""
    browser.tab_to("a[href='bulletin.html']", most=400, back=True).press("Enter")
    lib.wait_for("the bulletin is open", lambda: "bulletin.html" in browser.driver.current_url)
    browser.painted()
    return browser.wait_text("#text", "BÁO CÁO NHANH")


def copy(browser):
    """What Ctrl+C would take after the button that chooses the text."""
    assert not browser.js("return Boolean(navigator.clipboard)"), "this is a secure context, unlike an office's"
    browser.tab_to("#choose").press("Enter")
    return browser.js("return getSelection().toString()")


def release(browser, number):
    """By keys; the text as it was sent, with its number."""
    browser.tab_to("#release", back=True).press("Enter")
    lib.wait_for(f"number {number} is released", lambda: browser.value("#sent") == str(number))
    return browser.wait_text("#text", f"BÁO CÁO NHANH số {number}")


def as_lines(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def test(stage):
    tree = stage.morning()
    node, other = tree.nodes[:2]
    hub = tree.at[tree.units[node.unit]["parent_code"]]
    one, two = system.places_of(node)[:2]
    system.say(node, system.turnout(one, 50), system.turnout(two, 60))
    system.settle(tree)
    clerk, officer = stage.browser(size="phone"), stage.browser(size="laptop")

    clerk.open(node, plain=True)
    text = to_bulletin(clerk)
    clerk.choose("#cutoff", "Mốc 1")
    text = clerk.wait_text("#text", "110/")
    assert as_lines(copy(clerk)) == as_lines(text), "what is chosen is not the text"
    clerk.screenshot("bulletin")

    lib.give(hub, "trung", "Nguyễn Văn Trung", "mot cau dai de nho 7", "--role", "operator")
    officer.expect(lib.REFUSED).open(hub, plain=True)
    officer.come_in("trung", "mot cau dai de nho 7")
    officer.wait_text("#whobar", "Nguyễn Văn Trung")
    officer.painted()
    to_bulletin(officer)
    officer.choose("#cutoff", "Mốc 1")
    text = officer.wait_text("#text", "110/")
    assert tree.units[other.unit]["name"] in text and "Chưa báo cáo: 1/2" in text, f"who is missing is not named: {text}"
    officer.choose("#form", officer.texts("#form option")[1])
    short = officer.wait_text("#text", "110/")
    lib.wait_for("the short form is there", lambda: officer.text("#text").isascii())
    short = officer.text("#text")
    assert all(len(line) <= 160 for line in short.splitlines()), short
    officer.choose("#form", officer.texts("#form option")[2])
    lib.wait_for("the table is there", lambda: "\t" in officer.js("return document.querySelector('#text').textContent"))

    release(officer, 1)
    late = system.places_of(other)
    system.say(other, *(system.turnout(place, 40) for place in late))
    system.say(node, system.turnout(one, 55, replaces="last", why="tổ báo lại"))
    lib.wait_for("the district has it", lambda: "195/" in daemons.run(hub.program, "bulletin", "cutoff=1", "--dir", hub.dir))
    officer.reload()
    officer.choose("#cutoff", "Mốc 1")
    officer.wait_text("#text", "195/")
    text = release(officer, 2)
    assert "50 → 55" in text and tree.units[other.unit]["name"] in text, f"late and corrected figures are not named: {text}"
    officer.screenshot("second")
    officer.choose("#sent", "số 1")
    assert "110/" in officer.wait_text("#text", "110/"), "the first is not kept as sent"
    return "the text is two keys away, copied without a clipboard, and says what has changed since the last"


lib.run(test)
