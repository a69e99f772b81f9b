#!/usr/bin/python3
"""outbox - what is entered while the node or the line is gone is kept by the page, shown as CHƯA GỬI and never with a
tick, survives a reload and a sleeping tab, and is recorded once: fifteen figures over a slow line while the node is killed;
offline and back; two clerks at one village; a form that is not a figure."""
import lib
from lib import daemons, system

HOUR, PLACES = 3600, 15
CUTOFF = 2


def turnout(node, i):
    return node.get("/api/state")["places"][i]["ballots"][0]["turnout"][CUTOFF - 1]


def said(node, **wanted):
    """How many statements of the node's own say so, replaced ones too."""
    return sum(all(s.get(k) == v or s["fields"].get(k) == v for k, v in wanted.items())
               for s in node.get("/api/state")["statements"])


def enter(browser, village, figure):
    lib.wait_for(f"the next call can be entered, not {browser.focused()}", lambda: browser.has_focus("#find"))
    browser.type(village)
    browser.press("Enter")
    lib.wait_for(f"{village} is found", lambda: browser.has_focus("#turnout-rows input"))
    browser.type(str(figure))
    browser.press("Enter")


def back_on(tree, node, port):
    """The node is started again where the page looks for it."""
    daemons.write_settings(node.dir, {**tree.settings, "http/listen": f"127.0.0.1:{port}"})
    node.start().wait_ready()


def rows_with(browser, words):
    return [text for text in browser.texts("#turnout-rows tr") if words in text]


def no_tick(browser):
    wrong = [text for text in rows_with(browser, "CHƯA GỬI") if "✓" in text]
    assert not wrong, f"shown as sent and as not sent: {wrong}"


def killed(tree, node, browser, figures):
    """kill -9 in the midst of fifteen figures: each is kept once, whatever had arrived."""
    port = node.port
    browser.line(kbit=48, delay_ms=150)
    for i in range(PLACES):
        if i == 6:
            node.kill()
        enter(browser, str(i + 1), figures[i])
    lib.wait_for("the last ones are shown as not sent", lambda: len(rows_with(browser, "CHƯA GỬI")) >= PLACES - 7)
    no_tick(browser)
    browser.screenshot("killed", whole=False)
    back_on(tree, node, port)
    browser.line()
    lib.wait_for("all fifteen are kept", lambda: [turnout(node, i).get("voted") for i in range(PLACES)] == figures)
    lib.wait_for("nothing is shown as not sent", lambda: not rows_with(browser, "CHƯA GỬI") and not browser.seen("#outbox"))
    for i in range(PLACES):
        place = node.get("/api/state")["places"][i]["code"]
        assert said(node, kind="turnout", subject=place) == 1, f"{place} was recorded more than once"


def reloaded(tree, node, browser, figures):
    """Entered while the node is gone, the page closed and opened again: sent by the page that is opened then."""
    port = node.port
    browser.choose("#cutoff", "Mốc 3")
    browser.tab_to("#find")
    node.kill()
    enter(browser, "2", figures[1] + 1)
    lib.wait_for("it is not sent", lambda: len(rows_with(browser, "CHƯA GỬI")) == 1)
    browser.wait_seen("#outbox")
    assert str(figures[1] + 1) in browser.text("#outbox")
    browser.driver.get("about:blank")
    back_on(tree, node, port)
    before = said(node, kind="turnout")
    browser.open(node, plain=True)
    place = node.get("/api/state")["places"][1]["code"]
    lib.wait_for("it is sent", lambda: said(node, kind="turnout", subject=place) == 2)
    assert said(node, kind="turnout") == before + 1
    lib.wait_for("and known to be", lambda: browser.js("return Object.keys(localStorage).filter((k) => k.includes('.out.'))") == [])


def asleep(node, browser, figures):
    """No line, and the tab sleeps; back and awake it is sent without anybody doing anything."""
    browser.choose("#cutoff", "Mốc 3")
    browser.tab_to("#find")
    browser.line(offline=True)
    enter(browser, "3", figures[2] + 1)
    lib.wait_for("it is not sent", lambda: len(rows_with(browser, "CHƯA GỬI")) == 1)
    place = node.get("/api/state")["places"][2]["code"]
    browser.freeze()
    browser.line()
    assert said(node, kind="turnout", subject=place) == 1
    browser.wake()
    lib.wait_for("it is sent", lambda: said(node, kind="turnout", subject=place) == 2)
    lib.wait_for("and known to be", lambda: not rows_with(browser, "CHƯA GỬI"))


def two_clerks(stage, node, browser, figures):
    """The second clerk sees both figures, and nothing is decided by an Enter; an equal one is no new record."""
    other = stage.browser("phone").expect(lib.REFUSED, lib.CUT, "503")
    other.open(node, plain=True)
    other.tab_to("#by")
    other.type("hoa")
    place = node.get("/api/state")["places"][3]["code"]
    for person in (browser, other):
        person.choose("#cutoff", "Mốc 3")
        person.tab_to("#find")
        person.type("4")
        person.press("Enter")
        person.type(str(figures[3] + (1 if person is browser else 2)))
    browser.press("Enter")
    lib.wait_for("the first is kept", lambda: said(node, kind="turnout", subject=place) == 2)
    other.press("Enter")
    other.wait_seen(".clash")
    both = other.text(".clash")
    assert f"{figures[3] + 1}" in both and f"{figures[3] + 2}" in both and "lan" in both, both
    other.screenshot("two-clerks", whole=False)
    assert said(node, kind="turnout", subject=place) == 2, "the second was recorded without being asked"
    other.tab_to(".clash button")
    other.press("Tab", "Enter")  # what stands is right
    other.wait_gone(".clash")
    other.tab_to("#find")
    other.type("4")
    other.press("Enter")
    other.type(str(figures[3] + 1))
    other.press("Enter")
    other.wait_text("#turnout-rows .note", "Đã có, khớp")
    assert said(node, kind="turnout", subject=place) == 2, "an equal figure was recorded a second time"


def asked_elsewhere(tree, node, browser, figures):
    """A question about a figure that the page sends after it was opened again, when another cut-off is shown."""
    port = node.port
    browser.choose("#cutoff", "Mốc 3")
    browser.tab_to("#find")
    node.kill()
    enter(browser, "6", figures[5] - 1)  # less than before
    lib.wait_for("it is not sent", lambda: len(rows_with(browser, "CHƯA GỬI")) == 1)
    browser.driver.get("about:blank")
    back_on(tree, node, port)
    browser.open(node, plain=True)
    browser.choose("#cutoff", "Mốc 2")
    browser.wait_text("#outbox-list", "hỏi lại")
    browser.tab_to("#outbox-list button")
    browser.press("Enter")
    browser.wait_text(".asked", "số mới thêm hay tổng từ đầu?")
    place = node.get("/api/state")["places"][5]["code"]
    assert said(node, kind="turnout", subject=place) == 1
    browser.tab_to(".asked:not([hidden]) button")
    browser.press("Escape")
    lib.wait_for("the figure is typed again", lambda: browser.has_focus("#turnout-rows input"))
    browser.press("Control+a", "Backspace")


def form_kept(tree, node, browser):
    """An incident written while the node is gone is not lost with the page either."""
    port = node.port
    browser.tab_to("[data-tab=incident]")
    browser.press("Enter")
    node.kill()
    browser.choose("#incident-category", "khác")
    browser.choose("#incident-severity", "thấp")
    browser.tab_to("#incident-text")
    browser.type("Mưa to")
    browser.tab_to("#tab-incident button[type=submit]")
    browser.press("Enter")
    browser.wait_text("#incident-note", "CHƯA GỬI")
    browser.driver.get("about:blank")
    back_on(tree, node, port)
    browser.open(node, plain=True)
    lib.wait_for("it is sent by the page that is opened then", lambda: said(node, kind="incident") == 1)
    browser.wait_text("#matters", "Mưa to")


def test(stage):
    tree = stage.drill("--districts", "535", "--communes", 1, "--places", f"{PLACES}-{PLACES}", "--cutoffs", 3,
                       "--cutoff-seconds", HOUR, lead=-3 * HOUR + 600)
    node = tree.nodes[0]
    figures = [100 + i if i % 2 else 60 + i for i in range(PLACES)]
    figures = [min(f, p["ballots"][0]["voters"] - 5) for f, p in zip(figures, node.get("/api/state")["places"])]
    browser = stage.browser().expect(lib.REFUSED, lib.CUT, "503")
    browser.open(node, plain=True)
    browser.tab_to("#by")
    browser.type("lan")
    browser.choose("#cutoff", "Mốc 2")
    browser.tab_to("#find")
    killed(tree, node, browser, figures)
    reloaded(tree, node, browser, figures)
    asleep(node, browser, figures)
    two_clerks(stage, node, browser, figures)
    asked_elsewhere(tree, node, browser, figures)
    form_kept(tree, node, browser)
    return "fifteen figures through a kill, a reload, a sleeping tab, two clerks and a form: each kept once"


lib.run(test)
