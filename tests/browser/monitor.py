#!/usr/bin/python3
"""monitor - from a total to the signed record in three clicks, by keyboard; what changed since the bulletin; a page whose
stream died says so and comes back; the wall stands still on one screen; the chart and its table say the same."""
import re
import signal

import lib
from lib import daemons, system

GREY_S = 90  # a stream that is silent is asked after 30 s, and not answered after 15 more


def total_shown(browser):
    """What the card of the turnout says: (voted, voters)."""
    text = browser.text("#cards a[href*='see=turnout'] .figure")
    return tuple(int(n.replace(".", "")) for n in re.match(r"([\d.]+)/([\d.]+) ", text).groups())


def check_three_clicks(browser, tree):
    """The total, the units behind it that add up to it, a place's figure, the record that says it."""
    browser.open(tree.top)
    voted, voters = total_shown(browser)
    state = tree.top.get("/api/monitor")
    assert voted == state["total"]["turnout"][state["due"] - 1]["voted"] > 0
    browser.tab_to("#cards a[href$='see=turnout']").press("Enter")  # one
    browser.wait_text("#behind-sum", "✓")
    assert f"{voted:,}".replace(",", ".") in browser.text("#behind-sum"), browser.text("#behind-sum")
    commune = browser.js("return document.querySelector('#behind-rows a').getAttribute('href')")
    browser.tab_to(f"#behind-rows a[href='{commune}']").press("Enter")  # two
    browser.wait_seen("#children td.seen a")
    figure, href = browser.js("const a = document.querySelector('#children td.seen a'); return [a.innerText, a.getAttribute('href')]")
    browser.tab_to("#children td.seen a").press("Enter")  # three
    browser.painted().wait_seen("#records .record")
    record = tree.top.get("/api/record" + href[len("record.html"):])["records"][0]
    text = browser.text("#records")
    copy = record["copies"][0]
    assert figure.split("/")[0] == str(record["fields"]["voted"]), f"{figure} is {record['fields']}"
    signature = re.sub(r"(.{8})(?=.)", r"\1 ", copy["signature"])
    for want in (str(record["fields"]["voted"]), record["place"]["name"], record["by"], copy["key"], signature, copy["author_name"]):
        assert want in text, f"the record's page does not say {want!r}: {text[:900]}"
    exported = [entry for entry in system.logs_of(tree.at[copy["author"]], own=True).items()]
    held = [records[copy["n"] - 1] for (author, *_), records in exported if author == copy["author"] and len(records) >= copy["n"]]
    assert any(int(record["act"], 16) in r for r in held), f"number {copy['n']} of the log of {copy['author']} is not that record"
    return record


def check_earlier(browser, tree):
    """Another cut-off by its column: the same page of it, which says so, and the way back."""
    browser.open(tree.top)
    browser.tab_to("#trend-head a[href$='cutoff=1']").press("Enter")
    browser.wait_seen("#earlier")
    voted = tree.top.get("/api/monitor?cutoff=1")["total"]["turnout"][0]["voted"]
    lib.wait_for("the total is of that cut-off", lambda: total_shown(browser)[0] == voted)
    assert "✓" in browser.text("#behind-sum")
    browser.tab_to("#newest").press("Enter")
    browser.wait_gone("#earlier")
    browser.open(tree.top, "#&cutoff=99")
    browser.wait_seen("#no-unit")
    browser.expect(lib.REFUSED)


def check_since(stage, tree):
    """After a release nothing has changed; then the corrected figure stands there by name, with its record."""
    hub, node = tree.top, tree.nodes[0]
    place = system.places_of(node)[0]
    browser = stage.browser()
    browser.open(hub)
    number = len(hub.get("/api/bulletins")["bulletins"]) + 1

    def taken():
        code, _, err = system.try_command(hub.program, "bulletin", "release", "cutoff=1", "--as", daemons.PERSON, "--dir", hub.dir)
        assert code == 0 or "(503)" in err, err
        return code == 0
    lib.wait_for("a bulletin is released", taken)
    browser.wait_text("#since-words", f"số {number} ")
    assert not browser.seen("#since-box"), browser.text("#since")
    before = hub.get(f"/api/record?unit={place}&kind=turnout&which=1")["records"][0]["fields"]["voted"]
    system.say(node, system.turnout(place, before + 7, replaces="last", why="đếm lại"))
    browser.wait_seen("#since-box")
    browser.js("document.getElementById('since-box').open = true")
    row = browser.wait_text("#since-items tr", str(before + 7))
    assert str(before) in row, row
    since = hub.get("/api/monitor")["since"]
    assert (since["corrected"], since["added"]) == (1, 0), since
    assert str(before + 7) in browser.text("#since-items a[href^='record.html']")
    browser.screenshot("since")


# ---- a dead stream

def check_dead(stage, tree):
    """Stopped without a word, or killed: both pages are grey, say since when, and are themselves again afterwards."""
    hub = tree.top
    pages = [(stage.browser(), ""), (stage.browser("wall"), "wall.html")]
    for browser in stage.browsers:
        browser.expect(lib.CUT)
    for browser, path in pages:
        browser.open(hub, path)
        assert not browser.seen("#dead")
    hub.process.send_signal(signal.SIGSTOP)
    try:
        for browser, _ in pages:
            browser.wait_seen("#dead", GREY_S)
            said = browser.text("#dead")
            assert re.search(r"\d\d:\d\d:\d\d", said), said
            assert browser.js("return getComputedStyle(document.querySelector('main > :not([hidden])')).filter") != "none", "not grey"
            browser.screenshot("dead", whole=False)
    finally:
        hub.process.send_signal(signal.SIGCONT)
    for browser, _ in pages:
        browser.wait_gone("#dead", GREY_S)
    hub.kill()
    for browser, _ in pages:
        browser.wait_seen("#dead", GREY_S)
        assert re.search(r"\d\d:\d\d:\d\d", browser.text("#dead"))
    system.daemons.write_settings(hub.dir, {**system.QUICK, "http/host": lib.PLAIN_HOST, "http/listen": f"127.0.0.1:{hub.port}"})
    hub.start().wait_ready()
    for browser, _ in pages:
        browser.wait_gone("#dead", GREY_S)


# ---- the wall

PLACES = """return Object.fromEntries([...document.querySelectorAll("h1, h2, .tally, #turnout, #units tr, .tile, dd")].map((e) => {
    const box = e.getBoundingClientRect();
    return [`${e.tagName} ${e.id} ${e.firstElementChild?.innerText ?? ""}`, [box.x, box.y, box.height].map(Math.round).join(" ")];
}))"""
CUT_OFF = """return [...document.querySelectorAll(".turnout, .figures, .units")].filter((e) => e.scrollHeight > e.clientHeight + 1)
    .map((e) => `${e.className}: ${e.scrollHeight} of ${e.clientHeight}`)"""


def check_wall(stage, tree):
    """One screen: nothing to scroll, nothing cut off, nothing that moves; a new figure stands where the old one stood."""
    node = tree.nodes[0]
    place = system.places_of(node)[1]
    browser = stage.browser("wall")
    for size in ("wall", "laptop"):
        browser.resize(size)
        browser.open(tree.top, "wall.html")
        high = browser.js("return [document.documentElement.scrollHeight, innerHeight, getComputedStyle(document.body).overflowY]")
        assert high[0] <= high[1] and high[2] == "hidden", f"the wall is {high}"
        assert not browser.js(CUT_OFF), f"cut off at {size}: {browser.js(CUT_OFF)}"
    browser.resize("wall")
    sizes = browser.js("""return ["#turnout", ".tally .figure", "#units .figure", "#as-of", ".tally .name"].map((s) =>
        parseFloat(getComputedStyle(document.querySelector(s)).fontSize))""")
    assert sizes[0] >= 120 and min(sizes[1:4]) >= 28 and sizes[4] >= 20, f"letters of the wall in pixels: {sizes}"
    assert browser.js("return document.getAnimations().length") == 0
    before, words = browser.js(PLACES), browser.text("#turnout-base")
    voted = tree.top.get(f"/api/record?unit={place}&kind=turnout&which=2")["records"][0]["fields"]["voted"]
    system.say(node, system.turnout(place, voted - 1, cutoff=2, replaces="last", why="đếm lại"))
    lib.wait_for("the wall has the new figure", lambda: browser.text("#turnout-base") != words)
    after = browser.js(PLACES)
    assert before == after, f"it moved: {[(k, before.get(k), after.get(k)) for k in {*before, *after} if before.get(k) != after.get(k)]}"


# ---- the chart

def check_chart(stage, tree):
    """Points are the table's and no others; without the library the table stands alone and says why."""
    browser = stage.browser()
    browser.open(tree.top)
    browser.wait_seen("#chart")
    lib.wait_for("the chart is drawn", lambda: browser.js("return Boolean(window.Chart?.getChart('chart'))"))
    points = browser.js("return Chart.getChart('chart').data.datasets.map((d) => [d.label, d.data.map((p) => [p.x, p.y])])")
    series = tree.top.get("/api/monitor")["series"]
    cutoffs = tree.top.get("/api/monitor")["cutoffs"]
    for line, (label, drawn) in zip([series["whole"], *series["rows"]], points, strict=True):
        wanted = [[c["at"], round(p["voted"] * 10000 / p["voters"]) / 100 if p["places"] else None]
                  for c, p in zip(cutoffs, line["points"], strict=True)]
        assert line["name"] in label and drawn == wanted, f"{label}: {drawn}, not {wanted}"
    rows = browser.texts("#trend-rows tr")
    assert len(rows) == len(points)
    for p in series["whole"]["points"]:
        assert f"{p['voted']:,}".replace(",", ".") in rows[0], rows[0]
    browser.cdp("Network.setBlockedURLs", urls=["*chart.min.js"])
    browser.expect(r"ERR_BLOCKED_BY_CLIENT")
    browser.reload()
    browser.wait_seen("#chart-note")
    assert not browser.seen("#chart") and len(browser.texts("#trend-rows tr")) == len(rows)


def check_tiles(browser, tree):
    """Coloured by choice, each tile in words too; the table has the same units."""
    browser.open(tree.top)
    names = [unit["name"] for unit in tree.units.values() if tree.units.get(unit["parent_code"], {}).get("parent_code")]
    for mode in ("silence", "incidents", "turnout"):
        browser.tab_to(f"[data-mode={mode}]").press("Enter")
        assert browser.js("return document.activeElement.getAttribute('aria-pressed')") == "true"
        tiles = browser.texts(".tile")
        assert len(tiles) == len(names) and all(any(name in tile for tile in tiles) for name in names), tiles
        assert all(tile.split("\n")[1].strip() for tile in tiles), f"{mode}: a tile without a word: {tiles}"
    browser.tab_to("[data-view=table]").press("Enter")
    assert browser.count("#behind-rows tr") == len(names)


def test(stage):
    tree = stage.day()
    browser = stage.browser()
    record = check_three_clicks(browser, tree)
    check_earlier(browser, tree)
    check_tiles(browser, tree)
    check_chart(stage, tree)
    check_since(stage, tree)
    check_wall(stage, tree)
    check_dead(stage, tree)
    return f"three clicks to number {record['n']} of {record['home']['name']}; grey when stopped or killed; the wall stands still"


lib.run(test)
