#!/usr/bin/python3
"""figures - what a clerk types as a figure is read by the node: it comes back with its dots, or with a sentence that names
what was typed, at the field where it stands; what the count would come to is the node's too."""
import time

import lib
from lib import system


def field(name):
    return f"#tab-tally input[data-field='{name}']"


def fill(clerk, figures):
    for name, text in figures.items():
        clerk.js("document.querySelector(arguments[0]).focus(); document.querySelector(arguments[0]).select()", field(name))
        clerk.type(text)
    clerk.press("Tab")


def times(clerk, node, place):
    """A step's time as people write it; one that is none is asked for again, in words."""
    clerk.js("document.querySelector('[data-tab=step]').click()")
    field = "#step-rows tr:first-child input"
    clerk.js("document.querySelector(arguments[0]).focus()", field)
    clerk.type("25:00").press("Enter")
    clerk.expect(lib.REFUSED)
    clerk.wait_text("#step-rows tr:first-child .note", "7:05")
    assert clerk.js("return document.querySelector(arguments[0]).getAttribute('aria-invalid')", field) == "true"
    clerk.js("document.querySelector(arguments[0]).focus(); document.querySelector(arguments[0]).select()", field)
    at = daemons_now()
    clerk.type(f"{at[0]}h{at[1]:02}").press("Enter")
    step = clerk.value("#step")
    lib.wait_for("the step is recorded", lambda: step in node.get("/api/state")["places"][0]["ballots"][0]["steps"])
    said = node.get("/api/state")["places"][0]["ballots"][0]["steps"][step]["at"]
    assert time.gmtime(said / 1000 + 7 * 3600)[3:5] == at, f"{said} is not {at}"


def daemons_now():
    """(hour, minute) of now in Vietnam."""
    return time.gmtime(time.time() + 7 * 3600)[3:5]


def test(stage):
    tree = stage.tree(communes=1)
    node = tree.nodes[0]
    place = system.places_of(node)[0]
    clerk = stage.browser()
    clerk.open(node, plain=True)
    clerk.js("document.getElementById('by').value = 'lan'")
    clerk.js("document.querySelector('[data-tab=tally]').click()")
    fill(clerk, {"attended": "1048", "issued": "1 048", "returned": "1.048"})
    for name in ("attended", "issued", "returned"):
        lib.wait_for(f"{name} is shown in groups", lambda: clerk.value(field(name)) == "1.048")
    for wrong in ("3,452", "98 %", "2l4"):
        fill(clerk, {"#1": "30", "#2": wrong})
        clerk.js("document.getElementById('tally-check').click()")
        clerk.wait_text("#tally-note", f'"{wrong}"')
        assert clerk.js("return document.activeElement.dataset.field") == "#2", "another field has the focus"
        assert clerk.js("return document.activeElement.getAttribute('aria-invalid')") == "true"
        clerk.expect(lib.REFUSED)
    fill(clerk, {"attended": "50", "issued": "50", "returned": "50", "valid": "48", "invalid": "2", "#1": "30", "#2": "18"})
    clerk.js("document.getElementById('tally-check').click()")
    clerk.wait_text("#tally-note", "✓")
    voters = node.get("/api/state")["places"][0]["ballots"][0]["voters"]
    assert f"30/{voters} (" in clerk.text("#tally-come") or "30/" in clerk.text("#tally-come"), clerk.text("#tally-come")
    clerk.js("document.getElementById('tally-send').click()")
    lib.wait_for("the count is recorded", lambda: system.ballot_at(tree.top, place)["tally"]["valid"] == 48)
    times(clerk, node, place)
    return "figures and times read by the node, back in groups or refused by name at their field"


lib.run(test)
