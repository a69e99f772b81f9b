#!/usr/bin/env python3
"""floor.py - our pages against the oldest browsers they are for, the last ones on Windows 7: Chrome 109, Firefox ESR 115.

Each thing that came later, or that pages here must not do, is in a list with its reason. Comments and, for syntax, the
texts of strings are taken out first. Without a browser; the browser tests see the rest. Words in brackets: first Chrome,
first Firefox that has it.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = [ROOT / part / "web" for part in ("common", "node", "hub")]

# What came after the floor. Names are looked for as whole words.
LATE_JS = {
    r"\bArray\.fromAsync\b": "(121, 115)",
    r"\b(?:Object|Map)\.groupBy\b": "(117, 119)",
    r"\.(?:toSorted|toReversed|toSpliced)\(": "(110, 115): copy, then sort",
    r"\.with\(": "(110, 115)",
    r"\bPromise\.(?:withResolvers|try)\b": "(119, 121)",
    r"\.(?:union|intersection|difference|symmetricDifference|isSubsetOf|isSupersetOf|isDisjointFrom)\(": "sets (122, 127)",
    r"\bIterator\.": "(122, 131)",
    r"\.(?:values|keys|entries)\(\)\.(?:map|filter|take|drop|flatMap|reduce|toArray|forEach|some|every|find)\(":
        "helpers of iterators (122, 131): spread into an array first",
    r"\.(?:isWellFormed|toWellFormed)\(": "(111, 119)",
    r"\bIntl\.(?:Segmenter|DurationFormat)\b": "(87, 125), (129, 136)",
    r"\bURL\.(?:canParse|parse)\b": "(120, 115), (126, 126)",
    r"\bAbortSignal\.any\b": "(116, 124)",
    r"\bscheduler\.": "(94, 142)",
    r"\bstartViewTransition\b": "(111, 144)",
    r"\b(?:showPopover|hidePopover|togglePopover|popover)\b": "(114, 125)",
    r"\bmoveBefore\b": "(133, 144)",
    r"\bCSS\.highlights\b|\bHighlight\(": "(105, 140)",
    r"\bRegExp\.escape\b|\bError\.isError\b|\bFloat16Array\b|\bTemporal\b|\bSymbol\.(?:dispose|asyncDispose)\b": "newest",
    r"\.(?:toBase64|fromBase64|toHex|fromHex|setFromHex)\(": "bytes as text (140, 133)",
    r"\bReadableStream\.from\b": "(no, 117)",
    r"\bnavigation\.(?:navigate|addEventListener|currentEntry)\b": "(102, 147)",
    r"\bfor\s+await\s*\(.*\b(?:body|stream)\b": "streams as iterators (124, 110)",
    r"^\s*(?:await\s+)?using\s+\w+\s*=": "(134, 141)",
    r"\bfrom\s+\"[^\"]*\"\s+(?:with|assert)\s*\{": "import attributes (123, 138)",
    r"^\s*@\w+(?:\(.*\))?\s*$": "decorators",
    r"/[dgimsuy]*v[dgimsuy]*\.(?:test|exec)\(": "the flag v (112, 116)",
    r"\(\?[ims]+(?:-[ims]+)?:": "modifiers within an expression (125, 132)",
}
LATE_CSS = {
    r":has\(": "(105, 121): only inside @supports selector(:has(*))",
    r"(?m)^\s*&|[{;]\s*&": "nesting (112, 117)",
    r"\bcolor-mix\(|\bokl(?:ch|ab)\(|(?<![-\w])l(?:ch|ab)\(|(?<![-\w])color\(": "(111, 113)",
    r"\blight-dark\(": "(123, 120)",
    r"\bsubgrid\b": "(117, 71)",
    r"\btext-wrap\s*:": "(114, 121)",
    r"@(?:scope|starting-style|property|view-transition|position-try)\b": "(118, 128) and later",
    r"\b(?:animation|scroll|view)-timeline\b|\banchor-name\b|\bposition-(?:anchor|area)\b": "(115, no)",
    r":user-(?:in)?valid\b": "(119, 88)",
    r":dir\(": "(120, 49)",
    r":nth-(?:last-)?child\([^)]*\bof\b": "(111, 113)",
    r":popover-open|\[popover": "(114, 125)",
    r"\b(?:sin|cos|tan|pow|sqrt|hypot|log|exp|round|mod|rem)\((?=[^)]*[,\d])": "(111, 108), (125, 118)",
    r"(?<![-\w])linear\(": "as an easing (113, 112)",
    r"(?<![\w-])[\d.]+r?lh\b": "(109, 120)",
    r"(?<!-webkit-)(?<![-\w])mask(?:-image)?\s*:": "(120, 53)",
    r"\bfield-sizing\b|\binterpolate-size\b|\btransition-behavior\b|\breading-flow\b": "(123, no)",
    r"\bzoom\s*:": "(1, 126)",
    r"content\s*:\s*\"[^\"]*\"\s*/": "another text for it (77, 128)",
    r"@(?:top|bottom)-(?:left|center|right)\b": "boxes in the margin of paper (131, no)",
}
# What no page of ours does, at whatever age.
NEVER_JS = {
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|setHTML|srcdoc)\b":
        "text is set as text",
    r"\bdocument\.write": "text is set as text",
    r"\bDOMParser\b": "text is set as text",
    r"\beval\(|\bnew Function\b|\bset(?:Timeout|Interval)\(\s*[\"'`]": "no text is run",
    r"\bsetAttribute\(\s*[\"'](?:on|style)": "no script and no style within a page (CSP)",
    r"\.on(?:click|input|change|submit|keydown|load)\s*=(?!=)": "addEventListener: several may listen",
    r"\bnavigator\.(?:clipboard|serviceWorker|wakeLock|share|locks|storage|geolocation|mediaDevices|credentials)\b":
        "not there over plain HTTP",
    r"\bcrypto\.(?:subtle|randomUUID)\b": "not there over plain HTTP",
    r"\bnew (?:Notification|SharedWorker)\b|\bshow(?:Save|Open)FilePicker\b|\bcaches\.": "not there over plain HTTP",
    r"https?://(?!www\.w3\.org/)": "another host",
    r"[\"'`]/(?:api|text|base)": "an address from the root: several programs may share one host",
    r"(?<![\w.])(?:alert|confirm|prompt)\(": "a box of the browser's own keeps the page from being read",
    r"\b(?:parseInt|parseFloat)\(": "a figure is read by the number rule of the program",
    r"\bread_(?:number|percent|clock|date|moment)\b": "figures and times are read by the program",
    r"javascript:": "no script in an address",
}
NEVER_CSS = {r"https?://": "another host", r"@import\b": "one more way to wait", r"\bexpression\(": "no script",
             r"outline\s*:\s*(?:none|0)\b": "the ring that shows where the keyboard is"}
NEVER_HTML = {
    r"<[^>]*\son\w+\s*=": "no script within a page (CSP)",
    r"<[^>]*\sstyle\s*=|<style\b": "no style within a page (CSP)",
    r"<script(?![^>]*\ssrc=)": "no script within a page (CSP)",
    r"https?://(?!www\.w3\.org/)": "another host",
    r"(?:src|href)=\"/": "an address from the root: several programs may share one host",
    r"<(?:iframe|object|embed|base)\b": "nothing of others is shown",
    r"javascript:": "no script in an address",
}
KNOWN = {}  # {(file name, expression): why it may stand there for now}


def plain_js(text, strings):
    """Without comments; with `strings` False also without what stands in quotes. Lines stay lines."""
    out, i, n, last = [], 0, len(text), "\n"

    def skip(to):
        out.append("\n" * text.count("\n", i, to))
        return to
    while i < n:
        c = text[i]
        if text.startswith("//", i):
            i = skip(text.find("\n", i) if "\n" in text[i:] else n)
        elif text.startswith("/*", i):
            i = skip(text.index("*/", i) + 2)
        elif c in "\"'`" or (c == "/" and last in "=(,:;!&|?{}[\n+-<>~"):
            j, within = i + 1, False
            while text[j] != c or within:
                within = c == "/" and (text[j] == "[" or (within and text[j] != "]"))
                j += 2 if text[j] == "\\" else 1
            keep = strings or c in "/`"  # a template may hold code
            out.append(text[i:j + 1] if keep else c + c)
            i, last = j + 1, c
        else:
            out.append(c)
            i += 1
            last = c if not c.isspace() or c == "\n" and last == "\n" else last
    return "".join(out)


def plain_css(text):
    return re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S)


def hits(path, text, rules):
    for expression, why in rules.items():
        for m in re.finditer(expression, text, re.M):
            if (path.name, expression) not in KNOWN:
                line = text.count("\n", 0, m.start()) + 1
                yield f"{path.relative_to(ROOT)}:{line}: {m.group().strip()[:50]}: {why}"


def check_file(path):
    text = path.read_text("utf-8")
    if path.suffix == ".js":
        yield from hits(path, plain_js(text, False), LATE_JS)
        yield from hits(path, plain_js(text, True), NEVER_JS)
        if not text.startswith(f"// {path.name} - "):
            yield f"{path.relative_to(ROOT)}:1: the first line is '// {path.name} - what it is for'"
    elif path.suffix == ".css":
        css = plain_css(text)
        yield from hits(path, re.sub(r"@supports selector\(:has\(.*?\n\}", "", css, flags=re.S), LATE_CSS)
        yield from hits(path, css, NEVER_CSS)
    elif path.suffix == ".html":
        yield from hits(path, re.sub(r"<!--.*?-->", "", text, flags=re.S), NEVER_HTML)
        for must, why in ((r'<html lang="vi">', "which language it begins with"), (r"<noscript>.*href=\"plain\"", "the plain page"),
                          (r'<meta charset="utf-8">', "its letters"), (r'name="viewport"', "a phone")):
            if not re.search(must, text, re.S):
                yield f"{path.relative_to(ROOT)}: lacks {must}: {why}"


def sentences(language):
    """{key: places} of text.vi or text.en."""
    lines = (ROOT / "common" / "web" / f"text.{language}").read_text("utf-8").split("\n")
    pairs = [line.split(" = ", 1) for line in lines if line and not line.startswith("#")]
    return {key: sorted(set(re.findall(r"\{(\w+)\}", sentence))) for key, sentence in pairs}


def check_texts(files):
    """Both languages say the same, and a page asks for no sentence that is not there."""
    vi, en = sentences("vi"), sentences("en")
    for key in sorted(set(vi) ^ set(en)):
        yield f"text.{'en' if key in vi else 'vi'} lacks {key}"
    for key in sorted(set(vi) & set(en)):
        if vi[key] != en[key]:
            yield f"text: {key} has the places {vi[key]} in vi and {en[key]} in en"
    for path in files:
        text = path.read_text("utf-8")
        asked = set()
        if path.suffix == ".js":
            asked = set(re.findall(r"(?<![\w.])t\(\"(\w+)\"", plain_js(text, True)))
        elif path.suffix == ".html":
            asked = set(re.findall(r"data-t(?:-label)?=\"(\w+)\"", text))
        for key in sorted(asked - set(vi)):
            yield f"{path.relative_to(ROOT)}: there is no sentence {key}"


def try_itself():
    """The lists find what they are for: a rule that finds nothing would be no rule."""
    path = ROOT / "common" / "web" / "x.js"
    for text, n in (("a.toSorted();\n", 1), ("// a.toSorted()\n", 0), ('x = "a.toSorted()";\n', 0), ("Object.groupBy(x, y)\n", 1),
                    ("const r = /[\"/]'/.test(a); b.with(1)\n", 1), ("x = a / b; // y / z\n", 0), ("m.values().map(f)\n", 1)):
        found = list(hits(path, plain_js(text, False), LATE_JS))
        assert len(found) == n, f"{text!r}: {found}"
    for text, n in (("e.innerHTML = x\n", 1), ("fetch('https://example.org/')\n", 1), ("fetch(`/api/x`)\n", 1),
                    ("// innerHTML\nset(e, x)\n", 0), ("navigator.clipboard.writeText(x)\n", 1), ("e.onclick = f\n", 1)):
        found = list(hits(path, plain_js(text, True), NEVER_JS))
        assert len(found) == n, f"{text!r}: {found}"
    for text, n in ((".a { & .b { } }", 1), ("a:has(b) {}", 1), ("a { color: color-mix(in srgb, red, blue) }", 1), ("a { width: 2lh }", 1),
                    ("a { color: var(--ink); width: calc(1px + 2em); line-height: 1.4 }", 0)):
        found = list(hits(path, text, LATE_CSS))
        assert len(found) == n, f"{text!r}: {found}"
    for text, n in (('<p onclick="x()">', 1), ('<p style="x">', 1), ("<script>x</script>", 1), ('<script src="a.js">', 0)):
        found = list(hits(path, text, NEVER_HTML))
        assert len(found) == n, f"{text!r}: {found}"


def main():
    try_itself()
    files = sorted(path for folder in FOLDERS for path in folder.iterdir())
    wrong = [line for path in files for line in check_file(path)] + list(check_texts(files))
    for line in wrong:
        print(line)
    print(f"floor: {len(wrong)} things wrong in {len(files)} files" if wrong else f"floor: ok {len(files)} files")
    return 1 if wrong else 0


sys.exit(main())
