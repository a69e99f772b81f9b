"""measured - what the measures over real daemons share: a tree at its own beats, a process' cost, a disk's fsync.

    p = measured.parser(__doc__)                     has --json and --dir
    measured.run(lambda world: ..., words)           what it returns is a dict of figures; `met`, where there is a budget,
                                                     decides the exit

Every daemon's store is verified before figures count. With --json they are one object on the last line.
"""
import argparse
import json
import math
import os
import pathlib
import resource
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "system"))
import lib  # noqa: E402 behind the path
from lib import daemons  # noqa: E402

FSYNC_BYTES = 4096


def parser(doc):
    p = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--json", action="store_true", help="one object of figures on the last line")
    p.add_argument("--dir", help="where the stores are; on a real disk (default: where temporary files are)")
    return p


def run(measure, words):
    """Exit 0 when the budget is met; 1 when it is not, or anything failed; with --json the figures in any case."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    tempfile.tempdir = words.dir
    found, code = {"met": False}, 1

    def test(world):
        figures = measure(world)
        for tree in world.trees:
            lib.verify_all(tree)
        found.update({"met": True, **figures})
        return "every store verifies" + ("; budget " + ("met" if found["met"] else "NOT MET") if "met" in figures else "")
    try:
        lib.run(test)
    except SystemExit as e:
        code = e.code
    if words.json:
        print(json.dumps(found), flush=True)
    sys.exit(code if code or found["met"] else 1)


def tell(words, text):
    """A line of the table."""
    if not words.json:
        print(text, flush=True)


def plan(folder, *drill, lead=0):
    """What its clerks enter; the day begins `lead` seconds from now."""
    folder.mkdir(parents=True)
    return daemons.make_drill(folder / "plan", *drill, lead=lead)


def start(world, tree):
    world.trees.append(tree)
    tree.start()
    return tree


def percentile(values, p):
    """The value that so many of a hundred do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * p / 100) - 1)]


def middle(values):
    return sorted(values)[len(values) // 2]


# ---- a process ----

def cpu_s(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def status(pid, name, thread=None):
    """A number of /proc/PID/status, or of one of its threads."""
    path = pathlib.Path(f"/proc/{pid}/status") if thread is None else pathlib.Path(f"/proc/{pid}/task/{thread}/status")
    return int(next(x for x in path.read_text().splitlines() if x.startswith(name + ":")).split()[1])


def rss_mib(pid):
    return status(pid, "VmRSS") / 1024


# ---- a disk ----

def fsyncs(folder, n):
    """ms of each: 4 KiB appended, then fdatasync."""
    path, found = pathlib.Path(folder) / "fsync.probe", []
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for _ in range(n):
            at = time.monotonic()
            os.write(fd, b"x" * FSYNC_BYTES)
            os.fdatasync(fd)
            found.append((time.monotonic() - at) * 1000)
    finally:
        os.close(fd)
        path.unlink()
    return found
