#!/usr/bin/env python3
"""tiers.py - the same programs make trees of two, three and four tiers; each plays a whole day exactly.

Two: communes directly under the province, as since July 2025. Three: districts between. Four: a country above.
"""
import pathlib
import re
import subprocess
import sys

DEMO = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "day.py"
SHAPES = {"two tiers": (["--flat"], "1 hubs, 2 nodes"), "three tiers": ([], "2 hubs, 2 nodes"),
          "four tiers": (["--four-tier"], "3 hubs, 2 nodes")}


def main():
    """All shapes at once: they mostly wait for the hour of the next entry."""
    wrong, playing = 0, {}
    for seed, (name, (words, _)) in enumerate(SHAPES.items(), 7):
        playing[name] = subprocess.Popen(
            [sys.executable, DEMO, "--once", "--fast", "--communes", "2", "--seed", str(seed), *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    for name, process in playing.items():
        said = process.communicate()[0]
        exact = re.search(r"^The totals of \S+ .* are what was entered", said, re.M)
        if process.returncode == 0 and exact and SHAPES[name][1] in said:
            print(f"{name}: {exact.group()}")
        else:
            wrong = 1
            print(f"{name}: exit {process.returncode}\n{said}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
