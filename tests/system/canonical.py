"""canonical.py - Dantin's bytes read strictly, from proto/PROTOCOL.md alone: items, runs, records, plans.

For verify.py and check_vectors.py; needs python3-nacl.
"""
from hashlib import blake2b
from types import SimpleNamespace as Bag

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

U64, U32, I63, COUNT = 2**64 - 1, 2**32 - 1, 2**63 - 1, 10**9
TALLY, COLUMNS, LIST_MAX = 4, 3, 1536
# kind: who may say it (1 unit, 2 hub, 4 about, 8 plan); its fields: n number, o optional, t text,
# b bytes, each with its range; * a list at the end.
KINDS = {1: "5 n1-11", 2: f"5 n1-64 n0-{COUNT} o", 3: "5 o o o", 4: "5 b8-8" + 16 * " o" + " *",
         5: "5 t0-64 t0-64 o o o o o o b0-32", 6: "5 n0-255 n1-4 n1-3 t0-64 b0-32", 7: "5 n1-3 n1-4 t0-64 t0-64 b0-32",
         8: "5 n1-64 n1-4 n1-4 n1-4 n1-4 b0-32", 9: f"5 n1-5 t0-64 n0-{I63} t0-64 n0-{I63}", 10: f"1 n0-{U64}",
         11: "5 b32-32 t0-64", 12: "3 t0-64", 13: "7 n0-15 t0-80", 14: f"1 n1-1000 n0-{U64} b32-32", 32: "2 b0-16384",
         33: "2 n1-10000 n0-64 b32-32 b0-8000 b1-8000", 34: "2 n1-10000", 35: "2 n1-10000", 48: f"4 n0-{I63} b0-32",
         49: f"4 n1-5 n0-{U64} n0-{U32} *", 50: f"4 n1-{U64} b1-600", 51: f"4 b0-32 n0-{U64} n0-{U64} b0-32",
         52: "4 b0-7000 b0-7000", 53: f"4 n0-{U64} b32-32", 54: f"4 n1-3 n1-{U64} n0-{U64} b32-32 b32-32",
         64: f"8 n1-{U32} n0-65535 n1-65536 b32-32 b0-8192"}
TEXT_AT = {6: 4, 7: 4, 8: 5, 48: 1}  # which field is the commitment to an attached text


class Bad(Exception):
    pass


def need(true, why):
    if not true:
        raise Bad(why)


def pack(x):
    """Canonical msgpack of integers, bytes, text and lists."""
    def head(n, short, *long):
        if n < short[1]:
            return bytes([short[0] | n])
        for tag, size in long:
            if n < 1 << 8 * size:
                return bytes([tag]) + n.to_bytes(size, "big")
    if isinstance(x, int):
        return head(x, (0, 128), (0xcc, 1), (0xcd, 2), (0xce, 4), (0xcf, 8))
    if isinstance(x, bytes):
        return head(len(x), (0, 0), (0xc4, 1), (0xc5, 2), (0xc6, 4)) + x
    if isinstance(x, str):
        x = x.encode()
        return head(len(x), (0xa0, 32), (0xd9, 1), (0xda, 2), (0xdb, 4)) + x
    return head(len(x), (0x90, 16), (0xdc, 2), (0xdd, 4)) + b"".join(map(pack, x))


def fit(text):
    return all(c >= " " and not "\x7f" <= c <= "\x9f" and c not in "\u2028\u2029\u202a\u202b\u202c\u202d\u202e"
               and not "\u2066" <= c <= "\u2069" for c in text)


def item(b, i):
    """The item at i and where the next one begins."""
    need(i < len(b), "cut short")
    t, i = b[i], i + 1
    size = {0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8, 0xc4: 1, 0xc5: 2, 0xc6: 4, 0xd9: 1, 0xda: 2, 0xdb: 4, 0xdc: 2, 0xdd: 4}.get(t, 0)
    need(i + size <= len(b), "cut short")
    n, i = int.from_bytes(b[i:i + size], "big"), i + size
    if t < 0x80 or 0xcc <= t <= 0xcf:
        return (n if size else t), i
    if 0x90 <= t < 0xa0 or t in (0xdc, 0xdd):
        x = []
        for _ in range(n if size else t & 15):
            y, i = item(b, i)
            x.append(y)
        return x, i
    is_text = 0xa0 <= t < 0xc0 or 0xd9 <= t <= 0xdb
    need(is_text or 0xc4 <= t <= 0xc6, "not a number, text, bytes or array")
    n = n if size else t & 31
    need(i + n <= len(b), "cut short")
    x, i = b[i:i + n], i + n
    try:
        x = x.decode() if is_text else x
    except UnicodeDecodeError:
        raise Bad("text that is not UTF-8") from None
    need(not is_text or fit(x), "text with characters that may not stand there")
    return x, i


def unpack(b):
    x, end = item(b, 0)
    need(end == len(b), "bytes left over")
    need(pack(x) == b, "not the shortest form")
    return x


def digest(*parts):
    return blake2b(b"".join(parts), digest_size=32).digest()


def signed(key, signature, what):
    try:
        VerifyKey(key).verify(pack(what), signature)
    except (BadSignatureError, ValueError):
        raise Bad("the signature does not hold") from None


def run_decode(body):
    run = unpack(body)
    need(len(body) <= 48 * 1024 and isinstance(run, list) and len(run) == 4, "not a run")
    first, prev, records, signature = run
    need(isinstance(first, int) and first > 0 and 1 <= len(records) <= 200, "not a run")
    need(len(prev) == 32 and len(signature) == 64 and all(isinstance(r, bytes) and r for r in records), "not a run")
    return first, prev, records, signature


def record(b):
    """A record as a Bag, or None where a reader of this version cannot read it."""
    def number(x, most):
        return isinstance(x, int) and x <= most

    def text(x, most):
        return isinstance(x, str) and len(x.encode()) <= most
    try:
        x = unpack(b)
        act, kind, at, entered, by, how, behalf, plan, replaces, why, subject, contest, body = x
        spec = KINDS[kind].split()
        good = len(b) <= 18432 and number(act, U64) and number(at, I63) and number(entered, I63) and \
            text(by, 64) and number(how, 255) and text(behalf, 64) and number(plan, U32) and len(replaces) <= 32 and \
            all(number(r, U64) for r in replaces) and text(why, 400) and text(subject, 80) and text(contest, 80)
        fields, optional, listed = list(body), "o" in spec, spec[-1] == "*"
        votes = fields.pop() if listed else []
        mask, rest = fields.pop(0) if optional else 0, 0
        shapes = [s for s in spec[1:] if s != "*"]
        good = good and len(fields) == len(shapes) and number(mask, U32) and len(votes) <= LIST_MAX and all(number(v, U64) for v in votes)
        for i, (f, s) in enumerate(zip(fields, shapes)):
            if s == "o":
                rest |= 1 << i
                good = good and number(f, COUNT) and (mask >> i & 1 or f == 0)
                continue
            least, most = map(int, s[1:].split("-"))
            size = f if s[0] == "n" else len(f.encode()) if s[0] == "t" else len(f)
            good = good and isinstance(f, {"n": int, "t": str, "b": bytes}[s[0]]) and least <= size <= most
        keys = votes[0::2]
        good = good and not mask & ~rest and (kind != TALLY or len(votes) % 2 == 0 and max(votes[1::2], default=0) <= COUNT and
                                              all(k >> 32 < COLUMNS for k in keys) and all(a < b for a, b in zip(keys, keys[1:])))
        return Bag(act=act, kind=kind, at=at, entered=entered, by=by, behalf=behalf, replaces=replaces, subject=subject, contest=contest, body=pack(body),
                   fields=fields, mask=mask, list=votes, said_by=int(spec[0])) if good else None
    except (Bad, KeyError, ValueError, TypeError, AttributeError, IndexError):
        return None


def part_of(x):
    return Bag(num=x[0], den=x[1], strict=x[2])


def profile_of(x):
    (name, _, method, decides, rule, quorum, quorum_base, need_of, base, choices, _, blank_valid, per_person, restricted, _, _, _, _, _, _, _, _, low,
     lowest, _) = x
    return Bag(name=name, method=method, decides=decides, rule=rule, quorum=part_of(quorum), quorum_base=quorum_base, need=part_of(need_of), base=base,
               choices=choices, blank_valid=blank_valid, per_person=per_person, restricted=restricted, low=part_of(low), lowest=part_of(lowest))


def plan_open(b):
    purpose, version, _, _, *rest = unpack(b)
    need(purpose in ("dantin plan 2", "dantin plan 3"), "not a plan of a version known here")
    if purpose == "dantin plan 3":  # days off and worked weekends, which no figure depends on
        days = [day for day, _, _ in rest.pop(0)]
        need(days and days == sorted(set(days)), "days off out of order")
    _, cutoffs, _, _, profiles, kinds, units, contests, ballots = rest
    profiles = [profile_of(x) for x in profiles]
    p = Bag(version=version, cutoffs=len(cutoffs), kinds=kinds, units=[Bag(code=u[0], parent=u[1] - 1, former=u[5], place=u[8]) for u in units])
    p.contests = []
    for code, _, kind, unit, profile, seats, places, _, paper, _, candidates in contests:
        k = profiles[profile]
        p.contests.append(Bag(code=code, kind=kind, unit=unit, rules=k, seats=seats, choices=k.choices or seats or 1, places=places, paper=paper,
                              numbers=[c[0] for c in candidates],
                              definition=digest(pack(["dantin definition 1", code, seats, k.name, [c[:2] for c in candidates]]))[:8]))
    p.unit = {u.code: i for i, u in enumerate(p.units)}
    p.ballots = {}  # by place, then by contest
    for unit, contest, voters, method in ballots:
        k = p.contests[contest]
        p.ballots.setdefault(unit, {})[k.code] = Bag(contest=k, voters=voters - 1 if voters else None,
                                                     method=method - 1 if method else k.rules.method)
    return p


def below(p, unit, above):
    while unit >= 0 and unit != above:
        unit = p.units[unit].parent
    return unit == above


def check_texts(texts, first, records):
    i = 0
    while i < len(texts):
        (n, salted), i = item(texts, i)
        r = record(records[n - first]) if first <= n < first + len(records) else None
        need(r is not None and r.kind in TEXT_AT, f"a text of record {n}, which has none")
        need(digest(pack(["dantin text 1", salted[:32], salted[32:]])) == r.fields[TEXT_AT[r.kind]], f"the text of record {n} is another")


def certificate(b, election, unit):
    """The signing key that a certificate names for the unit, or None where it does not hold."""
    try:
        who, incarnation, key, curve, voucher, by_voucher, by_itself = unpack(b)
        what = ["dantin certificate 1", election, who, incarnation, key, curve]
        signed(voucher, by_voucher, what)
        signed(key, by_itself, what)
        return key if who == unit else None
    except (Bad, ValueError, TypeError):
        return None
