"""lib - what the browser tests share: Chromium without a screen that is driven as a person drives it, and a small tree.

A test is a program that calls run(test); test(stage) gets a Stage, and what it returns becomes the last line. It exits
with 0, 1 or 77 (skipped) like a system test, whose lib is here as `system`. Each browser that a stage gave fails the test
if its console said an error or the page's own policy (CSP) was broken, unless the test expected that: see Browser.expect.

Nothing here sleeps: wait_for a condition with a deadline. Pictures, PDFs and what a failed page showed are in
$DANTIN_SCREENS/NAME, else in screens/NAME of the build folder.
"""
import base64
import importlib.util
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("system_lib", HERE.parent / "system" / "lib.py")
system = importlib.util.module_from_spec(spec)
spec.loader.exec_module(system)
daemons, Skip, Trouble = system.daemons, system.Skip, system.Trouble
import day  # noqa: E402 deploy/ is on the path by now

SIZES = {"phone": (360, 640), "old": (1024, 768), "laptop": (1366, 768), "wall": (1920, 1080)}
DAY_S = 60  # how long a drill's day with the words of system.SMALL takes at most
DEADLINE = 20  # seconds that a page may take for anything; reaching it is a failure
OUTPUT = pathlib.Path(os.environ.get("DANTIN_SCREENS") or daemons.BUILD / "screens")
ELSEWHERE = "America/New_York"  # where the browser's machine believes to be: the pages say +07:00 all the same
PLAIN_HOST = "dantin.test"  # a name that is not this machine's own: over plain HTTP no secure context, as in an office
OFFICER, PASSWORD = "truc", "trực ban 12 giờ"  # of Stage.officers
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"

# Every page of each program, by the name of its picture. A page in a web folder that is not here fails pages.py.
PAGES = {
    "node": {
        "desk": "",
        "bulletin": "bulletin.html",
        "zero": "zero.html",
        "duelist": "duelist.html",
        "login": "login.html",
        "plain": "plain",
        "shift": "shift.html",
        "prints": "prints.html",
        "seal": "seal.html",
        "prints": "prints.html",
    },
    "hub": {
        "board": "",
        "duty": "desk.html",
        "handover": "handover.html",
        "audit": "audit.html",
        "sample": "sample.html",
        "bulletin": "bulletin.html",
        "login": "login.html",
        "plain": "plain",
        "people": "people.html",
        "zero": "zero.html",
        "duelist": "duelist.html",
        "wall": "wall.html",
        "units": "#&see=turnout",
        "commune": "#21484&see=turnout",
        "place": "#2148401",
        "record": "record.html?unit=2148401&kind=turnout&which=1",
    },
}

# Before any script of a page: which tasks were long, a language chosen last time, and nothing may ask in a box of its own.
BEFORE = """
(() => {
    window.seen = { long: [], asking: 0, asked: 0 };
    const ask = window.fetch;
    window.fetch = (...words) => {
        window.seen.asking++;
        return ask(...words).finally(() => {
            window.seen.asking--;
            window.seen.asked = performance.now();
        });
    };
    for (const name of ["alert", "confirm", "prompt"])
        window[name] = (text) => console.error(`${name}: ${text}`);
    new PerformanceObserver((list) => window.seen.long.push(...list.getEntries().map((e) => Math.round(e.duration))))
        .observe({ type: "longtask", buffered: true });
    try {
        if (!localStorage.getItem("dantin.language"))
            localStorage.setItem("dantin.language", LANGUAGE);
    } catch {}
})();
"""

# Elements that stick out of the page, or text that sticks out of its box, in words; what scrolls within itself may.
LAYOUT = """
const width = arguments[0], faults = [];
const name = (e) => `${e.tagName.toLowerCase()}${e.id && "#" + e.id}${e.className && "." + e.className}`;
const scrolls = (e) => e && e !== document.body && (getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement));
if (document.documentElement.scrollWidth > width)
    faults.push(`it is ${document.documentElement.scrollWidth} wide`);
const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walk.nextNode()) {
    const text = walk.currentNode, e = text.parentElement;
    if (!text.data.trim() || !e.checkVisibility?.({ visibilityProperty: true }) || /SCRIPT|STYLE|OPTION/.test(e.tagName))
        continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const box = range.getBoundingClientRect();
    const home = e.closest("td, th, li, button, .card, .panel, .bar, main.sheet, dialog, header, body");
    const edge = home.getBoundingClientRect();
    if (box.width && (box.right > edge.right + 2 || box.left < edge.left - 2) && !scrolls(e) && !e.closest(".unseen"))
        faults.push(`${text.data.trim().slice(0, 40)} leaves ${name(home)}`);
}
return faults;
"""


def wait_for(what, condition, deadline=DEADLINE, alive=()):
    """The first true value of `condition`; Trouble after the deadline."""
    return daemons.wait_for(what, condition, deadline, alive)


def run(test):
    """The whole program of a test: its tree, its browsers and its verdict."""
    def with_stage(world):
        with Stage(world) as stage:
            return test(stage)
    system.run(with_stage)


def every_page(tree):
    """(name, daemon, path) of every page: at a node, its district and the province."""
    node = tree.nodes[0]
    district = tree.at[tree.units[node.unit]["parent_code"]]
    for name, daemon in (("node", node), ("district", district), ("province", tree.top)):
        for page, path in PAGES["node" if daemon is node else "hub"].items():
            yield f"{name}-{page}", daemon, path


def give(daemon, person, name, secret, *words):
    """A person who logs in: their name, PIN or password, and what else the command takes (--role, --scope)."""
    daemons.run(daemon.program, "people", "add", person, "--name", name, *words, "--dir", daemon.dir)
    done = subprocess.run([daemon.program, "people", "secret", person, "--dir", daemon.dir], input=secret + "\n",
                          capture_output=True, text=True, timeout=daemons.DEADLINE)
    assert done.returncode == 0, done.stderr


def same_port(daemon, settings=None):
    """Its next start answers at the address it has now: a page that lost it finds it again."""
    daemons.write_settings(daemon.dir, {**system.QUICK, "http/host": PLAIN_HOST, **(settings or {}),
                                        "http/listen": f"127.0.0.1:{daemon.port}"})


def need_browser():
    """Skip where there is nothing to drive; the last line says what to install."""
    for program in ("/usr/bin/chromium", "/usr/bin/chromedriver"):
        if not os.access(program, os.X_OK):
            raise Skip(f"{program} is not here: deploy/setup --browser")
    try:
        import selenium.webdriver  # noqa: F401 only whether it is there
    except ImportError:
        raise Skip(f"python3-selenium is not here for {sys.executable}: deploy/setup --browser, and Debian's "
                   "/usr/bin/python3")


def need_axe():
    if not AXE.exists():
        raise Skip("axe-core is not here: deploy/setup --browser, with npm and its registry")


class Stage:
    """A test's tree and its browsers. All that the world of the system tests has is had by `world`."""

    def __init__(self, world):
        need_browser()
        self.world, self.home, self.browsers = world, world.home, []
        self.output = OUTPUT / pathlib.Path(sys.argv[0]).stem
        shutil.rmtree(self.output, ignore_errors=True)
        self.output.mkdir(parents=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        try:
            if kind is None:
                for browser in self.browsers:
                    browser.check_faults()
            elif kind is not Skip:
                for number, browser in enumerate(self.browsers):
                    browser.tell(f"failed-{number}")
        finally:
            for browser in self.browsers:
                browser.close()

    def tree(self, communes=2, settings=None):
        """A started tree: a province, one district, its communes of two places each."""
        return self.world.tree(communes, {"http/host": PLAIN_HOST, **(settings or {})})

    def grow(self, plan, settings=None):
        """The started tree of a plan that lies in the folder `plan`."""
        folder = self.home / "tree"
        folder.mkdir(exist_ok=True)
        tree = daemons.Tree(plan, folder, {**system.QUICK, "http/host": PLAIN_HOST, **(settings or {})})
        self.world.trees.append(tree)
        tree.start()
        for hub in tree.hubs:
            system.write_people(hub)
        return tree

    def drill(self, *words, settings=None, **more):
        """The started tree of a drill's plan made with these words of deploy/plans/make-drill, and its lines."""
        lines, expected = daemons.make_drill(self.home / "plan", *words, **more)
        tree = self.grow(self.home / "plan", settings)
        tree.lines, tree.expected = lines, expected
        return tree

    def morning(self, communes=2, rename=None, settings=None):
        """The tree of a drill whose day has passed without a word; tree.lines has what play(tree) will say.
        `rename(plan)` may change the plan's tables before."""
        plan = self.home / "plan"
        lines, expected = daemons.make_drill(plan, *system.SMALL, "--communes", communes, lead=-DAY_S)
        if rename:
            rename(plan)
        tree = self.grow(plan, settings)
        tree.lines, tree.expected = lines, expected
        return tree

    def play(self, tree, closing=True):
        """The whole day, said within seconds: every step, figures that were corrected, counts, an incident, one count
        that stays held; `closing`: bulletins released, the first commune's seal."""
        for line in tree.lines:
            if "tally" in line["form"] and "replaces" in line["form"]:
                continue  # so that the one before it stays held
            daemon, form = tree.at[day.speaker(line)], day.signed(line, tree.expected["start"])
            if day.is_local(line):
                daemon.command("/api/say", form)
            else:
                system.say(daemon, form)
        system.settle(tree)
        if not closing:
            return
        for hub in tree.hubs[::-1]:
            daemons.run(hub.program, "bulletin", "release", "--as", daemons.PERSON, "--dir", hub.dir)
        daemons.run(tree.nodes[0].program, "seal", "--by", daemons.PERSON, "--dir", tree.nodes[0].dir)
        system.settle(tree)

    def day(self, **words):
        """The tree at the end of its day."""
        tree = self.morning(**words)
        self.play(tree)
        return tree

    def officers(self, tree, *persons):
        """Accounts of officers at every hub of the tree: from now on a hub is seen by whoever logs in."""
        for hub in tree.hubs:
            for person in persons or (OFFICER,):
                daemons.run(hub.program, "people", "add", person, "--name", f"Trực ban {person}", "--role", "operator",
                            "--dir", hub.dir)
                system.try_command(hub.program, "people", "secret", person, "--dir", hub.dir, given=PASSWORD + "\n")

    def browser(self, size="laptop", language="vi"):
        """Another person's browser: a profile of its own, nothing shared with the others."""
        browser = Browser(self, size, language)
        self.browsers.append(browser)
        return browser


class Browser:
    """One person's browser. Selectors are CSS; what is read is read in one go, so no element is ever stale."""

    def __init__(self, stage, size, language):
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service
        self.stage, self.language, self.expected = stage, language, []
        options = webdriver.ChromeOptions()
        profile = stage.home / f"chromium-{len(stage.browsers)}"
        for word in ("--headless=new", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--hide-scrollbars",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync",
                     f"--lang={language}", f"--user-data-dir={profile}", "--force-color-profile=srgb",
                     f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1"):
            options.add_argument(word)
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")  # Chromium asks for it as root; nobody's machine but a test's
        options.binary_location = "/usr/bin/chromium"
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(
            service=Service("/usr/bin/chromedriver", log_path=os.devnull, env={**os.environ, "TZ": ELSEWHERE}),
            options=options)
        self.driver.set_script_timeout(DEADLINE)
        self.driver.set_page_load_timeout(DEADLINE)
        self.cdp("Network.enable")
        self.cdp("Page.addScriptToEvaluateOnNewDocument", source=BEFORE.replace("LANGUAGE", json.dumps(language)))
        self.resize(size)

    def close(self):
        try:
            self.driver.quit()
        except Exception as e:  # it has died already; the test's own verdict counts
            print(f"a browser did not close: {type(e).__name__}")

    def cdp(self, method, **words):
        return self.driver.execute_cdp_cmd(method, words)

    def js(self, body, *words):
        """What a function of this body returns; `arguments` are the words."""
        return self.driver.execute_script(body, *words)

    # ---- where it is

    def resize(self, size):
        self.size = size
        self.width, self.height = SIZES[size]
        self.cdp("Emulation.setDeviceMetricsOverride", width=self.width, height=self.height, deviceScaleFactor=1,
                 mobile=size == "phone")

    def open(self, daemon, path="", plain=False):
        """Goes to a page of a daemon and waits until it has painted. `plain`: not by localhost, so no secure context."""
        address = daemon.url() if isinstance(daemon, daemons.Daemon) else daemon
        if path == "plain":
            path += f"?lang={self.language}"  # it has no script that would know
        if plain:
            address = address.replace("127.0.0.1", PLAIN_HOST)
        self.driver.get(address + path)
        return self.painted()

    def login(self, hub, person=None):
        """As an officer of Stage.officers; the form itself is for the test of accounts."""
        self.open(hub, "login.html")
        status = self.driver.execute_async_script("""
            const [person, secret, done] = arguments;
            fetch("api/login", { method: "POST", body: new URLSearchParams({ person, secret }),
                headers: { "X-Dantin": "1" } }).then((r) => done(r.status), () => done(0));""", person or OFFICER, PASSWORD)
        assert status == 200, f"{person or OFFICER} cannot log in: {status}"
        return self

    def painted(self):
        """Until every sentence is there, nothing has been asked for a moment, and the fonts are there."""
        def calm():
            return self.js("""
                const words = [...document.querySelectorAll("[data-t]")];
                return document.readyState === "complete" && document.fonts.status === "loaded"
                    && words.every((e) => e.textContent) && !document.querySelector("[aria-busy=true]")
                    && window.seen.asking === 0 && performance.now() - window.seen.asked > 120
                    && (!document.getElementById("as-of") || document.getElementById("as-of").textContent !== "");""")
        wait_for(f"{self.driver.current_url} is painted", calm)
        return self

    def reload(self):
        self.driver.refresh()
        return self.painted()

    def open_boxes(self):
        """Every box that can be folded away is open."""
        self.js("for (const box of document.querySelectorAll('details')) box.open = true")
        return self

    # ---- what is read

    def text(self, selector="body"):
        """What is seen of the first that matches; None where there is none."""
        return self.js("return document.querySelector(arguments[0])?.innerText ?? null", selector)

    def texts(self, selector):
        return self.js("return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText)", selector)

    def value(self, selector):
        return self.js("return document.querySelector(arguments[0])?.value ?? null", selector)

    def count(self, selector):
        return self.js("return document.querySelectorAll(arguments[0]).length", selector)

    def seen(self, selector):
        """Whether the first that matches is there and takes room on the page."""
        return self.js("""const box = document.querySelector(arguments[0])?.getBoundingClientRect();
            return Boolean(box && box.width && box.height)""", selector)

    def wait_text(self, selector, words, deadline=DEADLINE):
        """Until what is seen of one that matches holds the words; its whole text."""
        last = []

        def holds():
            last[:] = self.texts(selector)
            return next((text for text in last if words in text), None)
        try:
            return wait_for(f"{selector} says {words!r}", holds, deadline)
        except Trouble as e:
            raise Trouble(f"{e}; it says {last[:8]}")

    def wait_seen(self, selector, deadline=DEADLINE):
        wait_for(f"{selector} is seen", lambda: self.seen(selector), deadline)

    def wait_gone(self, selector, deadline=DEADLINE):
        wait_for(f"{selector} is gone", lambda: not self.seen(selector), deadline)

    # ---- what a person does: keys only

    def press(self, *keys):
        """Keys by name, with others held: "Tab", "Enter", "Shift+Tab", "Alt+ArrowDown", "Control+a", "F2", "a"."""
        from selenium.webdriver import ActionChains
        from selenium.webdriver.common.keys import Keys
        names = {**vars(Keys), **{f"ARROW{way}": getattr(Keys, f"ARROW_{way}") for way in ("UP", "DOWN", "LEFT", "RIGHT")},
                 "PAGEUP": Keys.PAGE_UP, "PAGEDOWN": Keys.PAGE_DOWN}
        chain = ActionChains(self.driver, duration=0)
        for key in keys:
            *held, last = key.split("+") if key != "+" else ("+",)
            codes = [names[word.upper()] for word in held]
            for code in codes:
                chain.key_down(code)
            chain.send_keys(last if len(last) == 1 else names[last.upper()])
            for code in codes:
                chain.key_up(code)
        chain.perform()
        return self

    def type(self, text):
        """Text into what has the focus."""
        from selenium.webdriver import ActionChains
        ActionChains(self.driver, duration=0).send_keys(text).perform()
        return self

    def paste(self, text):
        """As Ctrl+V does, into what has the focus: an event with the text, and the text itself if nobody took it."""
        self.js("""const data = new DataTransfer(), field = document.activeElement;
            data.setData("text/plain", arguments[0]);
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            if (field.dispatchEvent(event))
                document.execCommand("insertText", false, arguments[0]);""", text)
        return self

    def has_focus(self, selector):
        return self.js("return Boolean(document.activeElement?.matches(arguments[0]))", selector)

    def focused(self):
        """In words, for a message: what has the focus."""
        return self.js("""const e = document.activeElement;
            return e ? `${e.tagName.toLowerCase()}${e.id && "#" + e.id} ${(e.innerText ?? "").slice(0, 40)}` : "nothing" """)

    def tab_to(self, selector, most=150, back=False):
        """Tab, as often as it takes: a person without a mouse gets there or the test fails."""
        for _ in range(most):
            if self.has_focus(selector):
                return self
            self.press("Shift+Tab" if back else "Tab")
        raise Trouble(f"{most} times Tab and {selector} has not the focus; {self.focused()} has")

    def choose(self, selector, label):
        """In a list of choices that has or gets the focus by Tab: by its keys, until what is chosen is called so."""
        self.tab_to(selector)
        options = self.js("return [...document.activeElement.options].map((o) => o.label)")
        wanted = next((i for i, name in enumerate(options) if label in name), None)
        if wanted is None:
            raise Trouble(f"{selector} has no {label!r} in {options}")
        self.press("Home", *["ArrowDown"] * wanted)
        chosen = self.js("return document.activeElement.selectedOptions[0]?.label")
        if label not in chosen:
            raise Trouble(f"{selector}: {chosen!r} is chosen, not {label!r}")
        return self

    def come_in(self, person, secret):
        """At the entrance: a name from the list or an id to be typed, then the PIN or password."""
        self.wait_seen("form.secret")
        if self.count("form.secret select"):
            self.choose("form.secret select", person)
        else:
            self.tab_to("form.secret input:not([type=password])").press("Control+a").type(person)
        self.tab_to("form.secret input[type=password]").type(secret).press("Enter")
        return self

    # ---- the line, the tab

    def line(self, kbit=0, delay_ms=0, offline=False):
        """Throttles, cuts or (without words) gives back the network of this browser."""
        speed = kbit * 125 if kbit else -1
        self.cdp("Network.emulateNetworkConditions", offline=offline, latency=delay_ms, downloadThroughput=speed,
                 uploadThroughput=speed)

    def freeze(self):
        """The tab sleeps: no timer and no stream, as on a phone in a pocket."""
        self.cdp("Page.setWebLifecycleState", state="frozen")

    def wake(self):
        self.cdp("Page.setWebLifecycleState", state="active")
        self.js("document.dispatchEvent(new Event('visibilitychange'))")

    # ---- what is kept of it

    def screenshot(self, name, whole=True, scale=1):
        """NAME-SIZE.png in the test's output folder: the whole page, at most 6000 pixels of it, or what one sees."""
        path = self.stage.output / f"{name}-{self.size}.png"
        height = self.height
        if whole:
            height = min(6000, max(height, self.js("return document.documentElement.scrollHeight")))
        data = self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=whole,
                        clip={"x": 0, "y": 0, "width": self.width, "height": height, "scale": scale} if whole else
                        {"x": 0, "y": self.js("return scrollY"), "width": self.width, "height": height, "scale": scale})
        path.write_bytes(base64.b64decode(data["data"]))
        return path

    def print_pdf(self, name):
        """NAME.pdf in the output folder, on A4 as the page's own print style has it; the number of its pages."""
        data = base64.b64decode(self.cdp("Page.printToPDF", preferCSSPageSize=True, paperWidth=8.27, paperHeight=11.69,
                                         printBackground=False)["data"])
        (self.stage.output / f"{name}.pdf").write_bytes(data)
        return len(re.findall(rb"/Type\s*/Page\b(?!s)", data))

    # ---- what must hold of every page

    def check_layout(self):
        """Nothing makes the page scroll sideways, no text leaves the cell, card or sheet that it stands in."""
        faults = self.js(LAYOUT, self.width)
        assert not faults, f"{self.driver.current_url} at {self.width} pixels: " + "; ".join(faults[:6])

    def check_no_key(self):
        """No sentence is missing: a key on the screen is a fault."""
        keys = [word for word in re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", self.text())]
        assert not keys, f"{self.driver.current_url} shows keys, not sentences: {sorted(set(keys))}"

    def axe(self):
        """What axe finds serious or critical, as sentences; Skip where axe is not here."""
        need_axe()
        self.cdp("Runtime.evaluate", expression=AXE.read_text("utf-8"))
        found = self.driver.execute_async_script("""
            const done = arguments[0];
            axe.run(document, { resultTypes: ["violations"] }).then((r) => done(r.violations), (e) => done(String(e)));""")
        assert isinstance(found, list), f"axe failed: {found}"
        return [f"{v['impact']}: {v['id']}: {v['help']}: " + "; ".join(" ".join(map(str, n["target"])) for n in v["nodes"][:4])
                for v in found if v["impact"] in ("serious", "critical")]

    def long_tasks(self):
        """Milliseconds of each task over 50 ms since the page was opened or this was asked last."""
        return self.js("return window.seen.long.splice(0)")

    def expect(self, *patterns):
        """What the console may say: the line is cut in this test, or an answer is a refusal."""
        self.expected += patterns
        return self

    def faults(self):
        """What the console and the page said that nobody expected, since the last call."""
        lines = [entry["message"] for entry in self.driver.get_log("browser")
                 if entry["level"] == "SEVERE" or "Content Security Policy" in entry["message"]]
        return [line for line in lines if not any(re.search(p, line) for p in self.expected)]

    def check_faults(self):
        faults = self.faults()
        assert not faults, f"the browser complains at {self.driver.current_url}: " + "; ".join(faults[:6])

    def tell(self, name):
        """For a test that failed: where it was, what it showed and said."""
        try:
            print(f"-- {self.driver.current_url}, focus on {self.focused()}: {self.screenshot(name)}")
            for entry in self.driver.get_log("browser")[-20:]:
                print(f"   {entry['level']} {entry['message']}")
        except Exception as e:
            print(f"-- a browser says no more: {type(e).__name__}")


# An answer that never came, and one that refuses: for Browser.expect.
CUT = (r"net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED|ABORTED)|INTERNET_DISCONNECTED|EMPTY_RESPONSE|INCOMPLETE_CHUNKED|"
       r"NETWORK_CHANGED|TIMED_OUT|NETWORK_IO_SUSPENDED)")
REFUSED = r"Failed to load resource: the server responded with a status of 4\d\d"
