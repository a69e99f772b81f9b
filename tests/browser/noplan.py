#!/usr/bin/python3
"""noplan - a hub that was just set up: its pages say in both languages that no plan is here yet, none claims to have no line."""
import lib
from lib import daemons, system

PAGES = (("", "#dead"), ("wall.html", "#dead"), ("bulletin.html", "#note"))
WORDS = {"vi": "Ở đây chưa có kế hoạch bầu cử", "en": "No plan is here yet"}


def test(stage):
    hub = daemons.Daemon("dantin-hub", "51", stage.home / "bare")
    daemons.run(hub.program, "init", "--dir", hub.dir, "--unit", hub.unit, "--drill")
    hub.start().wait_ready()
    try:
        for language, words in WORDS.items():
            browser = stage.browser(language=language).expect(r"\b503\b")
            for path, where in PAGES:
                browser.driver.get(hub.url() + path)
                browser.wait_text(where, words)
    finally:
        system.stop(hub)
    return f"{len(PAGES)} pages in {len(WORDS)} languages"


lib.run(test)
