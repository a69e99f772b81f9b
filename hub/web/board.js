// board.js - the hub's live page: one unit, what is known of it, and the units or villages below it.
//
// The unit shown stands in the address after #; without one it is the hub's own.
import { $, cells, clock, crossed, cutoff_name, dotted, dress, get, life, link_word, live, make, next_cutoff,
    num, reason_words, report_word, rows, set, share, show, start, state_word, t, when } from "./ui.js";
import { paint_matters } from "./matters.js";

const SHOWN_MAX = 200; // contests, held figures

let state = null, results = null, held = null, matters = null;
let kind = null;    // of contests, where there are several
let opened_for = ""; // the unit for which the provisional results were opened by themselves
let refresh = () => {};

const wanted = () => decodeURIComponent(location.hash.slice(1));
const asking = () => (wanted() ? `?unit=${encodeURIComponent(wanted())}` : "");

// ---- figures of a total

const total_of = (totals) => totals?.find((x) => x.kind === kind) ?? null;
const of = (n, places) => (n == null ? t("none") : t("n_of", { n: num(n), of: num(places) }));
const all = (totals, name) => (totals ?? []).reduce((sum, x) => sum + (x[name] ?? 0), 0);

function turnout_of(total) {
    const at = total?.turnout?.[state.due - 1];
    if (!state.due)
        return { text: t("report_not_due") };
    const due = total && at ? (at.due ? t("of_due", { n: num(at.places), of: num(Math.max(at.due, at.places)) })
        : t("no_due")) : "";
    return at?.places ? { text: share(at.voted, at.voters), sub: due } : { text: t("none"), sub: due };
}

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
            item.firstElementChild.href = `#${encodeURIComponent(p.code)}`;
    });
}

function paint_kinds() {
    const kinds = state.totals.map((x) => x.kind);
    if (!kinds.includes(kind))
        kind = kinds[0] ?? null;
    show($("kinds"), kinds.length > 1);
    rows($("kinds"), kinds, (k) => k, (k) => {
        const button = make("button");
        button.type = "button";
        button.addEventListener("click", () => {
            kind = k;
            paint();
        });
        return button;
    }, (button, k) => {
        set(button, t(`contest_${k}`));
        button.setAttribute("aria-pressed", String(k === kind));
    });
}

// ---- totals

function paint_cards() {
    const total = total_of(state.totals);
    const turnout = turnout_of(total);
    const waiting = total ? total.quarantined + total.conflicts : null;
    const incidents = all(state.totals, "incidents"), severe = all(state.totals, "severe");
    const proven = state.proven_units ?? 0, told = state.told_units ?? 0;
    const cut = state.due ? cutoff_name(state.cutoffs[state.due - 1]) : "";
    const cards = [
        { name: dotted(t("card_turnout"), cut), figure: turnout.text, base: turnout.sub ?? "", big: true },
        { name: t("card_opened"), figure: of(total?.opened, total?.places),
            base: t("card_closed", { n: num(total?.closed) }) },
        { name: t("card_tallied"), figure: of(total?.tallied, total?.places), base: t("provisional") },
        { name: t("card_waiting"), figure: num(waiting), base: t("card_waiting_base"),
            mark: waiting ? "warn" : "" },
        { name: t("card_incidents"), figure: num(incidents), base: t("card_severe", { n: num(severe) }),
            mark: severe ? "bad" : incidents ? "warn" : "" },
        { name: t("card_proven"), figure: of(proven, proven + told), base: t("card_told", { n: num(told) }) },
    ];
    if (total?.no_quorum)
        cards.push({ name: t("step_6"), figure: of(total.no_quorum, total.places), base: "", mark: "warn" });
    if (total?.interrupted || total?.postponed)
        cards.push({ name: t("card_interrupted"), figure: num(total.interrupted), mark: total.interrupted ? "warn" : "",
            base: t("card_postponed", { n: num(total.postponed) }) });
    if (total?.recognised || total?.on_hold)
        cards.push({ name: t("card_recognised"), figure: of(total.recognised, total.places),
            base: t("card_on_hold", { n: num(total.on_hold) }) });
    if (total?.reruns || total?.not_recognised)
        cards.push({ name: t("card_reruns"), figure: of(total.reruns, total.places), mark: "warn",
            base: t("card_not_recognised", { n: num(total.not_recognised) }) });
    rows($("cards"), cards.map((c, i) => ({ ...c, i })), (c) => c.i, () => {
        const card = make("div", "card");
        card.append(make("div", "name"), make("div", "figure"), make("div", "base soft"));
        return card;
    }, (card, c) => {
        const cls = `card ${c.mark ?? ""} ${c.big ? "big" : ""}`.trim();
        if (card.className !== cls)
            card.className = cls;
        set(card.children[0], c.name);
        set(card.children[1], c.mark ? `${c.mark === "bad" ? "!" : "▲"} ${c.figure}` : c.figure);
        set(card.children[2], c.base);
    });
}

// ---- below: units, or villages

const count_cell = (n, mark, name) => (n
    ? { text: `${mark === "bad" ? "!" : "▲"} ${num(n)}`, mark, cls: "n", name }
    : { text: num(n), cls: "n none", name });

function unit_cells(c) {
    const total = total_of(c.totals), turnout = turnout_of(total);
    const severe = all(c.totals, "severe");
    const silent = (c.totals ?? []).every((x) => !x.opened && !x.tallied && !x.incidents
        && x.turnout.every((u) => !u.places));
    const known = t(silent && (!c.link || c.link.word === "never_seen") ? "none" : "proven");
    const sure = c.unequal ? { text: `! ${t("unequal")}`, mark: "bad" }
        : c.told ? { text: t("told"), mark: "warn" } : { text: known, mark: "calm" };
    return [
        { ...(c.link ? link_word(c.link) : { text: t("none") }), name: t("col_link") },
        { ...report_word(c.report), name: t("col_report") },
        { text: of(total?.opened, total?.places), cls: "n", name: t("col_opened") },
        { ...turnout, cls: "n", name: t("turnout") },
        { text: of(total?.tallied, total?.places), cls: "n", name: t("col_tallied") },
        count_cell(total ? total.quarantined + total.conflicts : null, "warn", t("col_waiting")),
        count_cell(c.totals ? all(c.totals, "incidents") : null, severe ? "bad" : "warn", t("col_incidents")),
        { ...sure, name: t("col_sure") },
    ];
}

function fact(f, text, name, sub = "") {
    if (!f || f.state === "missing")
        return { text: t("none"), cls: "n none", name };
    if (f.state === "value")
        return { text, sub, cls: "n", name };
    return { ...state_word(f.state), sub: reason_words(f.reasons), cls: "n", name };
}

// Votes of a village stand under the provisional results, where its count is finished.
function place_cells(c) {
    const b = c.ballots?.find((x) => x.kind === kind) ?? c.ballots?.[0];
    const at = b?.turnout?.[state.due - 1], tally = b?.tally, owed = at?.due || at?.voted != null;
    const late = at?.late ? t("report_late") : at?.arrived_late ? t("arrived_late") : "";
    return [
        { ...report_word(c.report), name: t("col_report") },
        { text: num(b?.voters), cls: "n", name: t("col_voters") },
        fact(b?.steps?.opened, when(b?.steps?.opened?.at), t("col_opened")),
        owed ? fact(at, share(at?.voted, at?.eligible ?? b?.voters), t("turnout"), late)
            : { text: "–", cls: "n none", name: t("turnout") },
        fact(b?.steps?.closed, when(b?.steps?.closed?.at), t("col_closed")),
        fact(tally, `✓ ${t("tallied")}`, t("tab_tally"), dotted(clock(tally?.at), b?.decision === "recognised" ? ""
            : t("provisional"))),
        { text: b ? t(`life_${b.life}`) : t("none"), cls: "", name: t("col_life") },
    ];
}

function child_columns(places) {
    const names = places
        ? ["col_place", "col_report", "col_voters", "col_opened", "turnout", "col_closed", "tab_tally",
            "col_life"]
        : ["col_unit", "col_link", "col_report", "col_opened", "turnout", "col_tallied", "col_waiting",
            "col_incidents", "col_sure"];
    const left = places ? 2 : 3;
    return names.map((key, i) => ({ key, cls: i < left || key === "col_sure" || key === "col_life" ? "" : "n" }));
}

function build_child(c) {
    const row = make("tr");
    cells(row, [{ head: true }]);
    if (!c.place) {
        const link = make("a");
        link.href = `#${encodeURIComponent(c.code)}`;
        row.firstElementChild.firstElementChild.replaceWith(link);
    }
    return row;
}

function paint_children() {
    const { children } = state, places = children.length > 0 && children.every((c) => c.place);
    set($("children-title"), t(places ? "children_places" : "children_units"));
    const missing = children.filter((c) => c.report === "missing").length;
    set($("children-sum"), missing ? t("sum_missing", { n: num(missing), of: num(children.length) }) : "");
    rows($("children-head"), child_columns(places), (c) => c.key, () => make("th"),
        (th, c) => set(th, t(c.key), c.cls));
    rows($("children"), children, (c) => `${c.place} ${c.code}`, build_child, (row, c) => {
        const own = c.place ? place_cells(c) : unit_cells(c);
        cells(row, [{ head: true, text: c.name, sub: c.code }, ...own]);
    });
}

// ---- provisional results

const OUTCOMES = { elected: ["★", "good"], partly: ["★", "warn"], not_elected: ["○", "calm"], tie: ["=", "warn"],
    no_quorum: ["▲", "warn"], confidence: ["●", "good"], low: ["▲", "warn"], lowest: ["!", "bad"], open: ["", "calm"] };

// Before a decision recognises it, nothing is said of a result without "provisional".
const standing_word = (c) => (c.recognised >= c.places_in_all && c.places_in_all > 0 ? t("life_recognised")
    : dotted(t("provisional"), c.tallied && c.signed < c.tallied ? t("not_signed") : ""));

function paint_votes(list, contest) {
    rows(list, contest.candidates, (c) => c.number, () => {
        const item = make("li");
        item.append(make("span"), make("span"));
        return item;
    }, (item, c) => {
        const elected = contest.tallied > 0 && contest.elected?.includes(c.number);
        set(item.children[0], `${elected ? "★ " : ""}${c.number}. ${c.name}`);
        // Before any village has finished its count there is nothing to show of a candidate.
        set(item.children[1], contest.tallied ? share(c.votes, contest.base) : t("none"));
        item.className = elected ? "elected" : "";
    });
}

function paint_contest(row, c) {
    const [symbol, mark] = OUTCOMES[c.outcome] ?? OUTCOMES.open;
    const word = `${symbol} ${t(`outcome_${c.outcome}`)}`.trim();
    const stated = c.valid?.places ?? 0;
    const valid = { text: stated ? num(c.valid.sum) : t("none"),
        sub: stated ? t("of_places", { n: num(stated), of: num(c.places_in_all) }) : "" };
    const specs = [
        { text: c.name, sub: dotted(c.within === state.unit.name ? "" : c.within, t(`contest_${c.kind}`),
            t("seats", { n: num(c.seats) })) },
        { text: of(c.tallied, c.places_in_all), sub: "", name: t("col_counted") },
        { ...valid, name: t("n_valid") },
        null,
        { text: word, mark, name: t("col_outcome"),
            sub: dotted(standing_word(c), c.need == null ? "" : t("need", { n: num(c.need) }),
                c.quorum === false ? t("outcome_no_quorum") : "") },
    ];
    specs.forEach((spec, i) => {
        if (!spec)
            return paint_votes(row.children[i].firstElementChild, c);
        set(row.children[i].children[0], spec.text, spec.mark ? `chip ${spec.mark}` : "");
        set(row.children[i].children[1], spec.sub);
        row.children[i].dataset.name = spec.name ?? "";
    });
}

function build_contest() {
    const row = make("tr");
    cells(row, [{ head: true }, { cls: "n" }, { cls: "n" }, {}, {}]);
    row.firstElementChild.removeAttribute("data-name");
    row.children[3].replaceChildren(make("ul", "votes"));
    return row;
}

function paint_results() {
    if (!results)
        return;
    const { contests } = results, shown = contests.slice(0, SHOWN_MAX);
    rows($("results"), shown, (c) => c.contest, build_contest, paint_contest);
    const done = contests.filter((c) => c.tallied >= c.places_in_all && c.places_in_all > 0).length;
    const words = [t("results_sum", { n: num(done), of: num(contests.length) })];
    if (contests.length > shown.length)
        words.push(t("shown_first", { n: num(shown.length) }));
    set($("results-sum"), words.join(" · "));
}

// ---- figures in no total

function paint_held() {
    if (!held)
        return;
    const shown = held.items.slice(0, SHOWN_MAX);
    rows($("held"), shown, (i) => `${i.unit} ${i.act} ${i.log} ${i.n}`, () => make("tr"), (row, i) => cells(row, [
        { head: true, text: i.subject || i.unit, sub: i.contest || `#${i.n}` },
        { text: t(`kind_${i.kind}`), name: t("col_said") },
        { ...state_word(i.state), sub: reason_words(i.reasons), name: t("col_state") },
        { text: i.by, name: t("col_by") },
        { text: when(i.at), name: t("col_at") },
    ]));
    const words = [t("held_sum", { n: num(held.n) })];
    if (held.items.length > shown.length)
        words.push(t("shown_first", { n: num(shown.length) }));
    set($("held-sum"), words.join(" · "));
}

// ---- live

function paint() {
    if (!state)
        return;
    paint_head();
    paint_kinds();
    paint_cards();
    paint_children();
    if (matters)
        paint_matters(state, matters);
    paint_results();
    paint_held();
    tick();
}

async function read() {
    const asked = asking();
    let fresh;
    try {
        fresh = await get(`api/state${asked}`);
    } catch (error) {
        show($("no-unit"), error.status === 404);
        set($("no-unit"), t("no_unit", { code: wanted() }));
        if (error.status !== 404 || !state)
            throw error;
        return state.turn;
    }
    show($("no-unit"), false);
    const unit = fresh.unit.code, villages = fresh.children.length > 0 && fresh.children.every((c) => c.place);
    if (opened_for !== unit) {
        opened_for = unit;
        $("results-box").open = villages;
        results = null;
    }
    if ($("matters-box").open)
        matters = await get(`api/matters?unit=${encodeURIComponent(unit)}`);
    if ($("results-box").open)
        results = await get(`api/results?unit=${encodeURIComponent(unit)}`);
    if ($("held-box").open)
        held = await get("api/quarantine");
    if (asked === asking()) { // else somebody went on meanwhile, and the next reading is under way
        state = fresh;
        tick.asked = false;
        paint();
    }
    return fresh.turn;
}

// The newest figures are read again only if the event is about something that is shown.
function concerns(event) {
    if (!event.units || !state)
        return true;
    const shown = new Set([state.unit.code, ...state.children.map((c) => c.code)]);
    return event.units.some((code) => shown.has(code)) || $("held-box").open;
}

async function main() {
    await start(paint);
    refresh = live(read, concerns, life);
    window.addEventListener("hashchange", () => {
        refresh(true);
        window.scrollTo(0, 0);
        $("unit").focus({ preventScroll: true });
    });
    for (const id of ["matters-box", "results-box", "held-box"])
        $(id).addEventListener("toggle", () => $(id).open && refresh(true));
    setInterval(tick, 1000);
}

main();
