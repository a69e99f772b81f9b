#!/usr/bin/env python3
"""weight.py - each page with all its files stays under 300 KB as sent, is the same packed and plain, opens in under a
second on this machine, and keeps nobody waiting for a file that has not changed. What the pages of a province of 100
communes and 3,000 places ask for is answered in a fraction of that, and small where it goes over a line."""
import gzip
import pathlib
import re
import time

import lib
from lib import daemons

MOST = 300 * 1024  # bytes of a page as sent, its sentences and the chart library with it
SLOWER = 5 if "sanitize" in daemons.BUILD.name else 1  # whatever is looked at while it runs takes its time
ANSWER_MS, ANSWER_MOST = 400 * SLOWER, 64 * 1024  # one answer of a large province: time, and bytes packed
ASKED = ("/api/state", "/api/state?unit=X7", "/api/monitor", "/api/results?unit=X7", "/api/matters", "/api/dues", "/api/find?q=thon 3",
         "/api/bulletin", "/plain", "/plain?unit=X7")
OPENS_MS = 1000 * SLOWER  # all files of a page, one after the other, on localhost
WEB = daemons.ROOT


def fetch(daemon, path, **headers):
    connection = daemon.connection()
    try:
        connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        reply = connection.getresponse()
        return reply.status, dict(reply.getheaders()), reply.read()
    finally:
        connection.close()


def named_in(path, text):
    """What a page or module asks for: files beside it, and the sentences of one language."""
    found = set(re.findall(r'(?:src|href)="(?!data:)([\w./-]+\.(?:js|css|svg|png))"', text)) if path.endswith(".html") else set()
    if path.endswith(".js"):
        found |= set(re.findall(r'(?:from|import)\s*\(?\s*"\./([\w./-]+)"', text))
        found |= set(re.findall(r'\.src\s*=\s*"([\w./-]+\.js)"', text))
    if path.endswith("/text.js"):
        found |= {"text.vi"}
    return {f"/{name}" for name in found}


def files_of(daemon, page):
    """{path: (bytes as sent, ms)}; each is checked packed against plain on the way."""
    files, todo = {}, {page}
    while todo:
        path = todo.pop()
        began = time.monotonic()
        status, headers, body = fetch(daemon, path, Accept_Encoding="gzip")
        ms = (time.monotonic() - began) * 1000
        assert status == 200, f"{daemon.name()}{path}: {status}"
        files[path] = len(body), ms
        packed = headers.get("Content-Encoding") == "gzip"
        text = gzip.decompress(body) if packed else body
        status, plain, whole = fetch(daemon, path)
        assert status == 200 and whole == text and "Content-Encoding" not in plain, f"{daemon.name()}{path}"
        assert headers["Vary"] == plain["Vary"] == "Accept-Encoding", headers
        assert (headers["ETag"] == plain["ETag"]) != packed, f"{path}: {headers['ETag']}"
        status, same, nothing = fetch(daemon, path, Accept_Encoding="gzip", If_None_Match=headers["ETag"])
        assert (status, nothing, same["ETag"]) == (304, b"", headers["ETag"]), f"{path}: {status}"
        if path.endswith((".html", ".js")):
            todo |= named_in(path, text.decode()) - set(files)
    return files


def pages_of(daemon):
    own = "node" if daemon.program.name == "dantin-node" else "hub"
    folders = [pathlib.Path(WEB) / own / "web", pathlib.Path(WEB) / "common" / "web"]
    return sorted({f"/{file.name}" for folder in folders for file in folder.glob("*.html")})


def large(world):
    """What its pages ask, each the best of three, since other programs share the machine."""
    folder = world.home / "large"
    folder.mkdir()
    lib.write_province(folder / "plan")
    tree = daemons.Tree(folder / "plan", folder, lib.QUICK, is_machine=lambda row: row["code"] in ("T", "X0"))
    world.trees.append(tree)
    tree.start()
    lib.write_people(tree.top)
    slowest, most = (0, ""), (0, "")
    for path in ASKED:
        best = 1e9
        for _ in range(3):
            began = time.monotonic()
            status, headers, body = fetch(tree.top, path.replace(" ", "%20"), Accept_Encoding="gzip")
            best = min(best, (time.monotonic() - began) * 1000)
            assert status == 200, f"{path}: {status} {body[:200]}"
        size = len(body) if headers.get("Content-Encoding") else len(gzip.compress(body, 1))
        assert best < ANSWER_MS, f"{path}: {best:.0f} ms with {lib.COMMUNES} communes"
        assert size < ANSWER_MOST, f"{path}: {size} bytes packed with {lib.COMMUNES} communes"
        slowest, most = max(slowest, (best, path)), max(most, (size, path))
    return f"large: slowest {slowest[1]} {slowest[0]:.0f} ms, most {most[1]} {most[0] / 1024:.0f} KB packed"


def test(world):
    tree = world.tree(communes=1)
    heaviest, slowest = (0, ""), (0, "")
    for daemon in (tree.nodes[0], tree.top):
        for page in pages_of(daemon):
            files = files_of(daemon, page)
            size, ms = sum(n for n, _ in files.values()), sum(ms for _, ms in files.values())
            assert any(path.endswith(".js") for path in files), f"{page}: {sorted(files)}"
            assert size < MOST, f"{daemon.name()}{page}: {size} bytes: " + ", ".join(
                f"{path} {n}" for path, (n, _) in sorted(files.items(), key=lambda f: -f[1][0])[:6])
            assert ms < OPENS_MS, f"{daemon.name()}{page}: {ms:.0f} ms for {len(files)} files"
            heaviest = max(heaviest, (size, page))
            slowest = max(slowest, (ms, page))
    return f"{large(world)}; heaviest {heaviest[1]} {heaviest[0] / 1024:.0f} KB of {MOST // 1024}, slowest {slowest[1]} {slowest[0]:.0f} ms"


lib.run(test)
