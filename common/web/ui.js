// ui.js - what both pages share: sentences, figures as people here write them, rows that stay where
// they are, and a live stream that admits when it is dead.
//
// Text is always set as text. Nothing here knows a rule of an election.

// ---- sentences: text.vi and text.en, the same tables that the programs use

let sentences = new Map();
export let language = "vi";

export function t(key, places = {}) {
    const sentence = sentences.get(key) ?? key; // a key on the screen is a fault to be seen
    return sentence.replace(/\{(\w+)\}/g, (all, name) => places[name] ?? all);
}

export const has = (key) => sentences.has(key);

export async function speak(name) {
    const reply = await fetch(`text.${name}`, { signal: AbortSignal.timeout(10000) });
    if (!reply.ok)
        throw new Error(`text.${name}: ${reply.status}`);
    const lines = (await reply.text()).split("\n").filter((l) => l && l[0] !== "#");
    sentences = new Map(lines.map((l) => [l.slice(0, l.indexOf(" = ")), l.slice(l.indexOf(" = ") + 3)]));
    language = name;
    document.documentElement.lang = name;
    label(document);
}

// data-t="key" is the text of an element, data-t-label="key" the name a screen reader says.
export function label(root) {
    for (const e of root.querySelectorAll("[data-t]"))
        set(e, t(e.dataset.t));
    for (const e of root.querySelectorAll("[data-t-label]"))
        e.setAttribute("aria-label", t(e.dataset.tLabel));
}

// What a page may keep for itself between visits; a browser may refuse that.
export function keep(name, value) {
    try {
        if (value === undefined)
            return localStorage.getItem(`dantin.${name}`);
        localStorage.setItem(`dantin.${name}`, value);
    } catch {
        // then it is asked again next time
    }
    return null;
}

// Words beside each other; what is empty leaves no gap.
export const dotted = (...words) => words.filter(Boolean).join(" · ");

// ---- figures: a missing one is never zero

export const NARROW = "\u00a0"; // a number and its sign stay on one line

export const num = (n) => n == null ? t("none") : String(n).replace(/\B(?=(\d{3})+$)/g, ".");

export const percent = (n, base) =>
    (Math.round(n * 10000 / base) / 100).toFixed(2).replace(".", ",") + NARROW + "%";

// "159/361 (44,04 %)": the count and its base first, then the percentage.
export function share(n, base) {
    if (n == null || !base)
        return n == null ? t("none") : `${num(n)} (${t("base_none")})`;
    return `${num(n)}/${num(base)} (${percent(n, base)})`;
}

// Digits, or groups of three with dots or spaces: what Number() makes of "3.452" is another number.
export function read_number(text) {
    const s = text.trim();
    if (!/^(\d{1,9}|\d{1,3}([. \u00a0]\d{3}){1,2})$/.test(s))
        return null;
    return Number(s.replace(/\D/g, ""));
}

// ---- times: always those of Vietnam, whatever the zone of this machine; the clock is the server's

const ZONE_MS = 7 * 3600000;
let skew_ms = 0; // the server's clock less this machine's

export const now = () => Date.now() + skew_ms;

function parts(ms) {
    const [date, clock] = new Date(ms + ZONE_MS).toISOString().split("T");
    return { date: date.split("-").reverse().join("/"), clock: clock.slice(0, 5), full: clock.slice(0, 8) };
}

export const clock = (ms) => ms ? parts(ms).clock : t("none");
export const seconds = (ms) => parts(ms).full;
export const date_time = (ms) => ms ? `${parts(ms).date} ${parts(ms).clock}` : t("none");

// Today's times go without their date.
export function when(ms) {
    return ms && parts(ms).date === parts(now()).date ? clock(ms) : date_time(ms);
}

// "7:05", "7h05" or "0705" of today; one that lies far ahead was yesterday's: counts cross midnight.
export function read_clock(text) {
    const m = /^(\d{1,2})\s*[:hg.]?\s*(\d{2})$/.exec(text.trim());
    if (!m || Number(m[1]) > 23 || Number(m[2]) > 59)
        return null;
    const day = Math.floor((now() + ZONE_MS) / 86400000) * 86400000 - ZONE_MS;
    const at = day + (Number(m[1]) * 60 + Number(m[2])) * 60000;
    return at > now() + 12 * 3600000 ? at - 86400000 : at;
}

// "22/05/2022" or "22/5": its first minute; a year left out is this one.
export function read_date(text) {
    const m = /^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?$/.exec(text.trim());
    if (!m)
        return null;
    const year = Number(m[3] ?? parts(now()).date.slice(6)), at = Date.UTC(year, m[2] - 1, m[1]);
    return new Date(at).getUTCDate() === Number(m[1]) ? at - ZONE_MS : null;
}

// A clock time of today, or with its date before or behind it.
export function read_moment(text) {
    const words = text.trim().split(/\s+/);
    const date = words.map(read_date).find((d) => d !== null);
    if (date === undefined)
        return read_clock(text);
    const hour = read_clock(words.filter((w) => read_date(w) === null).join(" "));
    return hour === null ? null : date + ((hour + ZONE_MS) % 86400000);
}

// "44,04" as a paper writes a percentage: in hundredths.
export function read_percent(text) {
    const m = /^(\d{1,3})(?:[.,](\d{1,2}))?\s*%?$/.exec(text.trim());
    return m ? Number(m[1]) * 100 + Number((m[2] ?? "").padEnd(2, "0")) : null;
}

export const date_of = (ms) => ms ? parts(ms).date : t("none");

// Whether a cut-off, or its grace, has passed since: words on the screen change without any event.
export const crossed = (cutoffs, since) =>
    cutoffs.some((c) => [c.at, c.at + c.grace].some((edge) => since < edge && edge <= now()));

// A name that is a time is said with its word, as in "mốc 9:00".
export const cutoff_name = (c) => (/^\d/.test(c.name) ? t("at_cutoff", { name: c.name }) : c.name);

export function next_cutoff(cutoffs) {
    const open = cutoffs.find((c) => c.at <= now() && now() < c.at + c.grace);
    const next = cutoffs.find((c) => c.at > now());
    if (open)
        return t("cutoff_open", { name: open.name, left: span(open.at + open.grace - now()) });
    if (!next)
        return t(cutoffs.length ? "cutoff_over" : "none");
    return t("cutoff_next", { name: next.name, left: span(next.at - now()) });
}

export function span(ms) {
    const s = Math.max(0, Math.floor(ms / 1000));
    if (s < 60)
        return t("span_s", { s });
    if (s < 3600)
        return t("span_m", { m: Math.floor(s / 60) });
    if (s < 86400)
        return t("span_h", { h: Math.floor(s / 3600), m: Math.floor(s / 60) % 60 });
    return t("span_d", { d: Math.floor(s / 86400), h: Math.floor(s / 3600) % 24 });
}

// ---- the page: nothing is touched that did not change

export const $ = (id) => document.getElementById(id);

export function set(node, text, cls) {
    if (node.textContent !== String(text))
        node.textContent = text;
    if (cls !== undefined && node.className !== cls)
        node.className = cls;
}

export function show(node, shown) {
    if (node.hidden === shown)
        node.hidden = !shown;
}

export function make(tag, cls, key) {
    const node = document.createElement(tag);
    if (cls)
        node.className = cls;
    if (key) {
        node.dataset.t = key;
        node.textContent = t(key);
    }
    return node;
}

// One child of `body` for each item: made once, kept while its key is there, moved only if it must.
export function rows(body, items, key_of, create, update) {
    const old = body.kept ?? new Map();
    const kept = new Map();
    for (const item of items) {
        const key = String(key_of(item));
        kept.set(key, old.get(key) ?? create(item));
    }
    for (const [key, node] of old)
        if (!kept.has(key))
            node.remove();
    body.kept = kept;
    let at = body.firstElementChild;
    items.forEach((item) => {
        const node = kept.get(String(key_of(item)));
        if (node === at)
            at = at.nextElementSibling;
        else
            body.insertBefore(node, at);
        update(node, item);
    });
}

// The cells of a row: {text, sub, cls, name}. `name` is the column's, shown where columns fold up.
export function cells(row, specs) {
    while (row.children.length > specs.length)
        row.lastElementChild.remove();
    specs.forEach((spec, i) => {
        let cell = row.children[i];
        if (!cell) {
            cell = row.appendChild(make(spec.head ? "th" : "td"));
            cell.append(make("span"), make("small"));
            if (spec.head)
                cell.scope = "row";
        }
        set(cell.firstElementChild, spec.text, spec.mark ? `chip ${spec.mark}` : "");
        set(cell.lastElementChild, spec.sub ?? "");
        if (cell.className !== (spec.cls ?? ""))
            cell.className = spec.cls ?? "";
        if (spec.name && cell.dataset.name !== spec.name)
            cell.dataset.name = spec.name;
    });
}

// ---- words that carry a colour and a symbol too, so that none of the three is needed alone

const LINKS = { connected: ["●", "good"], stuck: ["◐", "warn"], silent: ["○", "bad"], never_seen: ["◌", "calm"] };
const REPORTS = { not_due: ["·", "calm"], due_soon: ["◔", "calm"], on_time: ["✓", "good"],
    late: ["▲", "warn"], missing: ["!", "bad"], done: ["✓", "good"], postponed: ["‖", "calm"] };
const STATES = { value: ["✓", "good"], quarantined: ["▲", "warn"], conflict: ["!", "bad"],
    replaced: ["↺", "calm"], held: ["■", "warn"], missing: ["", "calm"] };

function sign([symbol, mark] = ["", "calm"], word) {
    return { text: symbol ? `${symbol} ${word}` : word, mark };
}

export function link_word(link) {
    if (!link)
        return { text: "", sub: "" };
    const age = link.since ? span(now() - link.since) : "";
    return { ...sign(LINKS[link.word], t(`link_${link.word}`)), sub: age };
}
export const report_word = (word) => sign(REPORTS[word], t(`report_${word}`));
export const state_word = (word) => sign(STATES[word], t(`state_${word}`));

// Of an incident, from 1: by a word, a colour and a sign.
const SEVERITIES = [["·", "calm"], ["·", "calm"], ["△", "calm"], ["▲", "warn"], ["!", "bad"]];
export const severity_word = (n) => sign(SEVERITIES[n], t(`severity_${n}`));

// Categories are the plan's; 0, and any that it does not have, is "other".
export function category_name(election, n) {
    const c = election?.categories?.[n - 1];
    return c ? (language === "en" && c.english) || c.name : t("category_other");
}

export const reason_words = (reasons = []) =>
    reasons.map((r) => `${r}: ${t(has(`short_${r}`) ? `short_${r}` : r)}`).join("; ");

// ---- talking to the program; relative addresses, since many may share one host

export async function get(path) {
    const asked = Date.now();
    const reply = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(15000) });
    const date = Date.parse(reply.headers.get("Date") ?? "");
    // The header has whole seconds, and the answer took its time: below two seconds it says nothing.
    if (Number.isFinite(date)) {
        const off = date + 500 - (asked + Date.now()) / 2;
        skew_ms = Math.abs(off) > 2000 ? off : 0;
    }
    const body = await reply.json();
    if (!reply.ok)
        throw Object.assign(new Error(body.error ?? reply.statusText), { status: reply.status });
    return body;
}

export function form_line(fields) {
    return Object.entries(fields)
        .filter(([name, value]) => name === "seen" || (value !== undefined && value !== null && value !== ""))
        .map(([name, value]) => `${name}=${encodeURIComponent(String(value).normalize("NFC"))}`)
        .join("&");
}

// Rejects only where nobody knows whether it arrived; any answer of the program is returned.
export async function post(path, body) {
    const reply = await fetch(path, {
        method: "POST", body, signal: AbortSignal.timeout(15000),
        headers: { "X-Dantin": "1", "Content-Type": "application/x-www-form-urlencoded" },
    });
    const answer = await reply.json();
    return { ...answer, ok: reply.ok, status: reply.status };
}

export function draw_act() {
    return Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, "0")).join("");
}

// ---- live: the state first, then the stream from that turn on

const QUIET_MS = 30000; // a stream may be dead without the browser saying so: then ask
const REST_MS = 1000;   // between two readings
const AGE_MS = 60000;   // nothing is shown for longer without being read again, whatever events say

// read(): reads the state, paints it, returns its turn. concerns(data): whether an event is about what
// is shown. on_life(since, as_of): since is null while alive, else the time of what is shown.
export function live(read, concerns, on_life) {
    let stream = null, turn = 0, heard = 0, asked = 0, reading = false, again = false, fresh = 0, tries = 0;
    let timer = 0, hurry = false;

    function later(ms) { // one pending reading at most
        clearTimeout(timer);
        timer = setTimeout(refresh, ms);
    }
    async function refresh(at_once) { // at_once: a person asked for it
        again = true;
        hurry = hurry || at_once === true;
        if (reading)
            return;
        reading = true;
        while (again) {
            const rest = hurry ? 0 : asked + REST_MS - Date.now();
            if (rest > 0)
                await new Promise((go) => setTimeout(go, rest));
            again = hurry = false;
            asked = Date.now();
            try {
                turn = await read();
                fresh = now();
                heard = Date.now();
                tries = 0;
                on_life(null, fresh);
                follow();
            } catch {
                on_life(fresh);
                later(Math.min(15000, 1000 * 2 ** tries++));
            }
        }
        reading = false;
    }
    function follow() {
        if (stream && stream.readyState !== EventSource.CLOSED)
            return;
        stream = new EventSource(`api/events?after=${turn}`);
        stream.onopen = () => {
            heard = Date.now();
        };
        stream.onmessage = (event) => {
            heard = Date.now();
            const data = JSON.parse(event.data);
            if (data.turn > turn && concerns(data))
                refresh();
            else if (!again && !reading) {
                fresh = now(); // what is shown is still what holds
                on_life(null, fresh);
            }
        };
        stream.addEventListener("reset", refresh);
        stream.onerror = () => {
            on_life(fresh);
            if (!reading)
                later(1000 + Math.random() * 3000);
        };
    }
    setInterval(() => {
        const silent = Date.now() - heard > QUIET_MS, age = Date.now() - asked;
        if (!document.hidden && (age > AGE_MS || (silent && age > QUIET_MS)))
            refresh();
    }, 5000);
    document.addEventListener("visibilitychange", () => {
        if (!document.hidden)
            refresh();
    });
    refresh();
    return refresh;
}

// The head of both pages: language, drill, the word about a dead stream.
export function dress(state) {
    const drill = Boolean(state.election?.drill);
    document.body.classList.toggle("drill", drill);
    show($("drill"), drill);
    document.title = `${drill ? `[${t("drill")}] ` : ""}${state.unit.name} - Dantin`;
}

export function life(since, as_of) {
    if (since === null)
        set($("as-of"), date_time(as_of));
    document.body.classList.toggle("dead", since !== null);
    show($("dead"), since !== null);
    if (since !== null)
        set($("dead"), since ? t("page_dead", { since: seconds(since) }) : t("page_never"));
}

// Starts a page: the sentences in the language chosen last, and the button that switches.
export async function start(repaint) {
    const wanted = keep("language") === "en" ? "en" : "vi";
    for (let tries = 0; ; tries++) {
        try {
            await speak(wanted);
            break;
        } catch {
            await new Promise((go) => setTimeout(go, Math.min(15000, 1000 * 2 ** tries)));
        }
    }
    $("language").addEventListener("click", async () => {
        const other = language === "vi" ? "en" : "vi";
        await speak(other);
        keep("language", other);
        repaint();
    });
}
