#!/usr/bin/python3
"""rules - the seven rules for screens, on every page of both programs in both languages: as of when, from whom and how sure;
count and base before the percentage; missing is never zero; never a colour alone, whole by keyboard, in large targets and in
black on white; Vietnamese dates and numbers whatever the machine; no figure of a candidate before a count; no voter's name."""
import re
import shutil

import lib
from lib import daemons, system

MOMENT = re.compile(r"\b\d\d/\d\d/\d{4} \d\d:\d\d\b")
PERCENT = re.compile(r"[\d.,]+\s?%")
# What stands before a percentage: "159/361 (", or a bulletin's "có 50/470 cử tri đã bỏ phiếu, đạt ".
BASED = re.compile(r"\d[\d.]*/\d[\d.]*(\s+\(?|, | cử tri[^%]*, đạt )$")
NONE = {"vi": "chưa có", "en": "none yet"}
LEAST_PIXELS = 24  # of a target, in both directions; a link within a sentence is the text's


def each_page(stage, tree, languages=("vi", "en")):
    """(browser, name, the whole text) of every page in every language, everything unfolded."""
    for language in languages:
        browser = stage.people[language]
        browser.resize("laptop")
        for name, daemon, path in lib.every_page(tree):
            browser.open(daemon, path).open_boxes()
            yield browser, f"{name} in {language}", browser.text()


def without_colours(browser):
    """The text but for a tile's colour in a figure, and its key: the tile says all of it to who does not see colours."""
    browser.js("for (const e of document.querySelectorAll('.tile b, .key')) e.hidden = true")
    text = browser.text()
    browser.js("for (const e of document.querySelectorAll('.tile b, .key')) e.hidden = false")
    return text


# ---- 3: missing is never zero, and 6: no candidate before a count

def nothing_yet(stage, tree):
    """Before anybody has said a word there is no figure of voters at all, and none of a candidate."""
    for browser, name, text in each_page(stage, tree):
        text = without_colours(browser)
        assert not PERCENT.search(text), f"{name} has a percentage of nothing: {PERCENT.search(text)[0]}"
        if "zero" in name:
            assert browser.print_pdf(name.replace(" ", "-")) == 1, f"{name} is not printed on one sheet"
        if "zero" not in name:  # the sheet of counters states zeros: that is what it is for
            told = re.search(r"(?<![\d./])0(/\d{3}| cử tri| voters| votes| phiếu)", text)
            assert not told, f"{name} says {told[0]!r} where nobody has said anything"
    for language in ("vi", "en"):
        board = stage.people[language].open(tree.top)
        assert NONE[language] in board.open_boxes().text(), f"the board does not say {NONE[language]!r}"


def zero_is_stated(stage, tree):
    """One village says 0, the other nothing: the first is a figure, the second is not, the total says of how many."""
    node, browser = tree.nodes[0], stage.people["vi"]
    one, two = system.places_of(node)[:2]
    voters = {p["code"]: p["ballots"][0]["voters"] for p in node.get("/api/state")["places"]}
    system.say(node, system.turnout(one, 0, cutoff=2))
    system.settle(tree)
    district = tree.at[tree.units[node.unit]["parent_code"]]
    browser.open(district, f"#{node.unit}")
    text = browser.wait_text("body", f"0/{voters[one]} (0,00 %)".replace(" %", "\u00a0%"))
    assert not re.search(rf"(?<!\d)0/{voters[two]}\b", text), f"{two} said nothing and stands there with 0"
    assert re.search(r"1/2 |1 của 2", text), "the total does not say that it is of 1 of 2 villages"
    system.say(node, system.turnout(one, 103, cutoff=2, replaces="last", why="gõ nhầm"))


def no_candidate_early(stage, tree):
    """Every figure of the day but the counts is in: no candidate has one, at no tier."""
    for browser, name, text in each_page(stage, tree, ("vi",)):
        if name.startswith(("district", "province")):
            shown = browser.texts(".votes li span:last-child, [data-votes]")
            assert all(NONE["vi"] in figure or not figure for figure in shown), f"{name} shows candidates' figures: {shown}"
        assert "trúng cử" not in text.replace("không trúng cử", "").lower() or re.search("node|duelist", name), f"{name} knows who is elected"


def held_is_not_shown(stage, tree):
    """A count that contradicts itself waits: its candidates have no figure on any board."""
    held = next(line["form"] for line in tree.lines if "tally" in line["form"] and tree.expected["contradicting"] in line["form"])
    votes = re.search(r"votes=1:(\d+),2:(\d+)", held)
    browser = stage.people["vi"]
    for hub in tree.hubs:
        text = browser.open(hub).open_boxes().text()
        shown = [n for n in votes.groups() if re.search(rf"(?<![\d./:]){n}/\d", text)]
        assert not shown, f"{hub.name()} shows {shown} of a count that is held"


# ---- 1 and 2: as of when, from whom, how sure; count and base

def as_of(browser, name, text):
    if re.search("login|people|audit|sample", name):
        return  # two have no number, the others answer what is asked there
    assert MOMENT.search(text) or re.search(r"[Tt]ính đến \d", text), f"{name} does not say as of when"
    if browser.count("#as-of"):
        assert MOMENT.fullmatch(browser.text("#as-of")), f"{name} is as of {browser.text('#as-of')!r}"


def from_whom(stage, tree):
    """The way of a figure is said beside it: at the desk, by telephone, relayed by the district."""
    node, browser = tree.nodes[0], stage.people["vi"]
    place = system.places_of(node)[0]
    system.say(node, system.turnout(place, 104, cutoff=2, replaces="last", why="báo lại", how="phone"),
               system.turnout(place, 105, cutoff=2, replaces="last", why="báo lại", how="radio"))
    district = tree.at[tree.units[node.unit]["parent_code"]]
    daemons.run(district.program, "phone", node.unit, "kind=turnout", f"place={place}", "cutoff=2", "voted=106",
                "behalf=Ông A", "--as", daemons.PERSON, "--dir", district.dir)
    system.settle(tree)
    browser.open(node)
    for words in ("tại bàn", "điện thoại", "bộ đàm"):
        browser.wait_text("body", words)


def how_sure(stage, tree):
    """A count is provisional, then its minutes are signed, then it is recognised: in words, everywhere."""
    node, browser = tree.nodes[-1], stage.people["vi"]
    place = system.places_of(node)[0]
    contest = next(line["form"] for line in tree.lines if f"place={place}" in line["form"]).split("contest=")[1].split("&")[0]
    for hub in tree.hubs:
        assert "tạm thời" in browser.open(hub).open_boxes().text(), f"{hub.name()} does not say that results are provisional"
    system.say(node, system.form(kind="minutes", place=place, contest=contest, act=system.new_act(), number="01/BB", copies=3,
                                 witnesses=2, signed=5))
    browser.open(node).wait_text("body", "đã ký biên bản")
    system.say(node, system.form(kind="decision", place=place, contest=contest, act=system.new_act(), what="recognised",
                                 number="15/QĐ", date="26/11/2026", signatory="Chủ tịch"))
    system.settle(tree)
    browser.open(node).wait_text("body", "đã công nhận")
    for hub in tree.hubs:
        browser.open(hub).open_boxes()
        browser.wait_text("body", "đã công nhận")


def with_base(browser, name, text):
    flat = without_colours(browser).replace("\u00a0", " ")
    flat = re.sub(r"\d+ \w+( \w+)? đạt 100 %(, chiếm [\d,]+ %)?", "", flat)  # how many units have reached it
    for found in PERCENT.finditer(flat):
        before = flat[max(0, found.start() - 60):found.start()]
        assert BASED.search(before), f"{name} has {before + found[0]!r}: a percentage without count and base before it"


# ---- 4: colours, keys, targets, paper

def words_with_colours(browser, name, text):
    """What a colour says is said in words or a sign too."""
    bare = browser.js("""return [...document.querySelectorAll(".chip, .good, .warn, .bad, .overdue, .tick")]
        .filter((e) => e.checkVisibility() && !/[\\p{L}\\p{N}!▲△●○◐◌✓■↺★]/u.test(e.innerText))
        .map((e) => e.outerHTML.slice(0, 120))""")
    assert not bare, f"{name} has colours without a word: {bare}"


def black_on_white(browser, name, text):
    """Printed, every letter is dark on a light ground: nothing is lost on a printer without colours."""
    browser.cdp("Emulation.setEmulatedMedia", media="print")
    pale = browser.js("""
        const light = (c) => { const [r, g, b] = c.match(/[\\d.]+/g).map(Number); return .299 * r + .587 * g + .114 * b; };
        const ground = (e) => { for (; e; e = e.parentElement) {
            const c = getComputedStyle(e).backgroundColor;
            if (!/, 0\\)$/.test(c)) return light(c); } return 255; };
        return [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility()
            && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())
            && (light(getComputedStyle(e).color) > 100 || ground(e) < 200)).map((e) => e.outerHTML.slice(0, 100))""")
    browser.cdp("Emulation.setEmulatedMedia", media="")
    assert not pale, f"{name} prints what is pale or on a dark ground: {pale[:4]}"


def by_keyboard(browser, name, text):
    """Tab comes to every thing that can be pressed or filled in, and one sees where it is."""
    wanted = browser.js("""
        window.wanted = new Set([...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
            .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0
                && !(e.type === "radio" && !e.checked)));
        window.unmarked = [];
        document.addEventListener("focusin", ({ target: e }) => {
            const style = getComputedStyle(e);
            window.wanted.delete(e);
            if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2)
                window.unmarked.push(e.outerHTML.slice(0, 100));
        });
        document.activeElement?.blur();
        return window.wanted.size;""")
    for _ in range(4):
        browser.press(*["Tab"] * (wanted + 5))
        if not browser.js("return window.wanted.size"):
            break
    missed, unmarked = browser.js(
        "return [[...window.wanted].filter((e) => e.isConnected).map((e) => e.outerHTML.slice(0, 100)), window.unmarked]")
    assert not missed, f"{name}: Tab never comes to {missed[:4]}"
    assert not unmarked, f"{name}: one does not see that the focus is on {unmarked[:3]}"


def large_targets(browser, name, text):
    browser.resize("phone")
    small = browser.js("""return [...document.querySelectorAll("button, input, select, summary, a[href]")]
        .filter((e) => e.checkVisibility() && !e.closest("p:not(.noprint)"))
        .map((e) => [e, (e.type === "radio" || e.type === "checkbox" ? e.closest("label") ?? e : e).getBoundingClientRect()])
        .filter(([e, box]) => box.width < arguments[0] || box.height < arguments[0])
        .map(([e, box]) => `${e.outerHTML.slice(0, 80)} ${Math.round(box.width)}x${Math.round(box.height)}`)""", LEAST_PIXELS)
    browser.resize("laptop")
    assert not small, f"{name} has small targets for a finger: {small[:5]}"


# ---- 5: dates and numbers, in a browser that believes to be in New York

def vietnamese_figures(browser, name, text):
    wrong = re.findall(r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}:\d\d ?[AaPp][Mm]\b|\b\d+\.\d{1,2} ?%|\b\d{1,3},\d{3}\b", text)
    assert not wrong, f"{name} writes {wrong[:4]}"
    for date in re.findall(r"\b(\d\d)/(\d\d)/\d{4}\b", text):
        assert int(date[1]) <= 12, f"{name} has month {date[1]}"
    offset = browser.js("return new Date().getTimezoneOffset()")
    assert offset > 0, "the browser is not west of Greenwich"
    shown = browser.text("#as-of") or ""
    if MOMENT.fullmatch(shown):
        here = browser.js("return new Date(Date.now() + 7 * 3600000).toISOString()")
        late = (int(here[11:13]) * 60 + int(here[14:16]) - int(shown[11:13]) * 60 - int(shown[14:16])) % 1440
        assert late <= 2, f"{name} is as of {shown}, at +07:00 it is {here}"


def no_voter(browser, name, text):
    asked = [label for label in browser.texts("label, th, dt")
             if re.search(r"họ (và )?tên cử tri|tên cử tri|voter'?s? name", label, re.I)]
    assert not asked, f"{name} asks for {asked}"


def no_list_of_voters(stage, tree):
    """A list of voters by name is no plan."""
    plan = stage.home / "named"
    shutil.copytree(stage.home / "plan", plan)
    voters = (plan / "voters.csv").read_text("utf-8").splitlines()
    named = [voters[0] + ",voter_name"] + [line + ",Nguyễn Văn A" for line in voters[1:]]
    (plan / "voters.csv").write_text("\n".join(named) + "\n", "utf-8")
    code, out, err = system.try_command(tree.top.program, "plan", "check", plan)
    assert code != 0 and "voter_name" in out + err, f"a list with voters' names is taken as a plan: {out}{err}"


MORNING = (nothing_yet, zero_is_stated)
BEFORE_COUNTS = (no_candidate_early,)
AFTERNOON = (held_is_not_shown, from_whom, how_sure, no_list_of_voters)
OF_A_PAGE = (as_of, with_base, words_with_colours, vietnamese_figures, no_voter)
OF_A_LOOK = (black_on_white, large_targets, by_keyboard)  # the same in either language


def test(stage):
    tree = stage.morning()
    stage.people = {language: stage.browser(language=language) for language in ("vi", "en")}
    faults = []

    def hold(rules, *words):
        for rule in rules:
            try:
                rule(*(words or (stage, tree)))
            except AssertionError as e:  # the other rules are looked at all the same
                faults.append(f"{rule.__name__}: {e}")
    hold(MORNING)
    counts = [line for line in tree.lines if "kind=tally" in line["form"]]
    tree.lines = [line for line in tree.lines if line not in counts]
    stage.play(tree, closing=False)
    hold(BEFORE_COUNTS)
    tree.lines, whole = counts, tree.lines + counts
    stage.play(tree)
    tree.lines = whole
    hold(AFTERNOON)
    stage.officers(tree)
    for browser in stage.people.values():
        browser.expect("status of 401")  # the page that was open when the accounts were made
        for hub in tree.hubs:
            browser.login(hub)
    for browser, name, text in each_page(stage, tree):
        for rule in OF_A_PAGE + (OF_A_LOOK if name.endswith("vi") else ()):
            hold([rule], browser, name, text)
    assert not faults, "\n".join(faults)
    return f"{len(MORNING + BEFORE_COUNTS + AFTERNOON + OF_A_PAGE + OF_A_LOOK)} rules of screens hold"


lib.run(test)
