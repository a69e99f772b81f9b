#!/usr/bin/python3
"""hostile - units, villages, contests, candidates, texts and persons called as an attacker or an old spreadsheet would
call them: each is text on every page, in its place; no script runs, nothing is made of it, nothing leaves its box."""
import csv
import unicodedata

import lib
from lib import daemons, system

LONG = "Thôn Nước Đang" * 14
NAMES = (
    "<img src=x onerror=alert(1)>", "\"'><svg onload=alert(2)><b>x</b>", "</title></style><script>alert(3)</script>",
    "O'Brien & \"Bob\" &lt;b&gt; {name} {n} $& %s", "\u200fקדימה\u200e ‎(12)", unicodedata.normalize("NFD", "Thôn Nước Đang"),
    LONG[:200], "Ă" * 200, "a" + "\u0301" * 40 + " z", "__proto__", "javascript:alert(4)", "   Xã  Hành Tín   ",
)
TITLE = "<b onclick=alert(5)>DIỄN TẬP</b> & <script src=//x.test/y.js></script>"
TEXT = "<iframe srcdoc='<script>parent.alert(6)</script>'></iframe>\n" + "W" * 300


def names_from(at):
    while True:
        yield NAMES[at % len(NAMES)]
        at += 1


def rename(plan):
    """Every name of the plan; the codes stay."""
    for number, table in enumerate(("units.csv", "contests.csv", "candidates.csv")):
        with open(plan / table, encoding="utf-8-sig", newline="") as f:
            rows = list(csv.DictReader(f))
        names = names_from(5 * number)
        for row in rows:
            row["name"] = next(names)
            if "group" in row:
                row["group"] = NAMES[0]
        with open(plan / table, "w", encoding="utf-8", newline="") as f:
            out = csv.DictWriter(f, rows[0].keys(), lineterminator="\n")
            out.writeheader()
            out.writerows(rows)
    election = (plan / "election.zpl").read_text("utf-8").splitlines()
    election = [f'    title = "{TITLE}"' if line.strip().startswith("title =") else line for line in election]
    (plan / "election.zpl").write_text("\n".join(election) + "\n", "utf-8")


def squeezed(text):
    """As a page shows it: rows of blanks are one, marks of direction are there or not."""
    return " ".join(text.replace("\u200e", "").replace("\u200f", "").split())


def check_page(browser, name, shown):
    """Nothing was made of the names; those that the page speaks of are there whole."""
    made = browser.js("""return [...document.querySelectorAll("svg, iframe, object, embed, script:not([src]), b, img")]
        .filter((e) => !e.matches("[data-t] b, img[src^='qr'], img[src^='api/'], img[src^='data:'], b:not(:empty)")
            || [...e.attributes].some((a) => a.name.startsWith("on")))
        .map((e) => e.outerHTML.slice(0, 90))""")
    handlers = browser.js("""return [...document.querySelectorAll("*")]
        .filter((e) => [...e.attributes].some((a) => a.name.startsWith("on") || /^\\s*javascript:/i.test(a.value)))
        .map((e) => e.outerHTML.slice(0, 90))""")
    assert not made and not handlers, f"{name}: {made + handlers}"
    text = squeezed(browser.text())
    missing = [want for want in shown if squeezed(want) not in text]
    assert not missing, f"{name} does not show {missing}"


def test(stage):
    tree = stage.day(rename=rename)
    node = tree.nodes[0]
    place = system.places_of(node)[0]
    system.say(node, system.form(kind="incident", place=place, act=system.new_act(), category=1, severity=3, state=1,
                                 text=TEXT, by="<b>lan"),
               system.turnout(place, 103, cutoff=2, replaces="last", why=NAMES[0]))
    system.settle(tree)
    stage.officers(tree)
    here = {name: [tree.units[daemon.unit]["name"]] for name, daemon, _ in lib.every_page(tree)}
    looked = 0
    for language, sizes in (("vi", lib.SIZES), ("en", ["phone"])):
        browser = stage.browser(language=language)
        for hub in tree.hubs:
            browser.login(hub)
        for name, daemon, path in lib.every_page(tree):
            browser.open(daemon, path)
            browser.open_boxes()
            check_page(browser, name, here[name])
            for size in sizes:
                browser.resize(size)
                browser.screenshot(f"{name}-{language}")
                browser.check_layout()
                looked += 1
    return f"{len(NAMES)} names are text on {looked} pages"


lib.run(test)
