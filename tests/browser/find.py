#!/usr/bin/python3
"""find - a village by a few letters without marks on the monitor, by keyboard: listed with its way, opened by Enter."""
import lib
from lib import system


def test(stage):
    tree = stage.tree(communes=2)
    node = tree.nodes[0]
    place = system.places_of(node)[0]
    name = next(p["name"] for p in node.get("/api/state")["places"] if p["code"] == place)
    officer = stage.browser()
    officer.open(tree.top, plain=True)
    officer.tab_to("#finder input").type("to 1")
    officer.wait_text("#finder li", tree.units[node.unit]["name"])
    assert all("1" in text for text in officer.texts("#finder li b")), officer.texts("#finder li b")
    officer.press("Escape")
    lib.wait_for("the list is gone", lambda: officer.count("#finder li") == 0)
    officer.type("khong co thon nay")
    officer.wait_text("#finder .note", "Không có")
    officer.press("Escape")
    officer.type(place).press("Enter")
    officer.wait_text("h1, #path", name)
    assert officer.count("#finder li") == 0 and officer.value("#finder input") == ""
    officer.check_layout()
    return "found by letters and by code, by keyboard"


lib.run(test)
