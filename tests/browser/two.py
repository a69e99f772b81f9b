#!/usr/bin/python3
"""two - two clerks, two names, one village: who comes second is told what stands there and by whom before anything is
recorded; an equal figure ends as agreed without a second record; another one replaces only with a reason."""
import lib
from lib import system

PINS = {"ha": ("Nguyễn Thị Hà", "407159"), "lam": ("Trần Văn Lâm", "613574")}
UNSEEN = ("*api/state*", "*api/events*")  # what a page learns by itself


def call(browser, village, figure):
    browser.tab_to("#find", most=300)
    browser.press("Control+a").type(village).press("Enter")
    lib.wait_for("the village's field has the focus", lambda: browser.has_focus("#turnout-rows input"))
    browser.press("Control+a").type(figure).press("Enter")


def records(node):
    return [s for s in system.get_unix(node, "/api/state")["statements"] if s["kind"] == "turnout"]


def deaf(browser):
    """The page learns nothing of what others enter, as when two press Enter in the same second."""
    browser.cdp("Network.setBlockedURLs", urls=UNSEEN)


def test(stage):
    tree = stage.tree()
    node = tree.nodes[0]
    for person, (name, pin) in PINS.items():
        lib.give(node, person, name, pin, "--role", "enters")
    clerks = {}
    for person, (name, pin) in PINS.items():
        clerks[person] = stage.browser().expect(lib.REFUSED, lib.CUT, "ERR_BLOCKED_BY_CLIENT")
        clerks[person].open(node).come_in(name, pin)
        clerks[person].wait_text("#whobar", name)
        clerks[person].painted()
    first, second = clerks["ha"], clerks["lam"]

    deaf(second)
    call(first, "1", "41")
    lib.wait_for("the first is recorded", lambda: len(records(node)) == 1)
    assert records(node)[0]["by"] == "ha", records(node)
    call(second, "1", "41")
    second.wait_text("#turnout-rows .note", "khớp")
    assert len(records(node)) == 1, "an equal figure was recorded a second time"

    call(first, "2", "52")
    lib.wait_for("the first is recorded", lambda: len(records(node)) == 2)
    call(second, "2", "57")
    said = second.wait_text("#turnout-rows", "52")
    second.screenshot("clash")
    lib.wait_for("who said the other figure is shown", lambda: "ha" in second.text("#turnout-rows").lower().split()
                 or PINS["ha"][0] in second.text("#turnout-rows"))
    assert len(records(node)) == 2, f"the second figure was recorded before anybody was asked: {said}"
    return "equal is agreed, different is asked, with the name of who was first"


lib.run(test)
