#!/usr/bin/env python3
"""sentences.py - the sentences of text.vi and text.en against the pages and programs: what is named is there, what is there is named.

A key stands in a program or page as a whole string, or its beginning does: t(`step_${name}`), "state_%s". A name that no
sentence has would be shown to people as it is; a sentence that nothing names is deleted.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / part for part in ("common", "node", "hub")]
SAID = re.compile(r'(?:\b(?:text_of|plain_say|t)\(|data-t(?:-label)?=)\s*"([a-z]\w*)"')
REFUSED = re.compile(r'\bhttp_refuse\((?:[^;"]|"[^"]*[^"\w][^"]*")*?"([a-z]+(?:_[a-z]+)+)"')
WHOLE = re.compile(r'["\']([A-Za-z]\w*)["\']')
BEGUN = re.compile(r'[`"]([a-z]\w*_)(?:\$\{|%|")')


def keys(name):
    lines = (ROOT / "common" / "web" / name).read_text("utf-8").splitlines()
    return {line.split(" = ")[0] for line in lines if line and line[0] != "#"}


def main():
    known, named, begun, faults = keys("text.vi"), set(), set(), []
    if known != keys("text.en"):
        faults.append(f"text.vi and text.en differ: {sorted(known ^ keys('text.en'))}")
    files = [f for folder in FOLDERS for f in folder.rglob("*") if f.suffix in (".c", ".h", ".js", ".html")]
    for f in files:
        text = f.read_text("utf-8")
        for key in SAID.findall(re.sub(r"(?m)// .*$", "", text)) + (REFUSED.findall(text) if f.suffix == ".c" else []):
            if key not in known:
                faults.append(f"{f.relative_to(ROOT)}: no sentence is called {key}")
        named |= set(WHOLE.findall(text))
        begun |= set(BEGUN.findall(text))
    for key in sorted(known - named):
        if not any(key.startswith(b) for b in begun):
            faults.append(f"common/web/text.vi, text.en: nothing says {key}")
    for fault in faults:
        print(fault)
    print(f"sentences: {'FAILED' if faults else 'ok'} {len(known)} sentences, {len(files)} files")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
