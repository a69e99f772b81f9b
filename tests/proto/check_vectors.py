#!/usr/bin/python3
"""check_vectors.py - the vectors in proto/vectors, checked with nothing of Dantin's code.

Reads each file, and makes hashes, signatures and texts again with python3-nacl and hashlib alone.
Prints how many hold; exit 1 at the first that does not.
"""
import json
import sys
from pathlib import Path

from nacl.public import PrivateKey
from nacl.signing import SigningKey

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/system"))
from canonical import KINDS as KIND_NUMBERS, U32, Bad, digest, item, need, pack, record, run_decode, signed, unpack  # noqa: E402

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KINDS = ("step turnout list_change tally minutes incident complaint situation decision receipt ready shift void sealed "
         "summary bulletin pause resume instruction verdict admit retire overrule erase fork plan_part").split()


def plain(x):
    """An item as the files write it: a byte string as {"bytes": hex}."""
    return {"bytes": x.hex()} if isinstance(x, bytes) else [plain(y) for y in x] if isinstance(x, list) else x


def of(v, name):
    return bytes.fromhex(v[name])


def items(v):
    x = unpack(of(v, "bytes"))
    need(plain(x) == v["items"], "its items are others")
    return x


def to_base32(b):
    bits = "".join(f"{c:08b}" for c in b)
    bits += "0" * (-len(bits) % 5)
    return "".join(ALPHABET[int(bits[i:i + 5], 2)] for i in range(0, len(bits), 5))


def check_chars(b):
    return to_base32(digest(b)[:8])[:4]


def each_record(rows):
    need([v["name"] for v in rows] == KINDS + "tally minutes decision bulletin".split(), "a kind is missing")
    for v in rows:
        items(v)
        r = record(of(v, "bytes"))
        need(r is not None, f"{v['name']} cannot be read")
        need(v["name"] == KINDS[list(KIND_NUMBERS).index(r.kind)], f"{v['name']} is of another kind")
    # The paper of the tally adds up: column * 2^32 + candidate, then its number.
    tally = record(of(rows[len(KINDS)], "bytes"))
    columns = [dict(zip((k & U32 for k in tally.list[0::2] if k >> 32 == c), n)) for c, n in
               enumerate((tally.list[1:4:2], tally.list[5:8:2], tally.list[9::2]))]
    returned = tally.fields[7]
    need(all(columns[2][k] == (columns[0][k] * 20000 + returned) // (2 * returned) for k in (1, 2)), "another percentage")
    need(sum(columns[0].values()) == tally.fields[11], "another sum of votes")


def mark(x, v):
    tier, author, about, stream, incarnation, n, h, at, signature = x
    signed(of(v, "key"), signature, ["dantin mark 1", of(v, "election"), tier, author, about, stream, incarnation, n, h, at])


def certificate(x, v):
    unit, incarnation, key, curve, voucher, by_voucher, by_itself = x
    what = ["dantin certificate 1", of(v, "election"), unit, incarnation, key, curve]
    signed(voucher, by_voucher, what)
    signed(key, by_itself, what)


def run(body, v, h):
    first, prev, records, signature = run_decode(body)
    need(h is None or prev == h, "the run does not follow")
    h = prev
    for b in records:
        h = digest(h, b)
    signed(of(v, "key"), signature, ["dantin run 1", of(v, "election"), *v["log"], first + len(records) - 1, h])
    return h


def each_of_chain(rows):
    for v in rows:
        if v["name"] == "text":
            need(digest(pack(["dantin text 1", of(v, "salt"), v["text"].encode()])) == of(v, "hash"), "another commitment")
            continue
        need(SigningKey(of(v, "seed")).verify_key.encode() == of(v, "key"), "the key is not of its seed")
        if v["name"] == "log":
            h = digest(pack(["dantin log 1", of(v, "election"), *v["log"], of(v, "key")]))
            need(h == of(v, "hash"), "another first hash")
        elif v["name"] == "run":
            items(v)
            h = run(of(v, "bytes"), v, h)
            need(h == of(v, "hash"), "another head")
        else:
            {"mark": mark, "certificate": certificate}[v["name"]](items(v), v)


def each_code(rows):
    for v in rows:
        if v["name"] == "seal":
            b = of(v, "hash")[:17]
            text = to_base32(b)[:26] + check_chars(b)[:2]
            need("-".join(text[i:i + 4] for i in range(0, 28, 4)) == v["text"], "another seal")
            continue
        text = v["text"].removeprefix("DANTIN1-")
        bits = "".join(f"{ALPHABET.index(c):05b}" for c in text[:-4])
        b = bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits) // 8 * 8, 8))
        need(check_chars(b) == text[-4:] and to_base32(b) == text[:-4], "the token's check does not fit")
        election, _, _, _, _, seed = unpack(b)
        need(election == of(v, "election") and seed == of(v, "seed"), "another token")
        door = PrivateKey(digest(pack(["dantin door 1", election, seed])))
        need(door.encode() == of(v, "door_secret") and door.public_key.encode() == of(v, "door"), "another door")
        voucher = SigningKey(digest(pack(["dantin voucher 1", election, seed])))
        need(voucher.verify_key.encode() == of(v, "voucher"), "another voucher")


def each_frame(rows):
    need([v["name"] for v in rows] == "HELLO HAVE HAVE RUN MARK BEAT ENROL ENROLLED BYE".split(), "a frame is missing")
    for v in rows:
        x = items(v)
        need(x[0] == 1 + "HELLO HAVE RUN MARK BEAT ENROL ENROLLED BYE".split().index(v["name"]), "another frame")
        if v["name"] == "RUN":
            for body, texts in x[6]:
                run_decode(body)
                i = 0
                while i < len(texts):
                    (_, salted), i = item(texts, i)
                    need(len(salted) >= 32, "a text without its salt")


def each_definition(rows):
    for v in rows:
        items(v)
        need(digest(of(v, "bytes"))[:8] == of(v, "definition"), "another definition")


def frame(b):
    """As much of a frame's rules as the refused ones break."""
    x = unpack(b)
    need(1 <= x[0] <= 8 and len(x) == (10, 6, 7, 3, 8, 3, 4, 3)[x[0] - 1], "no such frame")
    need(x[0] != 5 or 1 <= x[5] <= 4, "no such state")
    need(x[0] != 3 or 1 <= x[4] <= 3, "no such log")


def refused(rows, v_of_chain):
    for v in rows:
        b = of(v, "bytes")
        try:
            if v["as"] == "record":
                need(record(b) is not None, "cannot be read")
            elif v["as"] == "run":
                run(b, v_of_chain, None)
            elif v["as"] == "frame":
                frame(b)
            else:
                {"mark": mark, "certificate": certificate}[v["as"]](unpack(b), v_of_chain)
        except (Bad, ValueError):
            continue
        raise Bad(f"was not refused: {v['why']}")


def main():
    n, chain = 0, None
    for name, check in (("records", each_record), ("chain", each_of_chain), ("token", each_code), ("frames", each_frame),
                        ("definition", each_definition), ("refused", lambda rows: refused(rows, chain[0]))):
        rows = json.loads((ROOT / f"proto/vectors/{name}.json").read_text(encoding="utf-8"))
        chain = rows if name == "chain" else chain
        try:
            check(rows)
        except Bad as e:
            print(f"{name}.json: {e}")
            sys.exit(1)
        n += len(rows)
    print(f"vectors: {n} hold")


if __name__ == "__main__":
    main()
