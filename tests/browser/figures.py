#!/usr/bin/python3
"""figures - what a clerk types as a figure is read by the node: it comes back with its dots, or with a sentence that names
what was typed, at the field where it stands; what the count would come to is the node's too."""
import lib
from lib import system


def field(name):
    return f"#tab-tally input[data-field='{name}']"


def fill(clerk, figures):
    for name, text in figures.items():
        clerk.js("document.querySelector(arguments[0]).focus(); document.querySelector(arguments[0]).select()", field(name))
        clerk.type(text)
    clerk.press("Tab")


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
    return "figures read by the node, back in groups or refused by name at their field"


lib.run(test)
