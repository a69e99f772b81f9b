#!/usr/bin/python3
"""unsent - what the unit above does not have yet, in words: how many and for how long; when it is time to ring, the number
and each line to read out with its check digits; an incident that nobody acknowledged names whom to ring."""
import lib
from lib import system

# What only time brings: the program's word that it is time to ring. All else is the program's own answer.
LATER = """
(() => {
    const ask = window.fetch;
    window.fetch = async (path, ...more) => {
        const reply = await ask(path, ...more);
        if (!String(path).endsWith("api/state") || !window.name.includes("later"))
            return reply;
        const state = await reply.json();
        state.advice.word = "phone";
        state.advice.since -= 25 * 60000;
        for (const m of state.matters?.matters ?? []) {
            m.ring = m.open && m.kind === "incident" && m.acknowledged === null;
            m.entered -= 4 * 60000;
        }
        return new Response(JSON.stringify(state), { status: 200, headers: reply.headers });
    };
})();
"""


def check_of(place, cutoff, figure):
    return 98 - (int(f"{place:03}{cutoff:02}{figure:06}") * 100) % 97


def test(stage):
    tree = stage.tree(communes=1)
    node, hub = tree.nodes[0], tree.at[system.HUB]
    status, reply = node.post("/api/contacts", system.form(unit=system.HUB, contacts="Trực ban\tTrần Thị B\t0255 3824 111"))
    assert status == 200, reply
    hub.kill()
    places = node.get("/api/state")["places"]
    for i, place in enumerate(places):
        system.say(node, system.turnout(place["code"], 20 + i))
    system.say(node, system.incident(places[0]["code"], text="In sai họ tên trên phiếu"))
    advice = node.get("/api/state")["advice"]
    assert (advice["n"], advice["word"]) == (len(places), "none"), advice
    lines = [f"{p['number']:02} – 1 – {20 + i} – {check_of(p['number'], 1, 20 + i):02}" for i, p in enumerate(places)]
    assert [(x["voted"], x["check"]) for x in advice["items"]] == [
        (20 + i, check_of(p["number"], 1, 20 + i)) for i, p in enumerate(places)], advice
    browser = stage.browser()
    browser.cdp("Page.addScriptToEvaluateOnNewDocument", source=LATER)
    browser.open(node)
    assert not browser.seen("#advice"), "what was entered a moment ago is on its way: nothing is said of it"
    browser.js("window.name = 'later'")
    browser.reload()
    text = browser.wait_text("#advice", "0255 3824 111")
    assert "25 phút" in text and "huyện" in text and all(line in text for line in lines), text
    ring = browser.wait_text("#matters .ring", "0255 3824 111")
    assert "4 phút" in ring and "huyện" in ring, ring
    for size in ("laptop", "phone"):
        browser.resize(size)
        browser.screenshot("ring", whole=False)
        browser.check_layout()
    hub.start().wait_ready()
    lib.wait_for("the hub has them", lambda: node.get("/api/state")["advice"]["n"] == 0)
    return f"{len(places)} figures to read out, with check digits and the number to ring"


lib.run(test)
