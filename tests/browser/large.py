#!/usr/bin/python3
"""large - a province of 100 communes and 3,000 places: its page opens in under a second, no update keeps the browser busy
for more than 50 ms at a time, the places are never asked for together, and votes wait for the minutes."""
import re
import statistics

import lib
from lib import daemons, system

OPENS_MS, UPDATES, BUSY_MS = 1000, 7, 50

# When the tiles and the totals first stood there, in milliseconds since the page was asked for.
WATCH = """new MutationObserver((_, o) => {
    if (document.querySelectorAll(".tile b").length >= %d && document.querySelector("#cards .figure")?.textContent) {
        window.opened = performance.now();
        o.disconnect();
    }
}).observe(document, { subtree: true, childList: true, characterData: true });""" % system.COMMUNES


def large(stage):
    folder = stage.home / "large"
    folder.mkdir()
    system.write_province(folder / "plan")
    tree = daemons.Tree(folder / "plan", folder, system.QUICK, is_machine=lambda row: row["code"] in ("T", "X0"))
    stage.world.trees.append(tree)
    tree.start()
    system.write_people(tree.top)
    return tree


def relay(hub, commune, place, kind="turnout", **fields):
    system.say_of(hub, system.form(about=commune, kind=kind, place=place, act=system.new_act(), how="phone",
                                   contest=f"{place}-TT", **fields))


def fill(hub):
    """Turnout of three cut-offs for a third of all places, as the duty desk relays it, some of it from each commune."""
    for cutoff in (1, 2, 3):
        for c in range(1, system.COMMUNES):
            lines = [system.form(about=f"X{c}", kind="turnout", place=f"P{c}v{v}", contest=f"P{c}v{v}-TT", act=system.new_act(),
                                 how="phone", cutoff=cutoff, voted=40 * cutoff + c % 50) for v in range(10)]
            system.say_of(hub, *lines)


def check_opening(browser, hub):
    """Totals and all tiles stand there within a second: the best of three, since other programs share the machine."""
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
    best = 1e9
    for _ in range(3):
        browser.open(hub)
        lib.wait_for("all tiles are there", lambda: browser.js("return window.opened"))
        best = min(best, browser.js("return window.opened"))
    assert best < OPENS_MS, f"it opened in {best:.0f} ms"
    assert browser.count(".tile") == system.COMMUNES
    asked = browser.js("return performance.getEntriesByType('resource').filter((e) => e.name.includes('/api/')).map((e) => e.decodedBodySize)")
    assert max(asked) < 200_000, f"an answer has {max(asked)} bytes"
    assert not browser.js("return document.body.innerText.includes('Thôn ')"), "places are on the province's page"
    return best


def busy_of(browser):
    """Milliseconds of the processor that the page's thread has used for all its tasks so far."""
    metrics = {m["name"]: m["value"] for m in browser.cdp("Performance.getMetrics")["metrics"]}
    return metrics["TaskDuration"] * 1000


def check_updates(browser, hub, village):
    """The usual update has no task over 50 ms: tiles, table and chart are all on the page. A task that was long only because
    the processor was another program's meanwhile is no longer than what the thread itself used."""
    lib.wait_for("the chart is drawn", lambda: browser.js("return Boolean(window.Chart?.getChart('chart'))"))
    longest = []
    browser.cdp("Performance.enable", timeDomain="threadTicks")
    for n in range(UPDATES):
        before = browser.text("#cards")
        browser.long_tasks()
        used = busy_of(browser)
        relay(hub, f"X{n + 1}", f"P{n + 1}v{village}", cutoff=4, voted=100 + n)
        lib.wait_for("the update is shown", lambda: browser.text("#cards") != before)
        browser.js("return new Promise((go) => requestAnimationFrame(() => setTimeout(go)))")
        longest.append(round(min(max(browser.long_tasks(), default=0), busy_of(browser) - used)))
    assert statistics.median(longest) < BUSY_MS, f"long tasks of {UPDATES} updates: {longest} ms"
    return longest


def check_table(browser, hub):
    """100 communes as a table, their sum equal to the total, and an update of it no heavier."""
    browser.tab_to("[data-view=table]").press("Enter")
    browser.wait_text("#behind-sum", "✓")
    assert browser.count("#behind-rows tr") == system.COMMUNES
    return check_updates(browser, hub, 21)


def check_wall(stage, hub):
    """The wall of a commune with 30 places: what has no line is counted, and nothing is cut off."""
    browser = stage.browser("wall")
    browser.open(hub, "wall.html#X5")
    browser.wait_text("#units-more", str(system.VILLAGES - browser.count("#units tr")))
    for size in ("wall", "laptop"):
        browser.resize(size)
        cut = browser.js("""return [...document.querySelectorAll(".turnout, .figures, .units, main")]
            .filter((e) => e.scrollHeight > e.clientHeight + 1).map((e) => `${e.className} ${e.scrollHeight} of ${e.clientHeight}`)""")
        assert not cut, f"cut off at {size}: {cut}"
    browser.screenshot("wall", whole=False)


def check_votes(browser, hub):
    """Before the minutes no candidate has a figure on a page or in an answer; after them each has."""
    place = "P1v25"
    for step in ("opened", "closed"):
        relay(hub, "X1", place, "step", what=step)
    relay(hub, "X1", place, "tally", eligible=300, attended=217, issued=217, returned=217, valid=217, invalid=0, votes="1:163,2:54")
    browser.open(hub, f"#{place}")
    browser.wait_text("#ballots", "217")
    text = browser.text("#ballots")
    assert "163" not in text and "54/" not in text, text
    asked = (f"/api/results?unit={place}", "/api/state?unit=X1", f"/api/monitor?unit={place}", f"/api/record?unit={place}&kind=tally",
             "/api/export/results.csv")
    for path in asked:
        assert not re.search(r"\b163\b", str(hub.get(path))), path
    relay(hub, "X1", place, "minutes", number="1/BB", copies=3, signed=5)
    browser.wait_text("#ballots", "163/")
    for path in asked[:1] + asked[2:4]:
        assert re.search(r"\b163\b", str(hub.get(path))), path


def test(stage):
    tree = large(stage)
    hub = tree.top
    fill(hub)
    browser = stage.browser()
    opened = check_opening(browser, hub)
    browser.screenshot("province")
    updates = check_updates(browser, hub, 20)
    table = check_table(browser, hub)
    check_wall(stage, hub)
    check_votes(browser, hub)
    return f"opened in {opened:.0f} ms; longest tasks of updates {updates} and as a table {table} ms"


lib.run(test)
