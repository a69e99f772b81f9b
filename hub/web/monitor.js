// monitor.js - the hub's live page: one unit, what is known of it, and the units or places below it.
//
// The unit shown stands in the address after #, and behind it the figure that one came from (words.js); without
// a unit it is the hub's own. Everything above the boxes that open comes in one answer.
import { $, cells, clock, crossed, cutoff_name, dotted, dress, get, life, link_word, live, make, next_cutoff, num,
    rows, set, severity_word, show, start, t, when } from "./ui.js";
import { open_finder } from "./finder.js";
import { matter_words, paint_matters, seen_word } from "./matters.js";
import { paint_ballots } from "./place.js";
import { paint_held, paint_results, paint_targets } from "./results.js";
import { choose_map, look_at, paint_map } from "./tiles.js";
import { choose_trend, paint_trend } from "./trend.js";
import { asked, of, place_cells, place_columns, record_link, since_words, turnout_words, unit_cells, unit_columns, unit_link } from "./words.js";

const BOXES = {
    matters: { path: () => `api/matters?unit=${encodeURIComponent(state.unit.code)}`, paint: (x) => paint_matters(state, x) },
    results: { path: () => `api/results?unit=${encodeURIComponent(state.unit.code)}`, paint: paint_results },
    targets: { path: () => `api/statistics?unit=${encodeURIComponent(state.unit.code)}`,
        paint: (x) => paint_targets(state.targets ?? [], x), absent: () => !state.traits },
    held: { path: () => "api/quarantine", paint: paint_held },
};

let state = null, kind = null, seen = null; // seen: the unit that was shown last
const boxes = {}; // what was read for those that are open
let arriving = true; // by an address, so that what it names is to be shown
let refresh = () => {};

const asking = () => {
    const { code, cutoff } = asked();
    const words = [["unit", code], ["kind", kind], ["cutoff", cutoff]].filter(([, value]) => value);
    return words.length ? `?${words.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}` : "";
};

// ---- head

function tick() {
    if (!state)
        return;
    if (state.link) {
        const word = link_word(state.link);
        set($("link"), word.text, `chip ${word.mark}`);
        set($("link-age"), word.sub);
    }
    set($("next"), next_cutoff(state.cutoffs));
    if (crossed(state.cutoffs, state.as_of) && !tick.asked) {
        tick.asked = true; // once, and not all pages in one instant
        setTimeout(refresh, Math.random() * 3000);
    }
}

function paint_head() {
    const { unit, election } = state;
    dress(state);
    set($("unit"), unit.name);
    set($("election"), dotted(election?.title || election?.label,
        t("head_unit", { code: unit.code, level: unit.level })));
    show($("parent"), Boolean(state.link));
    show($("full"), state.taking !== "taking");
    set($("full"), t(`bar_${state.taking}`));
    const path = state.path ?? [];
    show($("path"), path.length > 1);
    rows($("path"), path, (p) => p.code, () => make("li"), (item, p) => {
        const last = p === path.at(-1), tag = last ? "SPAN" : "A";
        if (item.firstElementChild?.tagName !== tag)
            item.replaceChildren(make(tag));
        set(item.firstElementChild, p.name);
        if (last)
            item.firstElementChild.setAttribute("aria-current", "page");
        else
            item.firstElementChild.href = unit_link(p.code);
    });
}

// An earlier cut-off than the newest is looked at by choice, and the page says so.
function paint_cutoff() {
    const earlier = state.cutoff !== state.due;
    show($("earlier"), earlier);
    set($("earlier-words"), t("mon_earlier", { name: at_cutoff() || t("none") }));
    $("newest").href = unit_link(state.unit.code, asked().see, "");
}

function paint_kinds() {
    show($("kinds"), state.kinds.length > 1);
    rows($("kinds"), state.kinds, (k) => k, (k) => {
        const button = make("button");
        button.type = "button";
        button.addEventListener("click", () => {
            kind = k;
            refresh(true);
        });
        return button;
    }, (button, k) => {
        set(button, t(`contest_${k}`));
        button.setAttribute("aria-pressed", String(k === state.kind));
    });
}

// ---- totals

const at_cutoff = () => (state.cutoff ? cutoff_name(state.cutoffs[state.cutoff - 1]) : "");

function day_cards(total) {
    const turnout = turnout_words(state.cutoff ? total.turnout[state.cutoff - 1] : null);
    const waiting = total.quarantined + total.conflicts, incidents = total.incidents;
    const cards = [
        { see: "turnout", name: dotted(t("card_turnout"), at_cutoff()), figure: turnout.text, base: turnout.sub, big: true },
        { see: "opened", name: t("card_opened"), figure: of(total.opened, total.places),
            base: t("card_closed", { n: num(total.closed) }) },
        { see: "tallied", name: t("card_tallied"), figure: of(total.tallied, total.places), base: t("provisional") },
        { see: "incidents", name: t("card_incidents"), figure: num(incidents), base: t("card_severe", { n: num(state.severe.n) }),
            mark: state.severe.n ? "bad" : incidents ? "warn" : "" },
        { see: "waiting", name: t("card_waiting"), figure: num(waiting), base: t("card_waiting_base"), mark: waiting ? "warn" : "" },
        { see: "sure", name: t("card_proven"), figure: of(state.proven_units, state.units),
            base: t("card_told", { n: num(state.told_units) }), mark: state.told_units ? "warn" : "" },
    ];
    if (total.interrupted || total.postponed)
        cards.push({ name: t("card_interrupted"), figure: num(total.interrupted), mark: total.interrupted ? "warn" : "",
            base: t("card_postponed", { n: num(total.postponed) }) });
    return cards;
}

// After the count, and not before: domain's order of things is the server's, null while nothing is decided.
function result_cards() {
    const r = state.results;
    if (!r)
        return [];
    const failed = r.none + r.tied + r.partly;
    return [
        { name: t("res_elected"), figure: num(r.elected), base: dotted(t("res_of_contests", { n: num(r.decided) }),
            r.recognised ? t("res_recognised", { n: num(r.recognised) }) : t("provisional")), mark: "good" },
        { name: t("res_failed"), figure: num(failed), mark: failed ? "warn" : "",
            base: dotted(...["none", "tied", "partly"].filter((name) => r[name]).map((name) => t(`res_${name}`, { n: num(r[name]) })),
                t("provisional")) },
        { name: t("res_no_quorum"), figure: num(r.no_quorum), mark: r.no_quorum ? "warn" : "", base: t("provisional") },
        { name: t("res_reruns"), figure: num(r.reruns), mark: r.reruns ? "warn" : "", base: t("res_reruns_base") },
        { name: t("res_waiting"), figure: num(r.contests - r.decided), base: t("res_waiting_base", { n: num(r.contests) }) },
    ];
}

const SIGNS = { bad: "! ", warn: "▲ ", good: "★ " };

function paint_cards() {
    const cards = [...day_cards(state.total), ...result_cards()], own = asked();
    rows($("cards"), cards, (c) => c.see ?? c.name, (c) => {
        const card = make(c.see ? "a" : "div", "card");
        card.append(make("div", "name"), make("div", "figure"), make("div", "base soft"));
        return card;
    }, (card, c) => {
        const cls = ["card", c.mark ?? "", c.big ? "big" : "", c.see && c.see === own.see ? "chosen" : ""].filter(Boolean).join(" ");
        if (card.className !== cls)
            card.className = cls;
        set(card.children[0], c.name);
        set(card.children[1], `${SIGNS[c.mark] ?? ""}${c.figure}`);
        set(card.children[2], c.base);
        if (!c.see)
            return;
        const href = unit_link(state.unit.code, c.see);
        if (card.getAttribute("href") !== href)
            card.href = href;
        card.title = t("mon_see", { name: c.name });
    });
    return cards.find((c) => c.see === own.see)?.name ?? "";
}

// ---- what changed since the last bulletin

function paint_since() {
    const s = state.since;
    show($("since"), Boolean(s));
    if (!s)
        return;
    const changed = s.corrected + s.added > 0;
    set($("since-words"), since_words(s));
    $("since").className = `since ${changed ? "changed" : ""}`.trim();
    show($("since-box"), changed);
    set($("since-more"), s.corrected + s.added > s.items.length ? t("since_more", { n: num(s.corrected + s.added - s.items.length) }) : "");
    const figure = (n, i) => (i.what === "tally" ? t("since_tally") : n == null ? t("none") : num(n));
    rows($("since-items"), s.items, (i) => `${i.code} ${i.what} ${i.contest ?? ""}`, () => make("tr"), (row, i) => cells(row, [
        { head: true, text: i.name, sub: i.within, href: unit_link(i.code, i.what === "tally" ? "tallied" : "turnout") },
        { text: t(i.added ? "since_added" : "since_corrected"), name: t("col_what"), mark: i.added ? "calm" : "warn" },
        { text: figure(i.then, i), cls: "n", name: t("since_then") },
        { text: i.state === "value" ? figure(i.now, i) : t(`state_${i.state}`), cls: "n", name: t("since_now"),
            href: record_of_change(i) },
    ]));
}

function record_of_change(i) {
    if (i.what === "sum" || i.state === "missing")
        return undefined;
    return record_link({ unit: i.code, contest: i.contest, kind: i.what, ...(i.what === "turnout" ? { which: state.since.cutoff } : {}) });
}

// ---- below: units, or places

function build_row() {
    const row = make("tr");
    cells(row, [{ head: true }]);
    return row;
}

// The units directly below are the tiles themselves where nothing lies between: then they are shown once.
function are_tiles(children) {
    const tiles = state.tiles?.groups.flatMap((g) => g.rows) ?? [];
    return tiles.length === children.length && tiles.length > 12;
}

function paint_children(see) {
    const { children } = state, places = children.length > 0 && children.every((c) => c.place);
    show($("children-box"), children.length > 0 && !are_tiles(children));
    if (places !== ($("pair").previousElementSibling === $("children-box")))
        $("pair")[places ? "before" : "after"]($("children-box"));
    set($("children-title"), t(places ? "children_places" : "children_units"));
    const missing = children.filter((c) => c.report === "missing").length;
    set($("children-sum"), missing ? t("sum_missing", { n: num(missing), of: num(children.length) }) : "");
    set($("children-more"), state.more ? t("mon_more", { n: num(state.more) }) : "");
    rows($("children-head"), places ? place_columns() : unit_columns("col_unit"), (c) => c.key, () => make("th"),
        (th, c) => set(th, t(c.key), c.cls));
    rows($("children"), children, (c) => `${c.place} ${c.code}`, build_row, (row, c) => cells(row, [
        { head: true, text: c.name, sub: c.code, href: unit_link(c.code, see) },
        ...(c.place ? place_cells(c, state.cutoff, see) : unit_cells(c, see))]));
}

function paint_severe() {
    const { matters, more, n } = state.severe;
    set($("severe-sum"), dotted(n ? "" : t("severe_none"), more ? t("matters_more", { n: num(more) }) : ""));
    rows($("severe"), matters, (m) => `${m.log} ${m.n}`, () => {
        const item = make("li"), body = make("div");
        body.append(make("a"), make("p"), make("small"));
        item.append(make("span", "chip"), body);
        return item;
    }, (item, m) => {
        const words = matter_words(state, m), grade = severity_word(m.fields.severity), ack = seen_word(m);
        set(item.firstElementChild, grade.text, `chip ${grade.mark}`);
        const [link, text, by] = item.lastElementChild.children;
        set(link, dotted(m.place, m.within === state.unit.name ? "" : m.within, clock(m.at)));
        link.href = record_link({ unit: m.unit, act: m.act });
        set(text, m.text || words.what);
        set(by, dotted(m.text ? words.what : "", ack.text, ack.sub));
    });
}

// ---- live

function paint() {
    if (!state)
        return;
    const { place } = state.unit, { see } = asked();
    paint_head();
    paint_kinds();
    paint_cutoff();
    for (const id of ["totals", "severe-box"])
        show($(id), !place);
    for (const id of ["map-box", "trend-box"])
        show($(id), !place && !$(id).hidden);
    show($("place-box"), place);
    $("totals").dataset.mark = state.recognised ? "" : t("mon_mark");
    set($("standing"), state.recognised ? `✓ ${t("mon_final")}` : t("provisional"), `chip ${state.recognised ? "good" : "warn"}`);
    if (place) {
        paint_ballots(state);
    } else {
        const figure = paint_cards();
        paint_since();
        paint_map(state, see, figure);
        paint_trend(state);
        paint_severe();
    }
    paint_children(see);
    show($("targets-box"), !place && state.targets.length > 0);
    for (const [name, box] of Object.entries(BOXES))
        if (boxes[name] !== undefined)
            box.paint(boxes[name]);
    tick();
}

async function read_boxes() {
    for (const [name, box] of Object.entries(BOXES)) {
        if (!$(`${name}-box`).open)
            continue;
        boxes[name] = box.absent?.() ? null : await get(box.path());
    }
}

async function read() {
    const question = asking();
    let fresh;
    try {
        fresh = await get(`api/monitor${question}`);
    } catch (error) {
        const unknown = [404, 422].includes(error.status); // an address that was typed, or an old one
        show($("no-unit"), unknown);
        set($("no-unit"), error.status === 422 ? t("mon_no_cutoff", { n: asked().cutoff }) : t("no_unit", { code: asked().code }));
        if (!unknown || !state)
            throw error;
        return state.turn;
    }
    show($("no-unit"), false);
    if (question !== asking())
        return fresh.turn; // somebody went on meanwhile, and the next reading is under way
    if (state && fresh.unit.code !== state.unit.code)
        for (const name of Object.keys(boxes))
            delete boxes[name];
    state = fresh;
    await read_boxes();
    tick.asked = false;
    paint();
    if (arriving)
        arrive();
    return fresh.turn;
}

// The newest figures are read again only if the event is about something that is shown.
function concerns(event) {
    if (!event.units || !state)
        return true;
    const shown = new Set([state.unit.code, ...state.path.slice(-2).map((p) => p.code), ...state.children.map((c) => c.code)]);
    return event.units.some((code) => shown.has(code)) || $("held-box").open;
}

// What one came to see is shown: the units behind a figure as a table, or the unit from its top.
function arrive() {
    const { see } = asked(), first = seen === null, same = state.unit.code === seen;
    arriving = false;
    seen = state.unit.code;
    if (see && !$("map-box").hidden) {
        $("map-title").focus({ preventScroll: true });
        $("map-box").scrollIntoView();
    } else if (see && !$("children-box").hidden) {
        $("children-title").focus({ preventScroll: true });
        $("children-box").scrollIntoView();
    } else if (!first && !same) {
        window.scrollTo(0, 0);
        $("unit").focus({ preventScroll: true });
    }
}

function go() {
    arriving = true;
    look_at(asked().see ? "table" : "tiles");
    refresh(true);
}

async function main() {
    await start(paint);
    choose_map(paint);
    choose_trend();
    open_finder($("finder"), unit_link);
    look_at(asked().see ? "table" : "tiles");
    refresh = live(read, concerns, life);
    window.addEventListener("hashchange", go);
    for (const name of Object.keys(BOXES))
        $(`${name}-box`).addEventListener("toggle", () => $(`${name}-box`).open && refresh(true));
    setInterval(tick, 1000);
}

main();
