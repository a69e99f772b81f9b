#!/usr/bin/python3
"""pages - every page of both programs in both languages at three sizes: painted whole, every sentence there, nothing
sideways, no complaint of the browser; a picture of each is in the output folder."""
import lib
from lib import system

NODE = {"desk": "", "bulletin": "bulletin.html", "zero": "zero.html", "seal": "seal.html"}
HUB = {"board": "", "bulletin": "bulletin.html", "zero": "zero.html"}


def look(browser, name, language):
    for size in lib.SIZES:
        browser.resize(size)
        browser.check_width()
        browser.screenshot(f"{name}-{language}")
    browser.check_no_key()


def test(stage):
    tree = stage.tree()
    node, district = tree.nodes[0], next(hub for hub in tree.hubs if hub is not tree.top)
    place = system.places_of(node)[0]
    system.say(node, system.turnout(place, 12), system.incident(place))
    system.settle(tree)
    pages = 0
    for language in ("vi", "en"):
        browser = stage.browser(language=language)
        for program, daemon, paths in (("node", node, NODE), ("district", district, HUB), ("province", tree.top, HUB)):
            for name, path in paths.items():
                browser.open(daemon, path)
                look(browser, f"{program}-{name}", language)
                pages += 1
    return f"{pages} pages at {len(lib.SIZES)} sizes"


lib.run(test)
