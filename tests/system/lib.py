"""lib - what the system tests share: a small tree at quick beats, a clerk who does not give up, logs at every tier.

A test is a program that calls run(test). It exits with 0, 1 or 77 (skipped); its last line is `NAME: ok ...`.
"""
import collections
import csv
import http.client
import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "deploy"))
import daemons
from daemons import PERSON, Trouble, wait_for

QUICK = {"link/beat_ms": 200, "link/deadline_ms": 1000, "link/backoff_ms": 300, "node/wait_ms": 500}
OTHER = "checker"  # another person than the one who enters
TOP, HUB = "51", "535"
COMMUNES, VILLAGES = 100, 30  # of a large province
SMALL = ("--districts", HUB, "--places", "2-2", "--cutoffs", 2)


class Skip(Exception):
    """What is missing here."""


class World:
    """The folders, trees and threads of one test; nothing of them stays."""

    def __init__(self, home):
        self.home, self.trees, self.threads = home, [], []
        self.closers = []  # called when all daemons have ended

    def tree(self, communes=2, settings=None):
        """A started tree: a province, one district, its communes of two places each."""
        folder = self.home / "tree"
        folder.mkdir(exist_ok=True)
        daemons.make_drill(folder / "plan", *SMALL, "--communes", communes)
        tree = daemons.Tree(folder / "plan", folder, {**QUICK, **(settings or {})})
        self.trees.append(tree)
        tree.start()
        for hub in tree.hubs:
            write_people(hub)
        return tree

    def clerk(self, *words, **more):
        clerk = Clerk(*words, **more)
        self.threads.append(clerk)
        clerk.start()
        return clerk

    def close(self):
        for thread in self.threads:
            thread.ending = True
        for thread in self.threads:
            thread.join(daemons.DEADLINE)
        wrong = [line for tree in self.trees for line in tree.close()]
        for closer in self.closers:
            closer()
        return wrong


def run(test):
    """Calls test(world); what it returns becomes the last line."""
    name = pathlib.Path(sys.argv[0]).stem
    daemons.end_on_signals()
    home = pathlib.Path(tempfile.mkdtemp(prefix=f"dantin-{name}-"))
    world, code, said = World(home), 1, None
    try:
        said = f"ok {test(world)}"
        code = 0
    except Skip as e:
        said, code = f"skipped: {e}", 77
    except (Trouble, AssertionError) as e:
        traceback.print_exc(file=sys.stdout)
        said = "FAILED " + "; ".join(str(e).split("\n"))
    except (Exception, KeyboardInterrupt) as e:
        traceback.print_exc(file=sys.stdout)
        said = f"FAILED {type(e).__name__}"
    daemons.ignore_signals()
    if code == 1:
        tell(world)
    wrong = world.close()
    if wrong and code == 0:
        said, code = "FAILED " + "; ".join(wrong), 1
    shutil.rmtree(home, ignore_errors=True)
    print(f"{name}: {said}", flush=True)
    sys.exit(code)


def tell(world):
    """What each daemon said last, and whether it still runs."""
    for daemon in (d for tree in world.trees for d in tree.daemons()):
        ended = "stopped" if not daemon.process else f"ended with {daemon.process.poll()}"
        running = daemon.process and daemon.process.poll() is None
        print(f"-- {daemon.name()} {'runs' if running else ended}\n{daemon.last_words(40)}")


def write_people(hub):
    people = hub.dir / "people.csv"
    people.write_text(f"id,name\n{PERSON},Diễn tập\n{OTHER},Người kiểm tra\n", encoding="utf-8")


# ---- a large plan ----

def write_province(folder):
    """A province with its communes directly below it, a contest in each village."""
    folder.mkdir()
    (folder / "election.zpl").write_text(
        'plan\n    version = 1\n    label = "large"\n    title = "Diễn tập lớn"\nlevels\n' + "".join(
            f'    {i}\n        name = "{word}"\n        english = "level {i}"\n' for i, word in enumerate(("tỉnh", "xã", "thôn"), 1))
        + 'cutoffs\n' + "".join(f'    {i}\n        name = "{hour} giờ"\n        at = "2020-01-01 {hour:02}:00"\n        grace = "1"\n'
                                for i, hour in enumerate((9, 11, 15, 17), 1)), "utf-8")
    places = [(f"P{c}v{v}", f"X{c}", f"Thôn {v + 1}, xã số {c + 1}") for c in range(COMMUNES) for v in range(VILLAGES)]

    def table(name, header, rows):
        with open(folder / name, "w", encoding="utf-8", newline="") as f:
            csv.writer(f, lineterminator="\n").writerows([header.split(","), *rows])
    table("units.csv", "code,parent_code,level,name,place", [
        ("T", "", "tỉnh", "Tỉnh Quảng Ngãi", "no"), *((f"X{c}", "T", "xã", f"Xã số {c + 1}", "no") for c in range(COMMUNES)),
        *((code, parent, "thôn", name, "yes") for code, parent, name in places)])
    table("contests.csv", "code,name,kind,unit_code,profile,seats",
          ((f"{code}-TT", f"Trưởng {name}", "head", code, "plurality", 1) for code, _, name in places))
    table("candidates.csv", "contest,number,name", ((f"{code}-TT", n, f"Nguyễn Văn {n}") for code, _, _ in places for n in (1, 2)))
    table("voters.csv", "place,contest,voters", ((code, f"{code}-TT", 300) for code, _, _ in places))


# ---- commands ----

def try_command(*words, given=""):
    """(exit code, output, errors) of a command that may be refused; `given` is its standard input."""
    done = subprocess.run([str(w) for w in words], input=given, capture_output=True, text=True, timeout=daemons.DEADLINE)
    return done.returncode, done.stdout, done.stderr


def verify(daemon):
    """verify's report, beside the daemon or without one."""
    code, out, err = try_command(daemon.program, "verify", "--dir", daemon.dir, "--json")
    assert out, f"verify of {daemon.name()} says nothing: {err}"
    report = json.loads(out)
    assert (code == 0) == report["ok"], f"exit {code} of {report}"
    return report


def verify_all(tree):
    for daemon in tree.daemons():
        report = verify(daemon)
        assert report["ok"], f"{daemon.name()}: {report}"


# ---- what is entered ----

def new_act():
    return f"{random.getrandbits(63) | 1:016x}"


def form(**fields):
    return urllib.parse.urlencode({"by": PERSON, **fields}, safe=":,")


def incident(place, act=None, text="Mất điện"):
    return form(kind="incident", place=place, act=act or new_act(), category=1, severity=1, state=1, text=text)


def turnout(place, voted, act=None, cutoff=1, **more):
    return form(kind="turnout", place=place, act=act or new_act(), cutoff=cutoff, voted=voted, **more)


def acts_in(lines):
    return [dict(urllib.parse.parse_qsl(line))["act"] for line in lines]


def say(daemon, *lines):
    """The reply's `said`; Trouble where it is not taken at once."""
    status, reply = daemon.post("/api/say", "\n".join(lines))
    if status != 200:
        raise Trouble(f"{daemon.name()} refused: {status} {reply}\n" + "\n".join(lines))
    return reply["said"]


def say_of(hub, *lines):
    """Words of a hub about a child, over its Unix socket."""
    return hub.command("/api/say", "\n".join(lines))["said"]


def places_of(node):
    return [p["code"] for p in node.get("/api/state")["places"]]


class Clerk(threading.Thread):
    """Enters at one node until told to end: incidents, and a turnout that is corrected again and again. What was
    not answered is sent once more under the same acts, as a form would."""

    def __init__(self, node, place, lines=5):
        super().__init__(daemon=True)
        self.node, self.place, self.lines = node, place, lines
        self.accepted, self.voted, self.repeats = [], 0, 0
        self.ending, self.trouble = False, None

    def run(self):
        try:
            while not self.ending:
                self.enter()
        except Exception as e:
            self.trouble = e

    def enter(self):
        voted = self.voted % 70 + 1
        lines = [incident(self.place) for _ in range(self.lines)]
        lines.append(turnout(self.place, voted, replaces="last", why="đếm lại"))
        body = "\n".join(lines)
        while not self.post(body):
            if self.ending and not self.node.process:
                return
            time.sleep(0.02)
        self.accepted += acts_in(lines)
        self.voted = voted

    def post(self, body):
        try:
            if self.node.port is None:
                return False
            status, reply = self.node.post("/api/say", body)
        except (OSError, http.client.HTTPException):
            self.repeats += 1  # no answer: it may have been recorded or not
            return False
        if status == 503:
            return False
        if status != 200:
            raise Trouble(f"{self.node.name()}: {status} {reply}")
        return True

    def finish(self):
        self.ending = True
        self.join(daemons.DEADLINE)
        if self.trouble:
            raise self.trouble
        assert not self.is_alive(), "the clerk does not end"
        return self


# ---- logs ----

def unpack(b, i=0):
    """One canonical msgpack item of b at i: (value, the place behind it)."""
    t = b[i]
    i += 1
    if t < 0x80:
        return t, i
    if t < 0xa0:
        return items(b, i, t & 15)
    if t < 0xc0:
        return b[i:i + (t & 31)].decode(), i + (t & 31)
    size = {0xc4: 1, 0xc5: 2, 0xc6: 4, 0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8, 0xd9: 1, 0xda: 2, 0xdb: 4, 0xdc: 2, 0xdd: 4}[t]
    n = int.from_bytes(b[i:i + size], "big")
    i += size
    if t in (0xc4, 0xc5, 0xc6):
        return b[i:i + n], i + n
    if t in (0xd9, 0xda, 0xdb):
        return b[i:i + n].decode(), i + n
    return items(b, i, n) if t in (0xdc, 0xdd) else (n, i)


def items(b, i, n):
    values = []
    for _ in range(n):
        value, i = unpack(b, i)
        values.append(value)
    return values, i


def get_unix(daemon, path):
    return daemon.get_local(path)


def logs_of(daemon, own=False):
    """(author, about, stream, incarnation) -> the records, each unpacked; from the export of signed logs."""
    logs, names = {}, {}
    for line in get_unix(daemon, "/api/export/log.jsonl" + ("?own=1" if own else "")).splitlines():
        j = json.loads(line)
        if "log" in j:
            names[j["log"]] = (j["author"], j["about"], j["stream"], j["incarnation"])
            logs[names[j["log"]]] = []
        elif "run" in j:
            log = logs[names[j["run"]]]
            assert j["first"] == len(log) + 1, f"{names[j['run']]}: a run begins at {j['first']} behind {len(log)}"
            log += [unpack(record)[0] for record in unpack(bytes.fromhex(j["body"]))[0][2]]
    return logs


REPORTS = 1


def acts_of(daemon, unit):
    """How often each act stands in each reports log of the unit: act -> {incarnation: times}."""
    acts = collections.defaultdict(collections.Counter)
    for (author, about, stream, incarnation), records in logs_of(daemon).items():
        if author == unit and stream == REPORTS:
            for record in records:
                acts[f"{record[0]:016x}"][incarnation] += 1
    return acts


def check_once(daemon, unit, accepted):
    """Every accepted act is there, in no log twice."""
    acts = acts_of(daemon, unit)
    lost = [act for act in accepted if act not in acts]
    twice = [act for act, where in acts.items() if max(where.values()) > 1]
    assert not lost, f"{len(lost)} of {len(accepted)} accepted statements of {unit} are not at {daemon.name()}: {lost[:3]}"
    assert not twice, f"{len(twice)} statements of {unit} stand twice in one log at {daemon.name()}: {twice[:3]}"
    return acts


def heads(daemon, timeout=daemons.DEADLINE):
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=timeout)
    status, reply = daemon.exchange(connection, "GET", "/api/reconcile")
    if status != 200:
        raise Trouble(f"{daemon.name()}: GET /api/reconcile: {status} {reply}")
    return {(log["author"], log["about"], log["stream"], log["incarnation"]): (log["n"], log["hash"])
            for log in reply["logs"] if log["stream"] != "plan" and log["n"]}


def below(tree, code):
    units = {code}
    for child in tree.children[code]:
        units |= below(tree, child)
    return units


def log_differences(tree, but=()):
    """Child against parent, for all that the two share: every log by or about the child or a unit below it. What it
    holds of a unit that left it ends where it left."""
    found, held = [], {code: heads(d) for code, d in tree.at.items() if code not in but}
    for code, child in held.items():
        parent = held.get(tree.units[code]["parent_code"])
        if parent is None:
            continue
        units = below(tree, code)
        shared = {log: head for log, head in parent.items() if log[0] in units or log[1] in units}
        gone = {log for log in child if tree.left.get(code, set()) & set(log[:2])}
        found += [f"log {log}: more at {code}, which the unit left" for log in gone
                  if child[log][0] > parent.get(log, (0,))[0]]
        for log in (set(shared) | set(child)) - gone:
            if shared.get(log) != child.get(log):
                found.append(f"log {log}: {child.get(log)} at {code}, {shared.get(log)} above")
    return found


def total(hub, unit=None):
    return hub.get("/api/state" + (f"?unit={unit}" if unit else ""))["totals"][0]


def settle(tree, condition=lambda: True, but=(), deadline=daemons.DEADLINE):
    """Until child and parent hold the same everywhere, the top has everything proven, and the condition holds."""
    seen = []

    def quiet():
        seen[:] = log_differences(tree, but)
        told = tree.top.get("/api/state")["told_units"]
        if told:
            seen.append(f"{told} units told, not proven")
        if not seen and not condition():
            seen.append("the condition does not hold")
        return not seen
    try:
        wait_for("all tiers hold the same", quiet, deadline, tree.running())
    except Trouble as e:
        raise Trouble(f"{e}: " + "; ".join(seen[:6]))


def turnout_of(daemon, place, cutoff=1):
    """What stands at a node or hub for a place's turnout."""
    if daemon.program.name == "dantin-node":
        ballot = next(p for p in daemon.get("/api/state")["places"] if p["code"] == place)["ballots"][0]
    else:
        ballot = ballot_at(daemon, place)
    return ballot["turnout"][cutoff - 1]


def ballot_at(hub, place):
    children = hub.get(f"/api/state?unit={place[:5]}")["children"]
    return next(c for c in children if c["code"] == place)["ballots"][0]


def forks_at(daemon):
    if daemon.program.name == "dantin-node":
        return daemon.get("/api/state")["forks"]
    return daemon.get("/api/status")["forks"]


def check_no_forks(tree):
    forks = {d.unit: forks_at(d) for d in tree.running() if forks_at(d)}
    assert not forks, f"forks without a cause: {forks}"


# ---- stores ----

STORE = ("store.db", "store.db-wal", "store.db-shm")


def delete_store(daemon):
    for path in daemon.dir.glob("store*"):
        path.unlink()


def copy_store(daemon, to):
    """Of a stopped daemon."""
    to.mkdir()
    for name in STORE:
        if (daemon.dir / name).exists():
            shutil.copy2(daemon.dir / name, to / name)


def put_store(daemon, saved, in_place=False):
    """The saved files come back: as other files, or as other bytes of the same file."""
    for name in STORE:
        there, old = daemon.dir / name, saved / name
        if in_place and name == "store.db":
            there.write_bytes(old.read_bytes())
            continue
        there.unlink(missing_ok=True)
        if old.exists():
            shutil.copy2(old, there)


def restart(*some):
    for daemon in some:
        daemon.start()
    for daemon in some:
        daemon.wait_ready()


def stop(*some):
    for daemon in some:
        code = daemon.stop()
        assert code == 0, f"{daemon.name()} ended with {code}\n{daemon.last_words()}"
