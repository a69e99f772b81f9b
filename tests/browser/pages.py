#!/usr/bin/python3
"""pages - every page of both programs in both languages at three sizes: painted whole, every sentence there, nothing
sideways, no complaint of the browser; papers are one A4 sheet. Pictures and PDFs of each are in the output folder.
With $DANTIN_QUICK in Vietnamese only, on a laptop and a phone."""
import os

import lib
from lib import daemons


def check_table():
    """No page is forgotten here: what lies in a web folder stands in lib.PAGES."""
    for program, folders in (("node", ("common", "node")), ("hub", ("common", "hub"))):
        there = {page.name for folder in folders for page in (daemons.ROOT / folder / "web").glob("*.html")}
        named = {path.partition("?")[0].partition("#")[0] or "index.html" for path in lib.PAGES[program].values()
                 if path != "plain"}  # that one is written by the program
        assert there == named, f"lib.PAGES of the {program} differs from its web folders by {sorted(there ^ named)}"


def test(stage):
    check_table()
    tree = stage.day()
    stage.officers(tree)
    pages = 0
    languages, sizes = (("vi",), ("laptop", "phone")) if os.environ.get("DANTIN_QUICK") else (("vi", "en"), lib.SIZES)
    for language in languages:
        browser = stage.browser(language=language)
        for hub in tree.hubs:
            browser.login(hub)
        for name, daemon, path in lib.every_page(tree):
            browser.open(daemon, path)
            for size in sizes:
                browser.resize(size)
                browser.screenshot(f"{name}-{language}")
                browser.check_layout()
            browser.check_no_key()
            # A paper of this small tree: one A4 sheet; the one for the morning lists now all that is no longer zero.
            if browser.count("body.sheet") and "zero" not in name:
                sheets = browser.print_pdf(f"{name}-{language}")
                assert sheets == 1, f"{name} in {language} is printed on {sheets} sheets"
            pages += 1
    return f"{pages} pages at {len(sizes)} sizes"


lib.run(test)
