#!/usr/bin/env python3
"""openapi.py - node/web/openapi.json and hub/web/openapi.json against the programs: every route with its right is in the
file and nothing else is; each is tried on live daemons after a played day, and every answer has a status and a shape that
the file describes.

    openapi.py           the check
    openapi.py --learn   puts what is new into the files: routes, fields and shapes as they were seen. What a person has to
                         say of it (summary, what a parameter means, x-tries) is left as "?", which the check refuses.

x-needs are the rights of http_route.needs ("local": by the Unix socket only, "open": for all), x-scoped that somebody with
a scope may ask. x-tries are queries, or bodies of a POST, and the status of each; {unit}, {place}, {contest}, {act} stand
for what the day has.
"""
import importlib.util
import json
import re
import sys
import urllib.parse

import lib
from lib import daemons

ROOT = daemons.ROOT
spec = importlib.util.spec_from_file_location("browser_lib", ROOT / "tests" / "browser" / "lib.py")
browser_lib = importlib.util.module_from_spec(spec)
spec.loader.exec_module(browser_lib)

FILES = {"node": ROOT / "node" / "web" / "openapi.json", "hub": ROOT / "hub" / "web" / "openapi.json"}
TABLES = {"node": [ROOT / "node"], "hub": [ROOT / "hub"]}
COMMON = [ROOT / "common" / "daemon" / "people.h"]  # routes of both
# Objects whose names are data: acts, codes, names of slots.
MAPS = {"steps", "standing", "contests", "votes", "against", "written", "texts", "numbers"}
# Objects of one shape wherever they stand under one of these names: a schema of their own.
SHAPES = {"unit": "Unit", "election": "Election", "link": "Link", "totals": "Total", "ballots": "Ballot", "cutoffs": "Cutoff",
          "statements": "Statement", "findings": "Finding", "path": "UnitName", "matters": "Matter", "records": "Record", "tally": "Tally", "rules": "Rules", "seals": "Seal"}
NOT_ENTERED = {"incarnation", "n", "stream", "version", "index", "count"}  # fields of records that programs say
REFUSAL = {"type": "object", "properties": {"error": {"type": "string"}}, "required": ["error"], "additionalProperties": True}


# ---- routes as the sources have them ----

def routes_of(program):
    """{(method, path): (needs, scoped)} of the program's route tables."""
    text = "".join(path.read_text("utf-8") for folder in TABLES[program] for path in sorted(folder.glob("*.c")))
    text += "".join(path.read_text("utf-8").replace("\\\n", " ") for path in COMMON)
    found = {}
    for method, path, needs in re.findall(r'\{\s*"(GET|POST)",\s*"(/[^"]*)",\s*\w+,\s*([A-Z_|\s]+?)\s*\}', text):
        words = [w.strip() for w in needs.split("|")]
        rights = sorted(w.removeprefix("RIGHT_").removeprefix("HTTP_").lower() for w in words if w not in ("ROUTE_SCOPED", "HTTP_PAGE"))
        found[method, path] = rights, "ROUTE_SCOPED" in words
    return found


def queries_of(program):
    """Every name that a handler asks of a query."""
    folders = TABLES[program] + [ROOT / "common" / "daemon", ROOT / "common" / "net"]
    text = "".join(path.read_text("utf-8") for folder in folders for path in sorted(folder.glob("*.c")))
    return set(re.findall(r'http_query\(\w+, "(\w+)"\)', text))


# ---- shapes ----

def shape(value, name=""):
    if isinstance(value, dict):
        if name in MAPS:
            return {"type": "object", "additionalProperties": merge_all(shape(v) for v in value.values())}
        return {"type": "object", "properties": {k: shape(v, k) for k, v in value.items()}, "required": sorted(value)}
    if isinstance(value, list):
        return {"type": "array", "items": merge_all(shape(v, name if isinstance(v, dict) else "") for v in value)}
    kinds = {bool: "boolean", int: "integer", float: "number", str: "string", type(None): "null"}
    return {"type": kinds[type(value)]}


def types(s):
    t = s.get("type", [])
    return {t} if isinstance(t, str) else set(t)


def merge(a, b):
    """What describes both; {} describes nothing that was seen."""
    if not a or not b:
        return a or b
    if "$ref" in a or "$ref" in b:
        return a if "$ref" in a else b
    kinds = sorted(types(a) | types(b))
    out = {"type": kinds[0] if len(kinds) == 1 else kinds}
    if a.get("description") or b.get("description"):
        out["description"] = a.get("description") or b["description"]
    for key in ("properties",):
        if key in a or key in b:
            left, right = a.get(key, {}), b.get(key, {})
            out[key] = {k: merge(left.get(k, {}), right.get(k, {})) for k in {**left, **right}}
            both = [set(x.get("required", [])) for x in (a, b) if key in x]
            out["required"] = sorted(set.intersection(*both))
    for key in ("items", "additionalProperties"):
        if key in a or key in b:
            one, two = a.get(key, {}), b.get(key, {})
            out[key] = True if True in (one, two) else merge(one, two)
    return out


def merge_all(some):
    out = {}
    for s in some:
        out = merge(out, s)
    return out


def faults(s, value, book, at="answer"):
    """Where the value is not what the schema describes; a field that it does not name is one."""
    if "$ref" in s:
        s = book["components"]["schemas"][s["$ref"].rpartition("/")[2]]
    if "anyOf" in s:
        found = [list(faults(one, value, book, at)) for one in s["anyOf"]]
        yield from min(found, key=len)
        return
    kinds = types(s)
    kind = next(iter(types(shape(value)))) if not isinstance(value, (dict, list)) else "object" if isinstance(value, dict) else "array"
    if kind not in kinds and not (kind == "integer" and "number" in kinds):
        yield f"{at}: {kind} where the file has {sorted(kinds) or 'nothing'}"
        return
    if kind == "array":
        for i, v in enumerate(value):
            yield from faults(s.get("items", {}), v, book, f"{at}[{i}]")
    elif kind == "object":
        for name in set(s.get("required", [])) - set(value):
            yield f"{at}: lacks {name}"
        more = s.get("additionalProperties", {})
        for name, v in value.items():
            known = s.get("properties", {}).get(name, more)
            if known is True:
                continue
            if not known:
                yield f"{at}.{name}: not in the file"
            else:
                yield from faults(known, v, book, f"{at}.{name}")


def name_shapes(book, s, name=""):
    """Moves objects that have a name of SHAPES into the schemas of the book."""
    if "properties" in s:
        s["properties"] = {k: name_shapes(book, v, k) for k, v in s["properties"].items()}
    if isinstance(s.get("items"), dict) and s["items"]:
        s["items"] = name_shapes(book, s["items"], name)
    if isinstance(s.get("additionalProperties"), dict) and s["additionalProperties"]:
        s["additionalProperties"] = name_shapes(book, s["additionalProperties"])
    fields = s.get("properties", {})
    is_unit = name not in ("unit", "path") or "code" in fields
    if name in SHAPES and is_unit and name not in fields and len(fields) >= 2:
        schemas = book["components"]["schemas"]
        known = schemas.get(SHAPES[name], {})
        free = {k: v for k, v in s.items() if k != "type"} | {"type": "object"}
        schemas[SHAPES[name]] = merge(known, free)
        if "null" in types(s):
            return {"anyOf": [{"$ref": f"#/components/schemas/{SHAPES[name]}"}, {"type": "null"}]}
        return {"$ref": f"#/components/schemas/{SHAPES[name]}"}
    return s


def whole(book, s):
    """A schema without references, so that what is new can be merged into it."""
    if "$ref" in s:
        return whole(book, book["components"]["schemas"][s["$ref"].rpartition("/")[2]])
    if "anyOf" in s:
        return merge_all(whole(book, x) for x in s["anyOf"])
    out = dict(s)
    for key in ("properties",):
        if key in s:
            out[key] = {k: whole(book, v) for k, v in s[key].items()}
    for key in ("items", "additionalProperties"):
        if isinstance(s.get(key), dict):
            out[key] = whole(book, s[key])
    return out


# ---- the day, and what is asked of it ----

def play(world):
    stage = object.__new__(browser_lib.Stage)
    stage.world, stage.home, stage.browsers = world, world.home, []
    return stage.day()


def words_of(tree):
    node = tree.nodes[0]
    state = node.get("/api/state")
    place = state["places"][0]
    act = next(s["act"] for s in state["statements"] if s["kind"] == "turnout" and s["subject"] == place["code"])
    return {"unit": node.unit, "place": place["code"], "contest": place["ballots"][0]["contest"], "act": act,
            "new": lib.new_act(), "by": daemons.PERSON}


def ask(daemon, method, path, text, local):
    connection = daemons.UnixConnection(daemon.dir / "api.sock") if local else daemon.connection()
    try:
        headers = {"X-Dantin": "1", "Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
        query = f"?{text}" if method == "GET" and text else ""
        connection.request(method, path + urllib.parse.quote(query, safe="?=&%:,;+"), text.encode() if method == "POST" else None, headers)
        reply = connection.getresponse()
        if reply.getheader("Content-Type", "").startswith("text/event-stream"):
            return reply.status, "text/event-stream", ""
        return reply.status, reply.getheader("Content-Type", "").partition(";")[0], reply.read().decode("utf-8", "replace")
    finally:
        connection.close()


def tries(daemon, words, operations):
    """(method, path, operation, text, status, type, body) of everything that a file says to try; refusals and GETs first."""
    order = sorted(operations.items(), key=lambda x: (x[0][0], x[1].get("x-last", False)))
    for (method, path), operation in order:
        for text, status in operation.get("x-tries", {}).items():
            filled = text.format(**{**words, "new": lib.new_act()})
            local = operation.get("x-local", False) or "local" in operation["x-needs"]
            yield method, path, operation, text, status, *ask(daemon, method, path, filled, local)


def operations_of(book):
    return {(method.upper(), path): o for path, item in book["paths"].items() for method, o in item.items()}


# ---- check, and learn ----

def check_routes(program, book):
    have, said = routes_of(program), operations_of(book)
    assert len(have) > 15, have
    for route in sorted(set(have) ^ set(said)):
        yield f"{' '.join(route)}: {'not in the file' if route in have else 'in the file, and not served'}"
    for route in sorted(set(have) & set(said)):
        needs, scoped = have[route]
        if (said[route].get("x-needs"), said[route].get("x-scoped", False)) != (needs, scoped):
            yield f"{' '.join(route)}: needs {needs}{' within a scope' if scoped else ''}, the file says {said[route].get('x-needs')}"
        if "?" in (said[route].get("summary", "?"), *(p.get("description", "?") for p in said[route].get("parameters", []))):
            yield f"{' '.join(route)}: say what it is for, and what each parameter means"
        if not said[route].get("x-tries"):
            yield f"{' '.join(route)}: nothing is tried"
    text = (ROOT / "proto" / "record.c").read_text("utf-8")
    fields = set(re.findall(r'\b(?:NUM|OPT|TXT)\("(\w+)"', text)) - NOT_ENTERED
    assert len(fields) > 40, fields
    for way in ("/api/say", "/api/check"):
        body = said["POST", way]["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"]["properties"]
        for name in sorted(fields - set(body)):
            yield f"POST {way}: lacks the field {name} of proto/record.c"
    named = {p["name"] for o in said.values() for p in o.get("parameters", [])}
    for name in sorted(queries_of(program) - named - set(book.get("x-not-asked", []))):
        yield f"no route has the parameter {name}"


def check_tries(program, book, daemon, words):
    for method, path, operation, text, wanted, status, kind, body in tries(daemon, words, operations_of(book)):
        at = f"{method} {path} {text!r}"
        responses = operation["responses"]
        if status != wanted:
            yield f"{at}: {status} and not {wanted}: {body[:200]}"
        elif str(status) not in responses:
            yield f"{at}: the file has no answer {status}"
        elif status == 200:
            content = responses["200"].get("content", {})
            if kind not in content:
                yield f"{at}: {kind} where the file has {sorted(content)}"
            elif kind == "application/json":
                for line in list(faults(content[kind]["schema"], json.loads(body), book))[:5]:
                    yield f"{at}: {line}"
        elif kind == "application/json":
            yield from (f"{at}: {line}" for line in faults(REFUSAL, json.loads(body), book))


def learn(program, book, daemon, words):
    for route, (needs, scoped) in routes_of(program).items():
        item = book["paths"].setdefault(route[1], {})
        o = item.setdefault(route[0].lower(), {"summary": "?", "x-tries": {"": 200}})
        o["x-needs"] = needs
        o.pop("x-scoped", None)
        if scoped:
            o["x-scoped"] = True
        o.setdefault("responses", {})
    for method, path in set(operations_of(book)) - set(routes_of(program)):
        del book["paths"][path][method.lower()]
    book["paths"] = {k: v for k, v in sorted(book["paths"].items()) if v}
    for method, path, operation, text, wanted, status, kind, body in tries(daemon, words, operations_of(book)):
        if status != wanted:
            print(f"{program}: {method} {path} {text!r}: {status} and not {wanted}: {body[:300]}")
            continue
        answer = operation["responses"].setdefault(str(status), {"description": "As asked" if status == 200 else "Refused: `error` says why"})
        if status != 200:
            continue
        media = answer.setdefault("content", {}).setdefault(kind, {})
        if kind == "application/json":
            media["schema"] = merge(whole(book, media.get("schema", {})), shape(json.loads(body)))
        else:
            media["schema"] = {"type": "string"}
    for operation in operations_of(book).values():
        for answer in operation["responses"].values():
            for media in answer.get("content", {}).values():
                media["schema"] = name_shapes(book, media["schema"])


def written(value, indent=""):
    """JSON with what is short on one line."""
    short = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(short) < 130 or not isinstance(value, (dict, list)):
        return short
    deeper = indent + "  "
    if isinstance(value, list):
        return "[\n" + ",\n".join(deeper + written(v, deeper) for v in value) + f"\n{indent}]"
    return "{\n" + ",\n".join(f"{deeper}{json.dumps(k, ensure_ascii=False)}: {written(v, deeper)}" for k, v in value.items()) \
        + f"\n{indent}}}"


def test(world):
    tree = play(world)
    words, wrong = words_of(tree), []
    count = 0
    for program, daemon in (("node", tree.nodes[0]), ("hub", tree.at[lib.HUB])):
        book = json.loads(FILES[program].read_text("utf-8"))
        if "--learn" in sys.argv:
            learn(program, book, daemon, words)
            FILES[program].write_text(written(book) + "\n", "utf-8")
            continue
        wrong += [f"{program}: {line}" for line in check_routes(program, book)]
        wrong += [f"{program}: {line}" for line in check_tries(program, book, daemon, words)]
        count += len(operations_of(book))
    assert not wrong, "\n" + "\n".join(wrong) + "\ntests/system/openapi.py --learn puts new routes and fields into the files"
    return f"{count} routes are as the files say"


lib.run(test)
