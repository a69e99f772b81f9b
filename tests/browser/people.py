#!/usr/bin/python3
"""people - by keyboard alone: the way in, who is at the keyboard on every page, the PIN asked again over a form that is kept,
the handover of the desk to a colleague, and the way out."""
import lib
from lib import daemons, wait_for

NAMES = {"ha": ("Nguyễn Thị Hà <b>", "407159", "enters"), "binh": ("Lê \"Bình\" 🗳", "902846", "checks")}


def at_the_entrance(browser, node):
    """Whoever opens a page is asked who they are, and goes on to that page; a wrong PIN is said and asked again."""
    browser.expect("403", "401", "409", "429")
    browser.open(node, "shift.html")
    assert "login.html" in browser.driver.current_url, browser.driver.current_url
    browser.screenshot("login")
    browser.check_layout()
    browser.check_no_key()
    assert browser.has_focus("form.secret select")
    browser.come_in(NAMES["ha"][0], "000001")
    browser.wait_text("form.secret .note", "Tên hoặc mã chưa đúng")
    assert browser.value("form.secret input") == "" and browser.has_focus("form.secret input")
    browser.type(NAMES["ha"][1]).press("Enter")
    wait_for("the page that was asked for", lambda: browser.driver.current_url.endswith("shift.html"))
    browser.painted().wait_text("#whobar", NAMES["ha"][0])
    assert "nhập số liệu" in browser.text("#whobar")


def every_page(browser, node):
    """Who is at the keyboard stands on each page."""
    for name, path in lib.PAGES["node"].items():
        if name in ("login", "plain"):  # the one shows who comes, the other has no script
            continue
        browser.open(node, path).wait_text("#whobar", NAMES["ha"][0])
        browser.check_layout()


def enters(browser, node):
    """A figure typed at the call desk is stated by who has logged in."""
    browser.open(node, "").wait_text("#whobar", NAMES["ha"][0])
    assert browser.value("#by") == "ha"
    before = {s["act"] for s in lib.system.get_unix(node, "/api/state")["statements"]}
    browser.tab_to("#find").type("2").press("Enter")
    wait_for("the village is found", lambda: browser.has_focus("#turnout-rows input"))
    browser.type("150").press("Enter")
    browser.wait_text("#turnout-rows", "Thay bằng 150")  # the day said 149
    browser.press("Tab", "Enter")

    def stated():
        return [s for s in lib.system.get_unix(node, "/api/state")["statements"] if s["act"] not in before]
    said = wait_for("it is stated", stated)
    assert said[0]["by"] == "ha" and said[0]["fields"]["voted"] == 150, said


def asked_again(browser, node):
    """The seal asks for the PIN: put off, nothing is said; given, it is sealed in the name of who gave it."""
    browser.open(node, "seal.html").wait_text("#whobar", NAMES["ha"][0])
    before = len(node_state(node)["seals"])
    browser.tab_to("#seal").press("Enter")
    browser.wait_seen("dialog.ask")
    browser.screenshot("confirm", whole=False)
    browser.check_no_key()
    browser.press("Escape")
    browser.wait_gone("dialog.ask")
    assert len(node_state(node)["seals"]) == before
    wait_for("it may be asked again", lambda: browser.js("return !document.getElementById('seal').disabled"))
    browser.tab_to("#seal").press("Enter")
    browser.wait_seen("dialog.ask")
    assert browser.has_focus("dialog.ask input"), browser.focused()
    browser.type(NAMES["ha"][1]).press("Enter")
    browser.wait_gone("dialog.ask")
    wait_for("it is sealed", lambda: len(node_state(node)["seals"]) == before + 1)
    assert node_state(node)["seal"]["by"] == "ha"


def node_state(node):
    return lib.system.get_unix(node, "/api/seal")


def handed_over(browser, node):
    """One gives the desk, is out with it, and the other takes it over."""
    browser.open(node, "shift.html").wait_text("#whobar", NAMES["ha"][0])
    assert not browser.seen("#take")
    browser.print_pdf("shift")
    browser.choose("#to", NAMES["binh"][0])
    browser.tab_to("#give").press("Enter")
    wait_for("the entrance", lambda: "login.html" in browser.driver.current_url)
    browser.painted()
    browser.come_in(NAMES["binh"][0], NAMES["binh"][1])
    wait_for("the sheet", lambda: browser.driver.current_url.endswith("shift.html"))
    browser.painted().wait_seen("#take")
    browser.screenshot("shift")
    browser.tab_to("#take").press("Enter")
    browser.wait_text("#facts", "đã nhận lúc")
    browser.wait_gone("#take")


def thrown_out(browser, node):
    """A login that ends while a page is open is asked for over it: what is being typed stays."""
    browser.open(node, "seal.html").wait_text("#whobar", NAMES["binh"][0])
    daemons.run(node.program, "people", "remove", "binh", "--dir", node.dir)
    lib.give(node, "binh", NAMES["binh"][0], NAMES["binh"][1], "--role", "checks")
    browser.tab_to("#seal").press("Enter")
    browser.wait_text("dialog.ask", "Những gì đang nhập dở vẫn còn nguyên")
    browser.come_in(NAMES["binh"][0], NAMES["binh"][1])
    browser.wait_text("dialog.ask", "chính người đang làm việc")  # and now the PIN for the seal itself
    browser.tab_to("dialog.ask input").type(NAMES["binh"][1]).press("Enter")
    browser.wait_gone("dialog.ask")
    wait_for("it is sealed", lambda: node_state(node)["seal"]["by"] == "binh")


def accounts(browser, hub):
    """An administrator adds a person on the page, gives the password again for it, and the person can come in."""
    lib.give(hub, "quantri", "Quản trị", "mật khẩu quản trị", "--role", "administrator")
    browser.open(hub, "people.html")
    browser.wait_seen("form.secret")
    browser.tab_to("form.secret input").type("quantri").press("Tab").type("mật khẩu quản trị").press("Enter")
    wait_for("the page", lambda: browser.driver.current_url.endswith("people.html"))
    browser.painted().wait_text("#people", "Quản trị")
    browser.tab_to("#id").type("moi").press("Tab").type(NAMES["ha"][0])
    browser.choose("#role", "trực ban").tab_to("#scope").type("21484")
    browser.tab_to("#password").type("mật khẩu của người mới").press("Enter")
    browser.wait_seen("dialog.ask")
    browser.tab_to("dialog.ask input").type("mật khẩu quản trị").press("Enter")
    browser.wait_gone("dialog.ask")
    browser.wait_text("#people", NAMES["ha"][0])
    browser.screenshot("people")
    browser.check_layout()
    browser.check_no_key()
    listed = lib.system.get_unix(hub, "/api/people")["people"]
    assert any(p["id"] == "moi" and p["scope"] == "21484" and p["secret"] for p in listed), listed


def way_out(browser, node):
    browser.open(node, "").wait_text("#whobar", NAMES["binh"][0])
    browser.tab_to("#whobar button:last-child").press("Enter")
    wait_for("the entrance", lambda: "login.html" in browser.driver.current_url)
    browser.open(node, "bulletin.html")
    assert "login.html" in browser.driver.current_url


def test(stage):
    tree = stage.day()
    node = tree.nodes[0]
    for person, (name, pin, role) in NAMES.items():
        lib.give(node, person, name, pin, "--role", role)
    browser = stage.browser()
    at_the_entrance(browser, node)
    every_page(browser, node)
    enters(browser, node)
    asked_again(browser, node)
    handed_over(browser, node)
    thrown_out(browser, node)
    way_out(browser, node)
    accounts(browser, tree.at[tree.units[node.unit]["parent_code"]])
    return "in, asked again, handed over, thrown out and back over a form, out: by keyboard"


lib.run(test)
