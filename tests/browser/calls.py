#!/usr/bin/python3
"""calls - fifteen telephone calls from a script at the commune's desk, by keyboard only: a village by its number or a few
letters, the figure, Enter. One says an increment, one a percentage, one is on the neighbour's line; a figure is
corrected; rows are pasted. What was asked before it was taken is asked, and each figure is kept once."""
import lib
from lib import system

HOUR, PLACES = 3600, 15


def say(browser, village, figure):
    """A call: the village as it is heard, and the figure."""
    lib.wait_for(f"the desk waits for the next call, not {browser.focused()}", lambda: browser.has_focus("#find"))
    browser.type(village)
    browser.press("Enter")
    lib.wait_for(f"{village!r} is found: {browser.text('#found')}", lambda: browser.has_focus("#turnout-rows input"))
    browser.type(figure)
    browser.press("Enter")


def row(browser, name):
    """The line of a village as it is read."""
    return next(text for text in browser.texts("#turnout-rows tr") if name in text)


def kept(browser, name, words):
    lib.wait_for(f"{name} is kept as {words}: {row(browser, name)}", lambda: words in row(browser, name))


def asked(browser, words):
    """The question has the focus, so that an Enter meant for the next line decides nothing; its answers by Tab."""
    lib.wait_for("something is asked", lambda: browser.has_focus(".asked"))
    text = browser.text(".asked:not([hidden])")
    assert words in text, text
    browser.press("Enter")
    assert browser.has_focus(".asked"), f"Enter decided: {browser.focused()}"


def answer(browser, words):
    for _ in range(4):
        browser.press("Tab")
        if words in browser.text(":focus"):
            browser.press("Enter")
            return
    raise AssertionError(f"no answer {words!r}: {browser.focused()}")


def turnouts(node, cutoff):
    return {p["code"]: p["ballots"][0]["turnout"][cutoff - 1] for p in node.get("/api/state")["places"]}


def said(node):
    return sum(1 for s in node.get("/api/state")["statements"] if s["kind"] == "turnout")


def dots(n):
    return f"{n:,}".replace(",", ".")


def fifteen(browser, node, places):
    """The script: (village as heard, figure as said); traps at the third, the sixth and a later call."""
    n = [p["ballots"][0]["voters"] for p in places]
    now = [v // 2 for v in n]
    for i in range(2):
        say(browser, str(i + 1), str(now[i]))
    say(browser, "3", str(now[2] - n[2] // 3))  # the increase since the last cut-off
    asked(browser, "số mới thêm hay tổng từ đầu?")
    answer(browser, "Số mới thêm")
    for i in (3, 4):
        say(browser, f"t{i + 1}", str(now[i]))
    say(browser, "6", "50 %")
    asked(browser, f"50 % của {n[5]}")
    browser.press("Escape")
    lib.wait_for("the figure is typed again", lambda: browser.has_focus("#turnout-rows input"))
    browser.press("Control+a")
    browser.type(str(now[5]))
    browser.press("Enter")
    # Of the rest, the first whose neighbour's figure could be its own: the voice was of the other village.
    twin = next(i for i in range(7, PLACES) if n[i] // 3 <= now[i - 1] <= n[i] and now[i - 1] != now[i])
    for i in range(6, PLACES):
        if i != twin:
            say(browser, str(i + 1), dots(now[i]))
            continue
        say(browser, str(i + 1), str(now[i - 1]))
        asked(browser, f"trùng với số của {places[i - 1]['name']}")
        browser.press("Escape")
        lib.wait_for("the figure is typed again", lambda: browser.has_focus("#turnout-rows input"))
        browser.press("Control+a")
        browser.type(str(now[i]))
        browser.press("Enter")
    lib.wait_for("all fifteen are kept", lambda: all(t["state"] == "value" for t in turnouts(node, 2).values()))
    got = [t["voted"] for t in turnouts(node, 2).values()]
    assert got == now, f"{got} instead of {now}"
    return now


def corrected(browser, node, places, figures):
    """Another figure for a village asks why; the same one ends as "đã có, khớp" and is no new record."""
    before = said(node)
    say(browser, "4", str(figures[3]))
    browser.wait_text("#turnout-rows .note", "Đã có, khớp")
    assert said(node) == before, "an equal figure was recorded a second time"
    say(browser, "4", str(figures[3] + 1))
    asked(browser, f"Đã ghi {figures[3]}. Thay bằng {figures[3] + 1} vì sao?")
    answer(browser, "tổ bầu cử báo lại")
    lib.wait_for("the correction stands", lambda: turnouts(node, 2)[places[3]["code"]]["voted"] == figures[3] + 1)


def pasted(browser, node, places):
    """Lines of a message for the next cut-off: what is understood is shown, and recorded by one confirmation."""
    browser.choose("#cutoff", "Mốc 3")
    n = [p["ballots"][0]["voters"] for p in places]
    browser.tab_to("#find")
    browser.paste(f"Chào các bác\nTổ 1: {n[0] - 1}\n2\t{n[1]}\t{n[1] - 2}\nThôn Vớ Vẩn: 3\nT3 98 %")
    browser.wait_text("#paste-note", "Hiểu 3 dòng, chưa hiểu 2 dòng")
    assert said(node) == PLACES * 2 + 1, "something was recorded by reading"
    assert "Vớ Vẩn" in browser.text("#paste-left")
    lib.wait_for("the confirmation has the focus", lambda: browser.has_focus("#paste-go"))
    browser.screenshot("pasted", whole=False)
    browser.press("Enter")
    lib.wait_for("two are kept", lambda: [turnouts(node, 3)[p["code"]]["voted"] for p in places[:2]] == [n[0] - 1, n[1] - 2])
    browser.wait_text(".asked", "98 % của")
    assert turnouts(node, 3)[places[2]["code"]]["state"] == "missing"


def promised(browser, node, places):
    """Who will report at noon is not hunted for: the promise stands in the line."""
    at = places[4]["code"]
    browser.tab_to("#find")
    browser.type("5")
    browser.press("Enter", "F2")
    lib.wait_for("the calls of the village are open", lambda: browser.has_focus("#call-until"))
    browser.type("hôm nào rảnh")
    browser.press("Enter")
    browser.wait_text("#call-note", "Hẹn lúc nào?")
    browser.press("Control+a")
    browser.type("+15")
    browser.press("Enter")
    browser.wait_gone("#call-box")
    place = next(p for p in node.get("/api/state")["places"] if p["code"] == at)
    assert place["calls"]["last"]["what"] == "promised" and place["calls"]["promised"], place["calls"]
    kept(browser, place["name"], "hẹn")


def test(stage):
    tree = stage.drill("--districts", "535", "--communes", 1, "--places", f"{PLACES}-{PLACES}", "--cutoffs", 4,
                       "--cutoff-seconds", HOUR, lead=-3 * HOUR + 600)
    node = tree.nodes[0]
    places = node.get("/api/state")["places"]
    for p in places:
        system.say(node, system.turnout(p["code"], p["ballots"][0]["voters"] // 3, cutoff=1))
    browser = stage.browser().expect(lib.REFUSED)
    browser.open(node, plain=True)
    browser.tab_to("#by")
    browser.type("lan")
    browser.choose("#cutoff", "Mốc 2")
    browser.tab_to("#find")
    figures = fifteen(browser, node, places)
    browser.screenshot("desk", whole=False)
    corrected(browser, node, places, figures)
    pasted(browser, node, places)
    promised(browser, node, places)
    for size in ("laptop", "phone"):
        browser.resize(size)
        browser.screenshot("desk")
    assert said(node) == PLACES * 2 + 1 + 2
    return "fifteen calls, three traps, a correction with its reason, an equal figure, pasted rows and a promise"


lib.run(test)
