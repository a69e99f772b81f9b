"""daemons - a tree of real hubs and nodes in fresh folders, spoken to by their HTTP API.

Nothing outlives the program that started it: each daemon is stopped by Tree.close(), and killed by the
kernel should that program itself be killed. The programs are those of $DANTIN_BUILD, else of build/.
Start daemons from the main thread only: their lives hang on the thread that started them.
"""
import concurrent.futures
import csv
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = pathlib.Path(os.environ.get("DANTIN_BUILD") or ROOT / "build").resolve()
PERSON = "drill"  # who enters and decides, in people.csv
DEADLINE = 60  # seconds; reaching it is a failure
JOBS = 4


class Trouble(Exception):
    """Something that a person should read; no stack is shown. `code`: how a command ended, where one did."""

    def __init__(self, text, code=None):
        super().__init__(text)
        self.code = code


def wait_for(what, condition, deadline=DEADLINE, alive=()):
    """The first true value of `condition`; Trouble after the deadline, or when one of `alive` has ended."""
    end = time.monotonic() + deadline
    while True:
        for daemon in alive:
            daemon.check_alive()
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise Trouble(f"after {deadline} s still waiting: {what}")
        time.sleep(0.05)


def run(*words, said=""):
    """One command of ours, told `said`; its output, or Trouble with all that it said."""
    words = [str(w) for w in words]
    try:
        done = subprocess.run(words, input=said, capture_output=True, text=True, timeout=DEADLINE)
    except FileNotFoundError:
        raise Trouble(f"{words[0]} is not there: build it first (cmake --preset release; cmake --build build)")
    except subprocess.TimeoutExpired:
        raise Trouble(f"{' '.join(words)}: no end after {DEADLINE} s")
    if done.returncode != 0:
        raise Trouble(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}".rstrip(),
                      done.returncode)
    return done.stdout


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=DEADLINE)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Daemon:
    """One unit at work: a program, its state directory, its process."""

    def __init__(self, program, unit, folder):
        self.program, self.unit, self.dir = BUILD / program, unit, folder
        self.log = folder.with_suffix(".log")
        self.process, self.port, self.said_before = None, None, 0

    def start(self, environment=None, within=()):
        """From the main thread. Ready as soon as it answers: see wait_ready. `within`: words before the program."""
        (self.dir / "http.port").unlink(missing_ok=True)
        with open(self.log, "ab") as log:
            self.said_before = log.tell()
            self.process = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *within, str(self.program), "serve", "--dir", str(self.dir)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, **(environment or {})})
        self.port = None
        return self

    def name(self):
        return f"{self.program.name} {self.unit}"

    def words(self):
        """What it has said since this start."""
        return self.log.read_bytes()[self.said_before:].decode(errors="replace")

    def last_words(self, lines=12):
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return "\n".join("    " + line for line in text.splitlines()[-lines:]) or "    (it said nothing)"

    def check_alive(self):
        if self.process and self.process.poll() is not None:
            raise Trouble(f"{self.name()} ended by itself with {self.process.returncode}; its last words:\n"
                          f"{self.last_words()}")

    def wait_ready(self, deadline=DEADLINE):
        def answers():
            try:
                self.port = int((self.dir / "http.port").read_text())
                return self.exchange(self.connection(), "GET", "/api/state")[0] in (200, 401, 503)  # 503: no plan yet
            except (OSError, ValueError, http.client.HTTPException):
                return None
        return wait_for(f"{self.name()} answers", answers, deadline, [self])

    def stop(self, deadline=20, asked=False):
        """How it ended: 0, or what is wrong with its end."""
        if not self.process:
            return 0
        if not asked and self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(deadline)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        code, self.process = self.process.returncode, None
        return code

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def connection(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE)

    def exchange(self, connection, method, path, form=None):
        """(status, reply): JSON is read, all else comes as text."""
        body = form if form is None or isinstance(form, str) else urllib.parse.urlencode(form)
        headers = {"X-Dantin": "1", "Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
        try:
            connection.request(method, path, body.encode() if body is not None else None, headers)
            reply = connection.getresponse()
            text = reply.read().decode()
        finally:
            connection.close()
        if (reply.getheader("Content-Type") or "").startswith("application/json"):
            try:
                return reply.status, json.loads(text)
            except ValueError:
                raise Trouble(f"{self.name()}: {method} {path} answers what is no JSON: {text[:200]}")
        return reply.status, text

    def get(self, path):
        status, reply = self.exchange(self.connection(), "GET", path)
        if status != 200:
            raise Trouble(f"{self.name()}: GET {path}: {status} {reply}")
        return reply

    def get_local(self, path):
        """As the commands on its machine read it: also what no page shows."""
        status, reply = self.exchange(UnixConnection(self.dir / "api.sock"), "GET", path)
        if status != 200:
            raise Trouble(f"{self.name()}: GET {path}: {status} {reply}")
        return reply

    def post(self, path, form):
        """(status, reply), over TCP as a page would."""
        return self.exchange(self.connection(), "POST", path, form)

    def command(self, path, form):
        """A POST over the Unix socket, as the commands do; the reply."""
        status, reply = self.exchange(UnixConnection(self.dir / "api.sock"), "POST", path, form)
        if status != 200:
            raise Trouble(f"{self.name()}: POST {path} {form}: {status} {reply}")
        return reply


def read_units(plan, is_machine=None):
    """The units that are no places, or those that `is_machine` says of a row: code -> row, parents first."""
    is_machine = is_machine or (lambda row: row.get("place") != "yes")
    with open(plan / "units.csv", encoding="utf-8-sig", newline="") as f:
        rows = {r["code"]: r for r in csv.DictReader(f) if is_machine(r)}
    order = {}

    def put(code):
        if code not in order:
            if rows[code]["parent_code"]:
                put(rows[code]["parent_code"])
            order[code] = rows[code]
    for code in rows:
        put(code)
    return order


SMALL = ("--districts", "535", "--places", "2-3", "--cutoffs", 2, "--cutoff-seconds", 4)


def make_plan(maker, plan, *words, lead=0):
    """A plan folder whose day begins `lead` seconds from now: (what is entered, what is expected at the end)."""
    run(sys.executable, ROOT / "deploy" / "plans" / maker, *words, "--start", int(time.time() + lead) + 1,
        "--out", plan)
    lines = [json.loads(line) for line in (plan / "day.jsonl").read_text("utf-8").splitlines()]
    return lines, json.loads((plan / "expected.json").read_text("utf-8"))


def make_drill(plan, *words, seed=1, lead=0):
    return make_plan("make-drill", plan, "--seed", seed, *words, lead=lead)


def write_settings(folder, settings):
    """settings: {"link/beat_ms": 500}; what is not said keeps its default."""
    sections = {}
    for path, value in settings.items():
        section, name = path.split("/")
        sections.setdefault(section, []).append(f'    {name} = "{value}"')
    lines = [line for section, values in sections.items() for line in (section, *values)]
    (folder / "config.zpl").write_text("\n".join(lines) + "\n")


class Tree:
    """All units of a plan as real processes: hubs where there are units below, nodes at the bottom."""

    def __init__(self, plan, home, settings=None, say=lambda text: None, is_machine=None):
        self.plan, self.home, self.settings, self.say = plan, home, settings or {}, say
        self.units = read_units(plan, is_machine)
        self.children = {code: [] for code in self.units}
        for code, row in self.units.items():
            if row["parent_code"]:
                self.children[row["parent_code"]].append(code)
        self.top_code = next(code for code, row in self.units.items() if not row["parent_code"])
        self.left = {}  # unit -> units that were below it and have another parent since
        self.at = {code: self.daemon(code) for code in self.units}
        self.top = self.at[self.top_code]
        self.hubs = [d for code, d in self.at.items() if self.children[code]]
        self.nodes = [d for code, d in self.at.items() if not self.children[code]]

    def daemon(self, code):
        program = "dantin-hub" if self.children[code] else "dantin-node"
        # A code may hold what a file's name may not, and be long: then the folder has the unit's number.
        plain = code.isascii() and code.replace("-", "").replace("_", "").isalnum() and len(code) <= 60
        return Daemon(program, code, self.home / f"{program}-{code if plain else list(self.units).index(code)}")

    def daemons(self):
        return list(self.at.values())

    def running(self):
        return [d for d in self.at.values() if d.process]

    def start(self):
        """Top down: initialise, load the plan, then for each unit below a token, its joining, its start."""
        run(self.top.program, "plan", "check", self.plan)
        run(self.top.program, "init", "--dir", self.top.dir, "--unit", self.top_code, "--drill")
        self.prepare(self.top)
        self.top.start().wait_ready()
        run(self.top.program, "plan", "load", self.plan, "--dir", self.top.dir, "--as", PERSON)
        level = [self.top_code]
        while level:
            for code in level:
                self.wait_plan(self.at[code])
            below = [child for code in level for child in self.children[code]]
            for i in range(0, len(below), JOBS):
                self.join(below[i:i + JOBS])
            for code in below:
                self.at[code].wait_ready()
            level = [code for code in below if self.children[code]]
        for node in self.nodes:
            self.wait_plan(node)
            self.wait_taking(node)

    def prepare(self, daemon):
        """What an operator lays beside the store: who may decide, and settings."""
        if daemon.program.name == "dantin-hub":
            people = daemon.dir / "people.csv"
            people.touch(mode=0o600)
            people.write_text(f"id,name\n{PERSON},Diễn tập\n", encoding="utf-8")
        if self.settings:
            write_settings(daemon.dir, self.settings)

    def join(self, codes):
        """A few units at once: each gets its token from its parent, joins with it, and starts."""
        def enrol(code):
            parent = self.at[self.units[code]["parent_code"]]
            token = parent.command("/api/token", {"unit": code, "by": PERSON})["token"]
            daemon = self.at[code]
            if daemon.program.name == "dantin-hub":
                run(daemon.program, "init", "--dir", daemon.dir, "--token", token)
            else:
                run(daemon.program, "join", "--dir", daemon.dir, token)
        with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
            list(pool.map(enrol, codes))
        for code in codes:
            self.prepare(self.at[code])
            self.at[code].start()
            self.say(f"{code} {self.units[code]['name']} has joined")

    def wait_plan(self, daemon, version=1):
        def has_plan():
            status, state = daemon.exchange(daemon.connection(), "GET", "/api/state")
            return status == 200 and state["election"]["version"] >= version
        wait_for(f"{daemon.name()} has version {version} of the plan", has_plan, alive=[daemon])

    def wait_taking(self, node):
        def taking():
            s = node.get("/api/state")
            return (s["taking"] == "taking" and not s["wait_ms"] and s["admitted"]
                    and s["link"]["word"] == "connected")
        wait_for(f"{node.name()} is connected, admitted and takes entries", taking, alive=[node])

    def load_plan(self, plan, without=()):
        """The next version at the top; every unit has it but those that will get it from another parent."""
        run(self.top.program, "plan", "load", plan, "--dir", self.top.dir, "--as", PERSON)
        version = self.top.get("/api/state")["election"]["version"]
        for daemon in self.running():
            if daemon.unit not in without:
                self.wait_plan(daemon, version)

    def move(self, code, parent):
        """A node gets a token of its new parent, which the plan in force names, and starts again with it."""
        daemon = self.at[code]
        version = self.top.get("/api/state")["election"]["version"]
        token = self.at[parent].command("/api/token", {"unit": code, "by": PERSON})["token"]
        if daemon.stop() != 0:
            raise Trouble(f"{daemon.name()} did not end well:\n{daemon.last_words()}")
        run(daemon.program, "join", "--dir", daemon.dir, token)
        former = self.units[code]["parent_code"]
        self.children[former].remove(code)
        self.left.setdefault(former, set()).add(code)
        self.children[parent].append(code)
        self.units[code]["parent_code"] = parent
        daemon.start().wait_ready()
        self.wait_plan(daemon, version)
        self.wait_taking(daemon)

    def check_alive(self):
        for daemon in self.running():
            daemon.check_alive()

    def close(self):
        """Nodes first. What ended otherwise than asked, as sentences."""
        wrong = []
        running = [d for d in self.nodes + self.hubs[::-1] if d.process]
        for daemon in running:
            if daemon.process.poll() is None:
                daemon.process.terminate()
        for daemon in running:
            code = daemon.stop(asked=True)
            if code != 0:
                wrong.append(f"{daemon.name()} ended with {code} instead of 0; its last words:\n{daemon.last_words()}")
        return wrong


def end_on_signals():
    """SIGTERM and SIGHUP end the program as Ctrl-C does, so that what it started is stopped."""
    def interrupt(signum, frame):
        raise KeyboardInterrupt
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def ignore_signals():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
