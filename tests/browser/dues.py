#!/usr/bin/python3
"""dues - days after the vote: whoever sees only the list can name what is overdue, by which day and by how many working
days, across a holiday; the commune and the district see the same; it is one page of A4."""
import datetime
import pathlib
import time

import lib
from lib import daemons, system

AGO = 20  # days since the vote
VERIFY = pathlib.Path(__file__).resolve().parents[1] / "system" / "verify.py"
VIETNAM = datetime.timezone(datetime.timedelta(hours=7))
HOLIDAY = "Giỗ Tổ <b>Hùng Vương</b>"


def day_of(ms):
    return datetime.datetime.fromtimestamp(ms / 1000, VIETNAM).date()


def is_worked(day, holidays):
    return day.weekday() < 5 and day not in holidays


def after(day, n, holidays):
    """The n-th working day after it."""
    while n:
        day += datetime.timedelta(days=1)
        n -= is_worked(day, holidays)
    return day


def between(day, today, holidays):
    """Working days after one day, up to another."""
    return sum(is_worked(day + datetime.timedelta(days=i), holidays) for i in range(1, (today - day).days + 1))


def counted(tree, node, place, at, votes):
    state = next(p for p in node.get("/api/state")["places"] if p["code"] == place)
    numbers = [c["number"] for c in state["ballots"][0]["candidates"]]
    given = {f"votes/{n}": v for n, v in zip(numbers, [votes] + [0] * 9)}
    system.say(node, system.form(kind="step", what="opened", place=place, act=system.new_act(), by="lan", at=at),
               system.form(kind="step", what="closed", place=place, act=system.new_act(), by="lan", at=at + 3600000),
               system.form(kind="tally", place=place, act=system.new_act(), by="lan", at=at + 2 * 3600000, attended=votes,
                           issued=votes, returned=votes, valid=votes, invalid=0, **given))


def test(stage):
    plan = stage.home / "plan"
    _, expected = daemons.make_drill(plan, *system.SMALL, "--communes", 1, lead=-AGO * 86400)
    at = int(expected["start"] * 1000)
    vote = day_of(at)
    off = after(vote, 1, set())  # the first working day after the vote
    (plan / "holidays.csv").write_text(f"date,name,until\n{off},{HOLIDAY},\n", "utf-8")
    tree = stage.grow(plan)
    node, hub = tree.nodes[0], tree.at[system.HUB]
    one, two = system.places_of(node)
    for place in (one, two):
        counted(tree, node, place, at, 100)
    system.say(node, system.form(kind="minutes", place=one, act=system.new_act(), by="lan", at=at + 3 * 3600000, number="01/BB"),
               system.form(kind="complaint", place=two, act=system.new_act(), by="lan", sort=1, state=1, actor="ông Tư"))
    system.settle(tree)
    today, holidays = day_of(time.time() * 1000), {off}
    recognise, minutes = after(vote, 5, holidays), vote + datetime.timedelta(days=3)
    browser = stage.browser()
    seen = []
    for name, daemon in (("node", node), ("district", hub)):
        browser.open(daemon, "duelist.html")
        browser.wait_text("#list", "việc quá hạn")
        rows = [row.split("\n") for row in browser.texts("#list tbody tr")]
        text = browser.text("#list")
        assert "3 việc, trong đó 2 việc quá hạn" in text, text
        for day, what in ((recognise, "Công nhận kết quả"), (minutes, "Gửi biên bản")):
            row = next(" ".join(r) for r in rows if what in " ".join(r))
            assert f"{day:%d/%m/%Y}" in row and "Quá hạn" in row, (row, day)
            over = between(day, today, holidays)
            assert f"quá {over} ngày làm việc" in row, (row, over)
        assert rows[0][0].startswith(f"{min(recognise, minutes):%d/%m/%Y}"), "the earliest day first"
        assert "chưa định ngày" in " ".join(rows[-1]) and "Khiếu nại" in " ".join(rows[-1]), "what has no day comes last"
        seen.append([" ".join(r) for r in rows])
        browser.screenshot(f"list-{name}")
        browser.check_layout()
        browser.check_no_key()
        assert browser.print_pdf(f"list-{name}") == 1
    assert seen[0] == seen[1], "commune and district see the same"
    browser.tab_to("#kind").choose("#kind", "Gửi biên bản")
    browser.wait_text("#list", "1 việc")
    assert browser.count("#list tbody tr") == 1
    # A plan with days off is read by the second reader of the format too.
    export = stage.home / "export.jsonl"
    export.write_text(daemons.run(tree.top.program, "export", "jsonl", "--dir", tree.top.dir), "utf-8")
    said = daemons.run("/usr/bin/python3", VERIFY, export)
    assert said.startswith("verify: OK"), said
    # The decision is made: it is off the list.
    system.say(node, system.form(kind="decision", what="recognised", place=one, act=system.new_act(), by="lan", number="1/QĐ",
                                 date=int(time.time() * 1000), signatory="chủ tịch"))
    browser.open(node, "duelist.html").wait_text("#list", "2 việc, trong đó 1 việc quá hạn")
    return f"{AGO} days after the vote: what is overdue, by which day, across a holiday"


lib.run(test)
