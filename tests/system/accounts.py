#!/usr/bin/python3
"""accounts - every route of both programs, asked by nobody, by each role, out of scope, locked out, removed, from foreign
pages and through a proxy: served or refused as the table here says, and nothing refused was done."""
import http.client
import json
import os
import subprocess
import time
import urllib.parse

import lib
from lib import daemons

# What a role may, said here a second time on purpose.
ROLES = {
    "hub": {"viewer": {"read"}, "operator": {"read", "operate"}, "auditor": {"read", "audit"},
            "administrator": {"read", "operate", "audit", "admin"}},
    "node": {"reads": {"read"}, "enters": {"read", "enter"}, "checks": {"read", "enter", "check"}},
}
OPEN = {("GET", "/api/who"), ("POST", "/api/login"), ("POST", "/api/confirm"), ("POST", "/api/logout"),
        ("POST", "/api/secret")}
# What only the machine's own user may do: no page has it, whatever the role.
LOCAL = {"/api/export/log.jsonl", "/api/token", "/api/admit", "/api/retire", "/api/plan", "/api/import", "/api/backup", "/api/people"}
FREE = ("/login.html", "/login.js", "/who.js", "/base.css", "/text.vi")
HOSTILE = ('<script>alert(1)</script>', '"quotes" & \'ticks\'', "\u05d0\u05d1 rtl \u0639", "\U0001f5f3 b\u1ea7u c\u1eed",
           "=1+1;a,b", "</b><img src=x onerror=alert(1)>")
PROXY = "dantin.example"


def ask(daemon, method, path, *, cookie=None, body=None, host=None, headers=None):
    """(status, headers, text) of one request over TCP, with just these headers."""
    connection = http.client.HTTPConnection("127.0.0.1", daemon.port, timeout=daemons.DEADLINE)
    send = {"Host": host or f"127.0.0.1:{daemon.port}"}
    if cookie:
        send["Cookie"] = cookie
    if method == "POST":
        send.update({"X-Dantin": "1", "Content-Type": "application/x-www-form-urlencoded"})
        body = "" if body is None else body
    send.update(headers or {})
    send = {k: v for k, v in send.items() if v is not None}
    try:
        connection.request(method, path, None if body is None else body.encode(), send)
        reply = connection.getresponse()
        if reply.getheader("Content-Type") == "text/event-stream":
            return reply.status, dict(reply.getheaders()), ""
        return reply.status, dict(reply.getheaders()), reply.read().decode()
    finally:
        connection.close()


def routes(daemon):
    """[(method, path, rights that it needs)], from the program itself."""
    return [(r["method"], r["path"], set(r["needs"])) for r in json.loads(daemons.run(daemon.program, "routes"))]


def give(daemon, person, secret, *words):
    daemons.run(daemon.program, "people", "add", person, *words, "--dir", daemon.dir)
    set_secret(daemon, person, secret)


def set_secret(daemon, person, secret):
    done = subprocess.run([daemon.program, "people", "secret", person, "--dir", daemon.dir], input=secret + "\n",
                          capture_output=True, text=True, timeout=daemons.DEADLINE)
    assert done.returncode == 0, done.stderr


def try_in(daemon, person, secret):
    return ask(daemon, "POST", "/api/login", body=urllib.parse.urlencode({"person": person, "secret": secret}))


def log_in(daemon, person, secret):
    status, headers, text = try_in(daemon, person, secret)
    assert status == 200, (status, text)
    said = headers["Set-Cookie"]
    assert "HttpOnly" in said and "SameSite=Strict" in said and "Path=/" in said, said
    return said.split(";")[0]


def is_refusal(status, text):
    return status in (401, 403) and "confirm" not in json.loads(text)


def said(daemon):
    """How much this unit has stated so far."""
    return sum(log["n"] for log in lib.get_unix(daemon, "/api/reconcile")["logs"] if log["author"] == daemon.unit)


def pages(daemon):
    kind = "hub" if daemon.program.name == "dantin-hub" else "node"
    return {"/" + p.name for f in ("common", kind) for p in (daemons.ROOT / f / "web").glob("*.html")} | {"/"}


def as_nobody(daemon, why, **how):
    """Nothing but the entrance; every other route is refused, and nothing is done."""
    before = said(daemon)
    for method, path, needs in routes(daemon):
        if path == "/api/logout" and "cookie" in how:
            continue
        status, _, text = ask(daemon, method, path, **how)
        assert ("open" in needs) == ((method, path) in OPEN), f"{method} {path}: is it meant to be open?"
        if "open" in needs:
            assert status != 401 or path in ("/api/confirm", "/api/secret"), f"{why}: {method} {path}: {status}"
        elif "local" in needs:
            assert status in (404, 405) or is_refusal(status, text), f"{why}: {method} {path} is there: {status}"
        elif "page" in needs:
            assert status == 303, f"{why}: {method} {path}: {status} {text[:100]}"
        else:
            assert status == 401, f"{why}: {method} {path}: {status} {text[:100]}"
    for path in pages(daemon) - {"/login.html"}:
        status, headers, text = ask(daemon, "GET", path, **how)
        assert status == 303 and headers["Location"].startswith("login.html") and not text, f"{why}: {path}: {status}"
    for path in FREE:
        assert ask(daemon, "GET", path, **how)[0] == 200, f"{why}: {path}"
    assert said(daemon) == before, f"{why}: something was said"


def as_role(daemon, role, cookie, rights):
    """Served exactly what the role's rights cover. Bodies are empty: what is served then asks for its fields."""
    before, seen = said(daemon), {True: 0, False: 0}
    plain = [(m, p, needs) for m, p, needs in routes(daemon) if p not in ("/api/logout", "/api/login", "/api/confirm")]
    for method, path, needs in sorted(plain, key=lambda r: bool("open" in r[2] or r[2] - {"scoped"} <= rights)):
        allowed = bool("open" in needs or needs - {"scoped", "page"} <= rights)
        if allowed and not seen[True]:
            assert said(daemon) == before, f"{role}: what was refused was said"
        seen[allowed] += 1
        status, _, text = ask(daemon, method, path, cookie=cookie)
        if "local" in needs:
            assert path in LOCAL and (status in (404, 405) or is_refusal(status, text)), f"{role}: {method} {path}: {status}"
        else:
            refused = status in (401, 403) and is_refusal(status, text)
            assert refused != allowed, f"{role}: {method} {path} needs {needs}: {status} {text[:200]}"
    for path in pages(daemon) - {"/login.html"}:
        assert ask(daemon, "GET", path, cookie=cookie)[0] == 200, f"{role}: {path}"
    assert seen[True] > 3 and seen[False] > 3, seen


def from_elsewhere(daemon, cookie):
    """With a good cookie: by a foreign name, by a foreign page, or without our own header nothing is served."""
    bad = [("a foreign Host", {"host": "evil.example"}),
           ("a foreign port", {"host": "127.0.0.1:1"}),
           ("a foreign Origin", {"headers": {"Origin": "http://evil.example"}}),
           ("Origin null", {"headers": {"Origin": "null"}}),
           ("another site", {"headers": {"Sec-Fetch-Site": "cross-site"}}),
           ("no X-Dantin", {"headers": {"X-Dantin": None}})]
    for why, how in bad:
        for method, path, needs in routes(daemon):
            if method == "GET" and "host" not in how:
                continue
            status, _, text = ask(daemon, method, path, cookie=cookie, **how)
            assert status == 403, f"{why}: {method} {path}: {status} {text[:100]}"


def in_scope(hub, cookie, inside, outside):
    """A person with a scope: only routes of one unit, only with units of theirs, and theirs where none is named."""
    for method, path, needs in routes(hub):
        if "open" in needs or "local" in needs or not needs - {"scoped", "page"} <= ROLES["hub"]["operator"]:
            continue
        asked = [("outside", f"unit={outside}", True), ("above", f"unit={hub.unit}", True), ("nothing", "unit=", True)]
        if "scoped" in needs:
            asked.append(("inside", f"unit={inside}", False))
        for why, words, refused in asked:
            if method == "GET":
                status, _, text = ask(hub, method, f"{path}?{words}", cookie=cookie)
            else:
                status, _, text = ask(hub, method, path, cookie=cookie, body=words)
            assert (status == 403) == refused, f"scope: {why}: {method} {path}: {status} {text[:200]}"
        if method == "POST" and "scoped" in needs:
            for body in ("", f"about={inside}&kind=x\nabout={outside}&kind=x", f"unit={inside}&unit={outside}",
                         f"about={inside}\nkind=turnout", "%%", f"unit={inside}&about={outside}"):
                status, _, text = ask(hub, method, path, cookie=cookie, body=body)
                assert status == 403, f"scope: {path}: {body!r}: {status} {text}"
    state = json.loads(ask(hub, "GET", "/api/state", cookie=cookie)[2])
    assert state["unit"]["code"] == inside, state["unit"]
    children = json.loads(ask(hub, "GET", "/api/children", cookie=cookie)[2])["children"]
    assert [c["unit"] for c in children] == [inside], children
    desk = json.loads(ask(hub, "GET", "/api/desk", cookie=cookie)[2])
    assert [u["code"] for u in desk["units"]] == [inside], desk["units"]
    who = json.loads(ask(hub, "GET", "/api/who", cookie=cookie)[2])
    assert [u["code"] for u in who["units"]] == [inside], who


def administered(hub, cookie, password):
    """An administrator's page adds, changes and removes persons after giving the password again; the last one stays; a
    hash is not taken from a page, and a new secret ends the logins by the old one."""
    def person(**fields):
        status, _, text = ask(hub, "POST", "/api/person", cookie=cookie, body=urllib.parse.urlencode(fields))
        return status, json.loads(text)
    status, reply = person(act="put", id="moi", role="viewer", password="mật khẩu lần đầu")
    assert status == 403 and reply["confirm"], reply
    assert ask(hub, "POST", "/api/confirm", cookie=cookie, body=urllib.parse.urlencode({"secret": password}))[0] == 200
    status, reply = person(act="put", id="moi", name=HOSTILE[0], role="viewer", password="mật khẩu lần đầu")
    assert status == 200, reply
    for fields, why in (({"password": "ngắn"}, "10"), ({"role": "boss"}, "role"), ({"secret": "$argon2id$x"}, ""),
                        ({"name": "a\nb"}, "line break")):
        status, reply = person(act="put", id="moi", **fields)
        assert status == 422 and why in reply["error"], (fields, reply)
    for fields in ({"act": "remove", "id": "administrator"}, {"act": "put", "id": "administrator", "role": "viewer"}):
        status, reply = person(**fields)
        assert status == 422 and "remain" in reply["error"], reply
    own = log_in(hub, "moi", "mật khẩu lần đầu")
    listed = json.loads(ask(hub, "GET", "/api/people", cookie=cookie)[2])["people"]
    assert next(p for p in listed if p["id"] == "moi")["name"] == HOSTILE[0] and "argon2" not in json.dumps(listed)
    new = urllib.parse.urlencode({"password": "mật khẩu của riêng tôi", "id": "administrator", "role": "administrator"})
    assert ask(hub, "POST", "/api/secret", cookie=own, body=new)[0] == 403
    first = urllib.parse.urlencode({"secret": "mật khẩu lần đầu"})
    assert ask(hub, "POST", "/api/confirm", cookie=own, body=first)[0] == 200
    status, _, text = ask(hub, "POST", "/api/secret", cookie=own, body=new)
    assert status == 200, text
    assert ask(hub, "GET", "/api/state", cookie=own)[0] == 401
    own = log_in(hub, "moi", "mật khẩu của riêng tôi")
    assert json.loads(ask(hub, "GET", "/api/who", cookie=own)[2])["person"]["role"] == "viewer", "it gave itself a role"
    assert person(act="remove", id="moi")[0] == 200
    assert ask(hub, "GET", "/api/state", cookie=own)[0] == 401


def locked_out(daemon, person, secret, cookie):
    """Wrong tries are answered alike whether somebody has that name; then everybody of that name waits, and whoever
    is logged in works on."""
    words = set()
    for name in (person, "nobody-has-this"):
        for _ in range(5):
            status, headers, text = try_in(daemon, name, "999 sai mat khau")
            assert status == 403 and "Set-Cookie" not in headers, (status, text)
            words.add(text)
        status, _, text = try_in(daemon, name, secret)
        assert status == 429 and 0 < json.loads(text)["wait_ms"] <= 15000, f"{name}: {status} {text}"
    assert len(words) == 1, f"a name is told from no name: {words}"
    assert ask(daemon, "GET", "/api/state", cookie=cookie)[0] == 200


def gone(daemon, person, secret, new):
    """A changed secret ends the logins by the old one; a removed person is out at once; so is who logs out."""
    cookie = log_in(daemon, person, secret)
    assert ask(daemon, "GET", "/api/state", cookie=cookie)[0] == 200
    set_secret(daemon, person, new)
    as_nobody(daemon, "an old secret", cookie=cookie)
    assert try_in(daemon, person, secret)[0] == 403
    first, second = log_in(daemon, person, new), log_in(daemon, person, new)
    status, headers, _ = ask(daemon, "POST", "/api/logout", cookie=first)
    assert status == 200 and "Max-Age=0" in headers["Set-Cookie"]
    assert ask(daemon, "GET", "/api/state", cookie=first)[0] == 401
    assert ask(daemon, "GET", "/api/state", cookie=second)[0] == 200
    daemons.run(daemon.program, "people", "remove", person, "--dir", daemon.dir)
    as_nobody(daemon, "removed", cookie=second)


def hostile_names(daemon, rules):
    """Names of any kind are kept and told as they are, in JSON; a line break is refused."""
    for i, name in enumerate(HOSTILE[:rules]):
        daemons.run(daemon.program, "people", "add", f"h{i}", "--name", name, "--dir", daemon.dir)
    listed = {p["id"]: p["name"] for p in lib.get_unix(daemon, "/api/people")["people"]}
    for i, name in enumerate(HOSTILE[:rules]):
        assert listed[f"h{i}"] == name, listed
    for name in ("a\nb", "a\u202eb", "x" * 121):  # a line break, a turn of direction, too long
        code, _, errors = lib.try_command(daemon.program, "people", "add", "x", "--name", name, "--dir", daemon.dir)
        assert code == 1 and errors, (name, code, errors)
    for i in range(rules):
        daemons.run(daemon.program, "people", "remove", f"h{i}", "--dir", daemon.dir)


def say(node, cookie, **fields):
    status, _, text = ask(node, "POST", "/api/say", cookie=cookie, body=urllib.parse.urlencode(fields))
    return status, json.loads(text)


def asks_again(node, cookie, place, pins):
    """A tally and a seal are taken when the PIN was given again, and a dry run needs none."""
    tally = {"kind": "tally", "place": place, "returned": 20, "valid": 20, "invalid": 0, "votes": "1:12,2:8"}
    before = said(node)
    for path, fields in (("/api/say", tally), ("/api/seal", {})):
        status, _, text = ask(node, "POST", path, cookie=cookie, body=urllib.parse.urlencode(fields))
        assert status == 403 and json.loads(text)["confirm"], f"{path}: {status} {text}"
    assert ask(node, "POST", "/api/check", cookie=cookie, body=urllib.parse.urlencode(tally))[0] == 200
    assert said(node) == before, "said before the PIN was given"
    assert ask(node, "POST", "/api/confirm", cookie=cookie, body=f"secret={pins['ha']}")[0] == 200
    for path, fields in (("/api/say", tally), ("/api/seal", {})):
        status, _, text = ask(node, "POST", path, cookie=cookie, body=urllib.parse.urlencode(fields))
        assert status == 200, f"{path}: {status} {text}"
    sealed = json.loads(ask(node, "GET", "/api/seal", cookie=cookie)[2])["seal"]
    assert sealed["by"] == "ha", sealed


def by_whom(node, enters, checks, pins):
    """A page's statement is by who has logged in; a tally asks for the PIN again; the second person is another one."""
    place = lib.get_unix(node, "/api/state")["places"][0]["code"]
    status, reply = say(node, enters, kind="turnout", place=place, cutoff=1, voted=20)
    assert status == 200, reply
    act = reply["said"][0]["act"]
    stated = next(s for s in lib.get_unix(node, "/api/state")["statements"] if s["act"] == act)
    assert stated["by"] == "ha", stated
    status, reply = say(node, enters, kind="turnout", place=place, cutoff=1, voted=20, by="binh")
    assert status == 422 and "somebody else" in reply["error"], reply
    status, reply = say(node, enters, kind="ready", decision="1/QD")
    assert status == 422 and "checks" in reply["error"], reply
    status, reply = say(node, enters, kind="turnout", place=place, cutoff=1, voted=20, second=1)
    assert status == 422, reply
    second = {"kind": "turnout", "place": place, "cutoff": 1, "voted": 20, "second": 1}
    status, reply = say(node, checks, **second)
    assert status == 403 and reply["confirm"], reply
    status, _, text = ask(node, "POST", "/api/confirm", cookie=checks, body=f"secret={pins['binh']}")
    assert status == 200, text
    status, reply = say(node, checks, **second)
    assert status == 200, reply  # another person than the first, who has just given the PIN
    asks_again(node, enters, place, pins)
    status, reply = say(node, checks, kind="turnout", place=place, cutoff=1, voted=20, second=1)
    assert status == 422 and "second person" in reply["error"], reply


def handover(node, cookies):
    """The desk is given to somebody else who works here, with what is open; only they say that they have it."""
    ha, binh = cookies["ha"], cookies["binh"]
    for to, why in (("ha", "another person"), ("nobody", "works here"), ("", "")):
        status, reply = say(node, ha, kind="shift", to=to)
        assert status == 422 and why in reply["error"], reply
    status, reply = say(node, ha, kind="shift", to="binh")
    assert status == 200, reply
    act = reply["said"][0]["act"]
    status, reply = say(node, ha, kind="receipt", of=act)
    assert status == 422 and "somebody else" in reply["error"], reply
    shown = json.loads(ask(node, "GET", "/api/shift", cookie=cookies["lan"])[2])
    assert shown["handover"]["to"] == "binh" and shown["handover"]["by"] == "ha" and not shown["handover"]["taken"], shown
    assert [p["id"] for p in shown["persons"]] == ["ha", "binh"], shown["persons"]
    assert isinstance(shown["missing"], list) and isinstance(shown["held"], list) and "dues" in shown["dues"], shown
    status, reply = say(node, binh, kind="receipt", of=act)
    assert status == 200, reply
    shown = json.loads(ask(node, "GET", "/api/shift", cookie=binh)[2])
    assert shown["handover"]["taken"]["by"] == "binh", shown


def confirm(node, person, pin, cookie):
    """The secret again: by the person's own only, and wrong ones count."""
    for secret, wanted in ((pin, 200), ("000000", 403)):
        status, _, text = ask(node, "POST", "/api/confirm", cookie=cookie, body=f"person=binh&secret={secret}")
        assert status == wanted, (secret, status, text)
    assert ask(node, "POST", "/api/confirm", body=f"secret={pin}")[0] == 401


def behind_a_proxy(node, pin):
    """access = hosted: whoever comes from 127.0.0.1 through a proxy is nobody, with or without persons, until they log in."""
    node.stop()
    daemons.write_settings(node.dir, {**lib.QUICK, "http/access": "hosted", "http/host": PROXY})
    (node.dir / "people.csv").rename(node.dir / "people.away")
    node.start().wait_ready()
    via = {"host": PROXY, "headers": {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1",
                                      "Forwarded": "for=127.0.0.1", "X-Forwarded-User": "ha"}}
    as_nobody(node, "hosted, and nobody has a secret", **via)
    as_nobody(node, "hosted, straight to the port")
    assert json.loads(ask(node, "GET", "/api/who", **via)[2])["names"] == []
    code, _, errors = lib.try_command(node.program, "people", "secret", "ha", "--dir", node.dir)
    assert code != 0, "a secret for nobody"
    (node.dir / "people.away").rename(node.dir / "people.csv")
    as_nobody(node, "hosted, by a proxy", **via)
    assert json.loads(ask(node, "GET", "/api/who", **via)[2])["names"] == [], "names are told to whoever asks"
    status, headers, text = ask(node, "POST", "/api/login", body=f"person=ha&secret={pin}", **via)
    assert status == 200 and "; Secure" in headers["Set-Cookie"], (status, headers, text)
    cookie = headers["Set-Cookie"].split(";")[0]
    assert ask(node, "GET", "/api/state", cookie=cookie, **via)[0] == 200
    os.chmod(node.dir / "people.csv", 0o644)
    as_nobody(node, "a table that is open to others", cookie=cookie, **via)
    os.chmod(node.dir / "people.csv", 0o600)
    assert ask(node, "GET", "/api/state", cookie=cookie, **via)[0] == 200


def restricted(hub, cookies):
    """Contests of a restricted kind are for those who have the right, whatever else their role may."""
    for person, sees in (("viewer", False), ("administrator", False), ("trusted", True)):
        who = json.loads(ask(hub, "GET", "/api/who", cookie=cookies[person])[2])
        assert ("restricted" in who["rights"]) == sees, who
    status = ask(hub, "GET", "/api/export/log.jsonl", cookie=cookies["auditor"])[0]
    assert status == 403, "the signed logs hold restricted contests too"


def nobody_waits(hub, cookie):
    """While many log in, the loop answers others at once: secrets are looked at beside it."""
    import concurrent.futures
    with concurrent.futures.ThreadPoolExecutor(30) as pool:
        tries = [pool.submit(try_in, hub, f"guess{i}", "a wrong password") for i in range(30)]
        slowest = 0
        while not all(t.done() for t in tries):
            began = time.monotonic()
            assert ask(hub, "GET", "/api/state", cookie=cookie)[0] == 200
            slowest = max(slowest, time.monotonic() - began)
        answers = {t.result()[0] for t in tries}
    assert answers <= {403, 429, 503} and 403 in answers, answers
    assert slowest < 5, f"a page waited {slowest:.1f} s for other people's secrets"
    return slowest


def at_the_hub(tree):
    hub = tree.at[lib.HUB]
    inside, outside = (c["code"] for c in lib.get_unix(hub, "/api/state")["children"][:2])
    for path in ("/", "/api/state"):
        assert ask(hub, "GET", path)[0] == 200, "at a desk where nobody has a secret the page is read as before"
    assert ask(hub, "POST", "/api/say", body="about=1")[0] == 403
    hostile_names(hub, len(HOSTILE))
    secrets = {name: f"mật khẩu của {name}" for name in (*ROLES["hub"], "trusted", "narrow", "leaver")}
    roles = {**{name: name for name in ROLES["hub"]}, "trusted": "viewer", "narrow": "operator", "leaver": "viewer"}
    for name, secret in secrets.items():
        more = {"trusted": ["--restricted", "yes"], "narrow": ["--scope", inside]}.get(name, [])
        give(hub, name, secret, "--name", HOSTILE[len(name) % len(HOSTILE)], "--role", roles[name], *more)
    as_nobody(hub, "nobody")
    cookies = {name: log_in(hub, name, secret) for name, secret in secrets.items()}
    for role, rights in ROLES["hub"].items():
        as_role(hub, role, cookies[role], rights)
    restricted(hub, cookies)
    from_elsewhere(hub, cookies["administrator"])
    in_scope(hub, cookies["narrow"], inside, outside)
    administered(hub, cookies["administrator"], secrets["administrator"])
    gone(hub, "leaver", secrets["leaver"], "một mật khẩu khác")
    locked_out(hub, "auditor", secrets["auditor"], cookies["auditor"])
    nobody_waits(hub, cookies["viewer"])
    as_nobody(hub, "a made-up cookie", cookie=cookies["viewer"].split("=")[0] + "=" + "0" * 64)


def at_the_node(tree):
    node = tree.nodes[0]
    hostile_names(node, 5)
    pins = {"ha": "407159", "binh": "902846", "lan": "318307"}
    for person, role in (("ha", "enters"), ("binh", "checks"), ("lan", "reads")):
        give(node, person, pins[person], "--name", HOSTILE[len(person)], "--role", role)
    as_nobody(node, "nobody")
    assert [n["id"] for n in json.loads(ask(node, "GET", "/api/who")[2])["names"]] == ["ha", "binh", "lan"]
    cookies = {person: log_in(node, person, pin) for person, pin in pins.items()}
    for person, role in (("ha", "enters"), ("binh", "checks"), ("lan", "reads")):
        as_role(node, role, cookies[person], ROLES["node"][role])
    from_elsewhere(node, cookies["binh"])
    by_whom(node, cookies["ha"], cookies["binh"], pins)
    handover(node, cookies)
    confirm(node, "ha", pins["ha"], cookies["ha"])
    behind_a_proxy(node, pins["ha"])


def test(world):
    tree = world.tree()
    at_the_hub(tree)
    at_the_node(tree)
    n = sum(len(routes(d)) for d in (tree.at[lib.HUB], tree.nodes[0]))
    return f"{n} routes by nobody, every role, out of scope, locked out, removed, from elsewhere and through a proxy"


lib.run(test)
