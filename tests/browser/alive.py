#!/usr/bin/python3
"""alive - a page follows what happens without touching what is being typed; one whose daemon is gone, or is there and says
nothing, greys itself and says since when, and is whole again by itself; a tab that slept shows no old figure as live."""
import os
import re
import signal

import lib
from lib import system

SINCE = re.compile(r"\b\d\d:\d\d:\d\d\b")
BEATS_S = 75  # two beats missed, and what the page takes to notice


def dead(browser):
    return browser.js("return document.body.classList.contains('dead')")


def wait_dead(browser, what, deadline=lib.DEADLINE):
    """It is grey, and says since when: a time of the day that is not later than now, at +07:00."""
    lib.wait_for(f"the page of {what} is grey", lambda: dead(browser), deadline)
    said = browser.wait_text("#dead", "kết nối")
    assert SINCE.search(said), f"it does not say since when: {said!r}"
    # On the clerk's page one goes on entering: there all but the desk is grey.
    faded = browser.js("""return Math.min(...["main", "main > :last-child"].map((where) =>
        Number(getComputedStyle(document.querySelector(where)).opacity)))""")
    assert faded < 0.7, f"the figures of a dead page look alive: opacity {faded}"


def wait_alive(browser, what):
    lib.wait_for(f"the page of {what} is whole again", lambda: not dead(browser))
    assert not browser.seen("#dead")


def typing(browser):
    """A field of the desk with half a figure in it, and the focus."""
    browser.tab_to("main input:not([type=hidden]):not([readonly])").type("12")
    return browser.js("return [document.activeElement.value, document.activeElement.outerHTML]")


def still_typing(browser, was):
    now = browser.js("return [document.activeElement.value, document.activeElement.outerHTML]")
    assert now[0] == was[0], f"what was being typed became {now}, it was {was}"


def daemon_gone(stage, tree):
    """The clerk's program is killed under a half-filled form, and starts again."""
    node = tree.nodes[0]
    one, two = system.places_of(node)[:2]
    clerk = stage.browser(size="laptop").expect(lib.CUT)
    clerk.open(node, plain=True)
    was = typing(clerk)
    system.say(node, system.turnout(two, 41))
    clerk.wait_text("body", "41")
    still_typing(clerk, was)
    lib.same_port(node)
    node.kill()
    wait_dead(clerk, "a node that was killed")
    clerk.screenshot("node-gone")
    still_typing(clerk, was)
    node.start().wait_ready()
    wait_alive(clerk, "a node that came back")
    system.say(node, system.turnout(two, 43, replaces="last", why="báo lại"))
    clerk.wait_text("body", "43")
    still_typing(clerk, was)
    system.settle(tree)
    return node, two


def tab_sleeps(stage, tree, node, place):
    """A phone in a pocket: when it wakes, the figures are those of now."""
    phone = stage.browser(size="phone").expect(lib.CUT)
    phone.open(tree.top, plain=True)
    phone.freeze()
    system.say(node, system.turnout(place, 57, cutoff=2))
    system.settle(tree)
    phone.wake()
    phone.wait_text("body", "57/")


def daemon_mute(stage, tree):
    """The district's program hangs: no line is cut, nothing comes. The page notices by the beats that are missing."""
    hub = tree.at[tree.units[tree.nodes[0].unit]["parent_code"]]
    board = stage.browser(size="wall").expect(lib.CUT)
    board.open(hub, plain=True)
    os.kill(hub.process.pid, signal.SIGSTOP)
    try:
        wait_dead(board, "a district that hangs", BEATS_S)
        board.screenshot("district-hangs", whole=False)
    finally:
        os.kill(hub.process.pid, signal.SIGCONT)
    wait_alive(board, "a district that goes on")


def test(stage):
    tree = stage.morning()
    node, place = daemon_gone(stage, tree)
    tab_sleeps(stage, tree, node, place)
    daemon_mute(stage, tree)
    return "killed, asleep, hanging: each is said with its time, nothing that was typed is lost"


lib.run(test)
