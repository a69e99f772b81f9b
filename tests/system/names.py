#!/usr/bin/env python3
"""names.py - names of any kind, of units, contests and candidates, come byte for byte through plan, daemons, state,
results.csv, SQL file and bulletin, and are text on pages; what no line of text can hold is refused with its reason."""
import csv
import html.parser
import io
import re
import shutil
import sqlite3
import subprocess
import unicodedata
import urllib.parse

import lib
from lib import daemons

NFC = "Thôn Nước Đang, Hòa Bình"
NAMES = (
    NFC, unicodedata.normalize("NFD", NFC), "Thôn Hoà Bình", "Xã  Hành Tín   Đông", "郭\ue018德", "\uf8ff\U000f0000\U0010fffd",
    "陳𠦄于", "😀👨\u200d👩\u200d👧", "قرية السلام", "כפר 12 שלום", "\u200fקדימה\u200e", "a" + "\u0301" * 200, "Ă" * 500, "\ufffd\ufeff\u00a0x",
    "=cmd|' /C calc'!A0", "+84 255 382", "-2+3", "@SUM(A1:A9)", "'quoted'", '"Bob", "B"; C', "a,b;c|d\\n%00%s%n{at}${x}",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>&lt;&amp;&#60;", "</title></style>--><!--", "javascript:alert(1)",
    "'; DROP TABLE units; --", "0012", "1e5", "null", "NaN", "12/5", "../../etc/passwd", "sep=;",
)
# What a plan refuses, each with a word of the reason. A zero byte may be taken for UTF-16, by the whole file.
REFUSED = (
    (b"Th\xc3\xb4n\nHai", "line break"), (b"Th\xc3\xb4n\rHai", "line break"), (b"Th\xc3\xb4n\tHai", "line break"),
    (b"a\x00b", "UTF-16|invisible"), (b"a\x1b[2Jb", "invisible"), (b"a\x7fb", "invisible"), ("a\u0085b".encode(), "invisible"),
    ("a\u202eb".encode(), "invisible"), ("a\u2066b".encode(), "invisible"), ("a\u2028b".encode(), "invisible"),
    (b"a\xffb", "UTF-8"), (b"\xc0\xafb", "UTF-8"), (b"\xed\xa0\x80b", "UTF-8"), (b"\xf4\x90\x80\x80b", "UTF-8"),
    (b"Th\xf4n", "UTF-8"), (("Ă" * 500 + "x").encode(), "too long"), (b"", "empty"), (b"   ", "empty"),
)
MACHINES = {"T": ("", "tỉnh"), "H": ("T", "huyện"), "X": ("H", "xã")}


def write_plan(folder):
    """For each name a village with its place below it, a contest there, and its first candidate."""
    folder.mkdir()
    (folder / "election.zpl").write_text(
        'plan\n    version = 1\n    label = "names"\n    title = "<b>DIỄN TẬP</b> & =1+1"\nlevels\n' + "".join(
            f'    {i}\n        name = "{word}"\n        english = "level {i}"\n'
            for i, word in enumerate(("tỉnh", "huyện", "xã", "thôn", "điểm"), 1))
        + 'cutoffs\n    1\n        name = "<i>Mốc</i>"\n        at = "2020-01-01 16:00"\n        grace = "1"\n', "utf-8")

    def table(name, header, rows):
        with open(folder / name, "w", encoding="utf-8", newline="") as f:
            csv.writer(f, lineterminator="\n").writerows([header.split(","), *rows])
    units = [(code, parent, level, f"{level} {code} {NAMES[14]}", "no") for code, (parent, level) in MACHINES.items()]
    for i, name in enumerate(NAMES):
        units += [(f"V{i}", "X", "thôn", name, "no"), (f"P{i}", f"V{i}", "điểm", name, "yes")]
    n = range(len(NAMES))
    table("units.csv", "code,parent_code,level,name,place", units)
    table("contests.csv", "code,name,kind,unit_code,profile,seats", ((f"K{i}", NAMES[i], "head", f"V{i}", "plurality", 1) for i in n))
    table("candidates.csv", "contest,number,name", ((f"K{i}", c, who) for i in n for c, who in ((1, NAMES[i]), (2, "Người hai"))))
    table("voters.csv", "place,contest,voters", ((f"P{i}", f"K{i}", 100) for i in n))


def entered(node):
    """A tally of every place; a few statements whose author, reason and text are such names, too."""
    lines = [lib.form(kind="tally", place=f"P{i}", act=lib.new_act(), votes=f"1:{30 + i},2:10", valid=40 + i, by=name[:20])
             for i, name in enumerate(NAMES)]
    texts = {f"{name}\n{name}" for name in NAMES}
    lines += [lib.form(kind="incident", place="P0", act=lib.new_act(), category=1, severity=1, state=1, text=text) for text in texts]
    lib.say(node, *lines)
    return texts


def check_state(tree):
    """Units, contests and candidates as the node, the district and the province show them."""
    for daemon in tree.daemons():
        if daemon is tree.nodes[0]:
            places = {p["code"]: p for p in daemon.get("/api/state")["places"]}
        else:
            places = {}
            for i in range(len(NAMES)):
                state = daemon.get(f"/api/state?unit=V{i}")
                assert state["unit"]["name"] == NAMES[i], f"{daemon.name()}: V{i} is {state['unit']['name']!r}"
                places |= {c["code"]: c for c in state["children"]}
        for i, name in enumerate(NAMES):
            place, (ballot,) = places[f"P{i}"], places[f"P{i}"]["ballots"]
            have = (place["name"], ballot["contest_name"], ballot["candidates"][0]["name"])
            assert have == (name,) * 3, f"{daemon.name()}: P{i} is {have}, not {name!r}"


def check_results(tree):
    """results.csv: the very bytes; before what a spreadsheet would run, an apostrophe, and before nothing else."""
    shown = {c["contest"]: c for c in tree.top.get_local("/api/results")["contests"]}
    text = tree.top.get_local("/api/export/results.csv")
    rows = {(r["level"], r["unit_code"], r["candidate_no"]): r for r in csv.DictReader(io.StringIO(text, newline=""))}
    for i, name in enumerate(NAMES):
        safe = ("'" if name[0] in "=+-@" else "") + name
        row = rows["contest", f"V{i}", "1"]
        have = (row["unit_name"], row["contest_name"], row["candidate_name"])
        assert have == (safe,) * 3, f"V{i} is {have}, not {safe!r}"
        assert (row["votes"], row["elected"]) == (str(30 + i), "*"), row
        assert shown[f"K{i}"]["candidates"][0]["name"] == name, shown[f"K{i}"]
    # As a spreadsheet sees the bytes, whatever it makes of quotes: no field begins a formula.
    assert not re.search(r'(^|,)"?[=+@]|(^|,)"?-[^,0-9]', text, re.M), "a field of results.csv begins a formula"


def check_sql(tree, home):
    daemons.run(tree.top.program, "export", "sqlite", home / "names.db", "--dir", tree.top.dir)
    db = sqlite3.connect(home / "names.db")
    for table in ("unit", "contest", "candidate"):
        held = {x for (x,) in db.execute(f"SELECT name FROM {table}")}
        assert set(NAMES) <= held, f"{table} lacks {sorted(set(NAMES) - held)[:3]}"
    db.close()


def check_texts(tree, texts):
    """What an incident says comes with its line breaks."""
    seen = {m.get("text") for m in matters(tree.top)}
    assert texts <= seen, f"lost or changed: {sorted(texts - seen)[:2]}"


def matters(daemon):
    found, todo = [], [daemon.get("/api/matters")]
    while todo:
        x = todo.pop()
        if isinstance(x, dict):
            found.append(x)
        todo += x.values() if isinstance(x, dict) else x if isinstance(x, list) else ()
    return found


def check_pages(tree):
    """Names come as data only: pages are what they were before the plan, run no script but the daemon's own files, and
    those put no text into a page as markup."""
    for daemon in (tree.nodes[0], tree.top):
        pages = {"/"}
        done = {}
        while pages - set(done):
            path = (pages - set(done)).pop()
            headers, text = fetch(daemon, path)
            done[path] = headers, text
            pages |= {"/" + x.lstrip("/") for x in re.findall(r'(?:src|href)="(/?[a-z]+\.(?:js|html|css))"', text)}
        assert any(path.endswith(".js") for path in done), done.keys()
        for path, (headers, text) in done.items():
            policy = headers.get("Content-Security-Policy", "")
            assert "'unsafe-inline'" not in re.sub(r"style-src[^;]*", "", policy) and "'unsafe-eval'" not in policy, policy
            assert "default-src" in policy and headers.get("X-Content-Type-Options") == "nosniff", headers
            assert "onerror=alert" not in text and "calc'!A0" not in text, f"{path} holds a name"
            for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"):
                assert sink not in text, f"{daemon.name()}{path} uses {sink}"
    for path, kind in (("/api/state", "application/json"), ("/api/export/results.csv", "text/csv"), ("/api/bulletin?form=table", None)):
        headers, _ = fetch(tree.top, path)
        found = headers.get("Content-Type", "")
        assert "html" not in found and (not kind or found.startswith(kind)), f"{path}: {found}"


class Cells(html.parser.HTMLParser):
    """The texts of a page's cells and titles, and which tags and attributes it has."""

    def __init__(self, text):
        super().__init__()
        self.texts, self.seen = [""], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen |= {tag, *(name for name, _ in attrs)}
        self.texts.append("")

    def handle_endtag(self, tag):
        self.texts.append("")

    def handle_data(self, data):
        self.texts[-1] += data


def check_plain(tree):
    """The page without scripts has each name as the text of a cell, and no tag that a name brought."""
    allowed = set("html lang meta charset name content http-equiv link rel href title main h1 h2 p class strong a table "
                  "caption thead tbody tr th td scope div role tabindex aria-label".split())
    for daemon in tree.daemons():
        pages = ["/plain"] if daemon is tree.nodes[0] else ["/plain?unit=X", *(f"/plain?unit=V{i}" for i in range(len(NAMES)))]
        cells = set()
        for path in pages:
            headers, text = fetch(daemon, path)
            assert headers["Content-Type"] == "text/html; charset=utf-8", headers
            assert "script-src 'self'" in headers["Content-Security-Policy"], headers
            page = Cells(text)
            assert page.seen <= allowed, f"{daemon.name()}{path}: {page.seen - allowed}"
            cells |= set(page.texts)
        for name in NAMES:
            assert name in cells, f"{daemon.name()}: {name!r} is in no cell"
            assert f"1. {name}" in cells, f"{daemon.name()}: candidate {name!r} is in no cell"


def fetch(daemon, path):
    connection = daemon.connection()
    try:
        connection.request("GET", path)
        reply = connection.getresponse()
        assert reply.status == 200, f"{daemon.name()} {path}: {reply.status}"
        return dict(reply.getheaders()), reply.read().decode()
    finally:
        connection.close()


def check_refused(tree, home):
    """Each such name, of a unit, a contest, a candidate: named by file and line, and the plan is not taken."""
    for n, (raw, why) in enumerate(REFUSED):
        folder = home / f"refused{n}"
        shutil.copytree(tree.plan, folder)
        election = folder / "election.zpl"
        election.write_text(election.read_text("utf-8").replace("version = 1", "version = 2"), "utf-8")
        marks = {"units.csv": b"V0,X,th\xc3\xb4n,", "contests.csv": b"K0,", "candidates.csv": b"K0,1,"}
        for name, before in marks.items():
            lines = (folder / name).read_bytes().split(b"\n")
            (at,) = [i for i, line in enumerate(lines) if line.startswith(before)]
            quoted = b'"%s"' % raw
            lines[at] = before + quoted + lines[at][len(before) + len(('"%s"' % NFC).encode()):]
            (folder / name).write_bytes(b"\n".join(lines))
            done = subprocess.run([tree.top.program, "plan", "check", folder], capture_output=True, timeout=60)
            said = (done.stdout + done.stderr).decode()  # what is said of it is text, whatever the name was
            where = rf"^{name}:({at + 1}{'|1' if 0 in raw else ''}): .*({why})"
            assert done.returncode == 1 and re.search(where, said, re.M), f"{raw}: no {where} in {said}"
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u202a-\u202e\u2066-\u2069]", said), f"{raw}: said {said!r}"
        code, out, err = lib.try_command(tree.top.program, "plan", "load", folder, "--dir", tree.top.dir, "--as", lib.PERSON)
        assert code == 1, f"{raw}: {out} {err}"
    assert tree.top.get("/api/state")["election"]["version"] == 1


def check_entries(tree):
    """The same in a statement: refused with its line, nothing recorded."""
    node = tree.nodes[0]
    before = node.get("/api/state")["log"]["n"]
    for raw, why in REFUSED:
        if not raw.strip() or why == "too long":
            continue
        line = lib.turnout("P0", 5) + "&why=" + urllib.parse.quote_from_bytes(raw)
        status, reply = node.post("/api/say", line)
        assert status == 422 and reply["error"], f"{raw}: {status} {reply}"
        assert reply["line"] == 1 and reply["field"] in ("why", ""), f"{raw}: {reply}"
    assert node.get("/api/state")["log"]["n"] == before


def test(world):
    folder = world.home / "tree"
    folder.mkdir()
    write_plan(folder / "plan")
    tree = daemons.Tree(folder / "plan", folder, lib.QUICK, is_machine=lambda row: row["code"] in MACHINES)
    world.trees.append(tree)
    tree.start()
    texts = entered(tree.nodes[0])
    lib.settle(tree, lambda: lib.total(tree.top)["tallied"] == len(NAMES))
    check_state(tree)
    check_results(tree)
    check_sql(tree, world.home)
    check_texts(tree, texts)
    check_pages(tree)
    check_plain(tree)
    check_refused(tree, world.home)
    check_entries(tree)
    lib.verify_all(tree)
    return f"{len(NAMES)} names as they are, {len(REFUSED)} refused"


lib.run(test)
