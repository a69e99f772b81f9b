#!/usr/bin/python3
"""tally - a count by keyboard, in the order of the paper: tried out before it is signed, all faults at once with letters, as
on paper because ..., carried to the right village in one step; the village and the buttons stay in sight."""
import lib
from lib import system


def field(name):
    return f"#tab-tally [data-field='{name}']"


def fill(browser, values):
    browser.tab_to(field("eligible"))
    for name, value in values.items():
        browser.tab_to(field(name))
        browser.press("Control+a")
        browser.type(str(value))


def in_sight(browser, selector):
    """Within what one sees, not only somewhere on the page."""
    return browser.js("""const box = document.querySelector(arguments[0]).getBoundingClientRect();
        return box.top >= 0 && box.bottom <= innerHeight && box.height > 0""", selector)


def tally(node, code):
    return next(p for p in node.get("/api/state")["places"] if p["code"] == code)["ballots"][0]["tally"]


def test(stage):
    tree = stage.tree(communes=1)
    node = tree.nodes[0]
    first, second = node.get("/api/state")["places"][:2]
    n = first["ballots"][0]["voters"]
    for place in (first, second):
        system.say(node, system.turnout(place["code"], 60))
    browser = stage.browser().expect(lib.REFUSED)
    browser.open(node, plain=True)
    browser.tab_to("#by")
    browser.type("lan")
    browser.tab_to("[data-tab=tally]")
    browser.press("Enter")
    fill(browser, {"eligible": n, "attended": 100, "issued": 100, "returned": 101, "valid": 97, "invalid": 2, "#1": 60,
                   "#2": 38})
    for part in ("#tally-check", "#tally-send", "#tally-next", "#tally-head"):
        assert in_sight(browser, part), f"{part} is not in sight at 1366 x 768"
    head = browser.text("#tally-head")
    assert first["name"] in head and str(n) in head and "60/" in head, head
    browser.tab_to("#tally-check")
    browser.press("Enter")
    lib.wait_for("faults are said", lambda: browser.count("#tally-findings li") >= 3)
    faults = browser.texts("#tally-findings li")
    assert [f[:3] for f in faults[:3]] == ["(a)", "(b)", "(c)"], faults
    assert {"(F3)", "(F5)", "(F6)"} <= {w for f in faults for w in f.replace(":", " ").split()}, faults
    assert tally(node, first["code"])["state"] == "missing", "the dry run recorded something"
    assert browser.has_focus("#tally-why"), browser.focused()
    browser.screenshot("faults", whole=False)
    fill(browser, {"returned": 100, "valid": 98})
    browser.tab_to("#tally-check")
    browser.press("Enter")
    browser.wait_text("#tally-note", "Các số khớp nhau")

    browser.tab_to("#tally-place", back=True)  # it was the other village's paper
    browser.press("ArrowDown")
    browser.wait_seen("#tally-carry")
    assert first["name"] in browser.text("#tally-carry") and second["name"] in browser.text("#tally-carry")
    browser.tab_to("#tally-carry-yes")
    browser.press("Enter")
    browser.wait_gone("#tally-carry")
    assert browser.value(field("valid")) == "98", browser.value(field("valid"))
    m = second["ballots"][0]["voters"]
    fill(browser, {"eligible": m})
    browser.tab_to("#tally-check")
    browser.press("Enter")
    lib.wait_for("it may be recorded", lambda: browser.has_focus("#tally-send"))
    browser.press("Enter")
    lib.wait_for("the count stands at the second village", lambda: tally(node, second["code"])["valid"] == 98)
    assert tally(node, first["code"])["state"] == "missing"

    lib.wait_for("the form is empty", lambda: browser.value(field("valid")) == "")
    browser.tab_to("#tally-next")
    browser.press("Enter")
    lib.wait_for("the next village without a count", lambda: first["name"] in browser.text("#tally-head"))
    assert browser.has_focus(field("eligible")), browser.focused()
    fill(browser, {"eligible": n, "returned": 101, "valid": 97, "invalid": 2, "#1": 60, "#2": 37})
    browser.tab_to("#tally-check")
    browser.press("Enter")
    lib.wait_for("why is asked", lambda: browser.has_focus("#tally-why"))
    browser.type("đã hỏi lại tổ bầu cử")
    browser.tab_to("#tally-send")
    browser.press("Enter")
    lib.wait_for("as on paper: kept, and in no total", lambda: tally(node, first["code"])["state"] == "quarantined")
    browser.resize("phone")
    browser.screenshot("phone", whole=False)
    browser.check_layout()
    return "faults at once before anything is recorded, carried to the right village, as on paper because ..."


lib.run(test)
