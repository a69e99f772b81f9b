#!/usr/bin/python3
"""axe - nothing serious or critical is found on any page of both programs, in either language, with every box open and
every tab chosen, on a laptop and a phone."""
import lib

TABS = ".tabs button, [role=tab]"


def states(browser):
    """The page as it opens with all boxes open, then with each of its tabs."""
    browser.open_boxes()
    yield ""
    for i in range(browser.count(TABS)):
        name = browser.js("""const tab = document.querySelectorAll(arguments[0])[arguments[1]];
            if (!tab || !tab.offsetParent)
                return null;
            tab.click();
            return tab.innerText;""", TABS, i)
        if name:
            yield f" tab {name!r}"


def test(stage):
    lib.need_axe()
    tree = stage.day()
    stage.officers(tree)
    found, looked = {}, 0
    for language in ("vi", "en"):
        browser = stage.browser(language=language)
        for hub in tree.hubs:
            browser.login(hub)
        for name, daemon, path in lib.every_page(tree):
            browser.resize("laptop" if language == "vi" else "phone")
            browser.open(daemon, path)
            for state in states(browser):
                looked += 1
                for fault in browser.axe():
                    found.setdefault(fault, f"{name} in {language}{state}")
    assert not found, "axe finds:\n" + "\n".join(f"{where}: {fault}" for fault, where in found.items())
    return f"nothing serious on {looked} pages and tabs"


lib.run(test)
