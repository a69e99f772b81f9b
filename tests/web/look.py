#!/usr/bin/env python3
"""look.py - the colours, sizes and habits of our style sheets: AA contrast of every pair, 44 px to press, a ring round what
has the keyboard, nothing that moves for who wants none, black on white on paper. Without a browser."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHEETS = sorted(path for part in ("common", "node", "hub") for path in (ROOT / part / "web").glob("*.css"))
TEXT, EDGE = 4.5, 3.0  # WCAG 2 AA: of text; of the edge of what is pressed or filled in
PRESS_REM = 2.75  # 44 px

# What stands on what: each pair is somewhere on a page.
ON = {
    "--ink": ("--paper", "--ground", "--tint", "--good-tint", "--warn-tint", "--bad-tint"),
    "--soft": ("--paper", "--ground", "--tint"),
    "--accent": ("--paper", "--ground", "--tint"),
    "--good": ("--paper", "--ground", "--good-tint", "--tint"),
    "--warn": ("--paper", "--ground", "--warn-tint", "--tint"),
    "--bad": ("--paper", "--ground", "--bad-tint", "--tint"),
    "--paper": ("--accent",),
}


def plain(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S)


def rules(css):
    """[(at-rules, selector, {property: value})], in order."""
    found, path, i = [], [], 0
    for m in re.finditer(r"([^{};]*)\{|\}", css):
        if m.group() == "}":
            if path:
                selector, start = path.pop()
                body = css[start:m.start()]
                if "{" not in body:
                    pairs = [d.split(":", 1) for d in body.split(";") if ":" in d]
                    values = {k.strip(): v.strip() for k, v in pairs}
                    found.append((" ".join(s for s, _ in path), selector, values))
        else:
            path.append((" ".join(m.group(1).split()), m.end()))
    return found


def colour(text, tokens):
    text = text.replace("!important", "").strip()
    if text.startswith("var("):
        text = tokens.get(text[4:-1].strip(), "")
    if re.fullmatch(r"#[0-9a-fA-F]{3}", text):
        text = "#" + "".join(c * 2 for c in text[1:])
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        return {"white": (255,) * 3, "black": (0,) * 3}.get(text)
    return tuple(int(text[i:i + 2], 16) for i in (1, 3, 5))


def light(rgb):
    parts = [c / 255 for c in rgb]
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one, other):
    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def tokens_of(found):
    """Tokens may be made anew for a part of the pages; each is checked as it stands."""
    return {k: v for _, selector, values in found if selector == ":root" for k, v in values.items() if k.startswith("--")}


def check_tokens(tokens):
    for token, value in tokens.items():
        if colour(value, tokens) and token not in ON and not any(token in grounds for grounds in ON.values()) and token != "--line":
            yield f"base.css: say in look.py what {token} stands on"
    for token, grounds in ON.items():
        for ground in grounds:
            if token not in tokens or ground not in tokens:
                yield f"base.css: {token} or {ground} is gone"
                continue
            ratio = contrast(colour(tokens[token], tokens), colour(tokens[ground], tokens))
            if ratio < TEXT:
                yield f"base.css: {token} on {ground} has {ratio:.2f}, less than {TEXT}"


def check_pairs(path, found, tokens):
    """Where one rule says both, and where a border is all that shows a field."""
    paper = colour("var(--paper)", tokens)
    for within, selector, values in found:
        fore, back = colour(values.get("color", ""), tokens), None
        for name in ("background", "background-color"):
            back = colour(values.get(name, ""), tokens) or back
        if fore and back and contrast(fore, back) < TEXT and ":disabled" not in selector:
            yield f"{path.name}: {selector}: {contrast(fore, back):.2f} of its two colours, less than {TEXT}"
        if fore and not back and "print" not in within and contrast(fore, paper) < TEXT and not re.search(r"button|band|dark|bars?|fill", selector):
            yield f"{path.name}: {selector}: {contrast(fore, paper):.2f} on paper, less than {TEXT}"
        border = re.fullmatch(r"\d+px solid (\S+)", values.get("border", ""))
        edge = border and colour(border.group(1), tokens)
        if edge and re.search(r"(^|[ ,])(button|input|select|textarea)($|[ ,])", selector) and contrast(edge, paper) < EDGE:
            yield f"{path.name}: {selector}: the edge has {contrast(edge, paper):.2f}, less than {EDGE}"


def rem(value):
    m = re.fullmatch(r"([\d.]+)(rem|px)", value)
    return None if not m else float(m.group(1)) / (16 if m.group(2) == "px" else 1)


def check_sizes(path, found):
    for within, selector, values in found:
        height = rem(values.get("min-height", ""))
        small = rem(values.get("font-size", ""))
        pressed = re.search(r"(?:^|[ ,>])(?:button|select|summary|textarea|input(?!\[|\w))(?:[.:][\w-]+)*$", selector)
        box = "input" in selector and (rem(values.get("width", "")) or PRESS_REM) < 2  # to tick, within a label of full height
        if pressed and "print" not in within and height is not None and height < PRESS_REM and not box:
            yield f"{path.name}: {selector}: {height} rem to press, less than {PRESS_REM}"
        if small is not None and small < 0.75 and "print" not in within:
            yield f"{path.name}: {selector}: letters of {small} rem"


def check_habits(found):
    def has(within, selector, **wanted):
        return any(re.search(within, w) and re.search(selector, s) and all(re.search(v, values.get(k.replace("_", "-"), "")) for k, v in wanted.items())
                   for w, s, values in found)
    for name, held in (
            ("buttons are 44 px high", has("^$", "^button$", min_height=r"2\.75rem")),
            ("fields are 44 px high", has("^$", "^input, select, textarea$", min_height=r"2\.75rem")),
            ("letters are 16 px or more", has("^$", "^body$", font=r"^(1[6-9]|2\d)px")),
            ("a ring of 3 px shows where the keyboard is", has("^$", "^:focus-visible$", outline="3px solid")),
            ("nothing moves for who wants none", has("prefers-reduced-motion: reduce", r"\*", animation="none", transition="none")),
            ("paper is black on white", has("@media print", "^body$", background="#fff", color="#000")),
            ("chips on paper are black on white", has("@media print", r"\.chip", color="#000", background="#fff")),
            ("a row stays whole on paper", has("@media print", "^tr$", break_inside="avoid")),
            ("figures stand under each other", has("^$", "^body$", font_variant_numeric="tabular-nums"))):
        if not held:
            yield f"base.css: {name}: no longer"


def check_chips(found):
    """A colour never speaks alone: a chip of a colour has a border, which paper and any eye show."""
    for word in ("good", "warn", "bad"):
        if not any(s == f".chip.{word}" for _, s, _ in found) or not any(s == ".chip" and "border" in v for _, s, v in found):
            yield f"base.css: .chip.{word} is not both a colour and a border"


def main():
    assert abs(contrast((0, 0, 0), (255, 255, 255)) - 21) < 0.01 and contrast((119, 119, 119), (255, 255, 255)) < TEXT
    base = rules(plain((ROOT / "common" / "web" / "base.css").read_text("utf-8")))
    tokens = tokens_of(base)
    assert len(base) > 100 and len(tokens) >= 12, f"read {len(base)} rules, {len(tokens)} tokens"
    wrong = [*check_tokens(tokens), *check_habits(base), *check_chips(base)]
    for path in SHEETS:
        found = rules(plain(path.read_text("utf-8")))
        wrong += [*check_pairs(path, found, {**tokens, **tokens_of(found)}), *check_sizes(path, found)]
    for line in wrong:
        print(line)
    print(f"look: {len(wrong)} things wrong" if wrong else f"look: ok {len(SHEETS)} sheets, {len(tokens)} tokens")
    return 1 if wrong else 0


sys.exit(main())
