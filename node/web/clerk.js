// clerk.js - the node's page: the villages, the forms, and how far each statement has come.
import { $, cells, clock, crossed, cutoff_name, dotted, dress, get, life, link_word, live, make, next_cutoff, now,
    num, percent, post, reason_words, rows, set, share, show, span, start, state_word, t, when } from "./ui.js";
import { amend, open_forms, paint_forms, retract, send_stuck, wrong_place } from "./forms.js";
import { ballots_of, place_name } from "./grid.js";
import { open_matters, paint_matters } from "./matters.js";
import { show_dues } from "./dues.js";
import { open_outbox, send_all } from "./outbox.js";
import { open_unsent, paint_unsent } from "./unsent.js";
import { level_of, place_of, said_words } from "./said.js";

const AMENDS = ["turnout", "step", "tally", "incident", "complaint", "minutes", "decision", "situation", "list_change",
    "ready"];
const MOVES = ["turnout", "step", "tally", "minutes", "decision", "list_change"];
const CLOCK_OFF_MS = 120000;

const DUES_MS = 20000;

let state = null, painted_at = 0, dues_at = 0;

// ---- head and bars: what ticks, ticks here

function tick() {
    if (!state)
        return;
    const word = link_word(state.link);
    set($("link"), word.text, `chip ${word.mark}`);
    set($("link-age"), dotted(word.sub, state.link?.backlog ? t("head_backlog", { n: num(state.link.backlog) }) : ""));
    set($("next"), next_cutoff(state.cutoffs));
    if (crossed(state.cutoffs, painted_at))
        paint();
}

function paint_head() {
    const { unit, election, link } = state;
    dress(state);
    set($("unit"), unit.name);
    set($("election"), dotted(election?.title || election?.label,
        t("head_unit", { code: unit.code, level: unit.level })));
    set($("how-here"), t(state.access === "desk" ? "how_here" : `how_${state.access}`));
    show($("full"), state.taking !== "taking");
    set($("full"), t(`bar_${state.taking}`));
    show($("waiting"), state.wait_ms > 0);
    set($("waiting-words"), t("bar_waiting", { s: Math.ceil(state.wait_ms / 1000) }));
    show($("held"), state.admitted === false);
    show($("no-plan"), !election?.version);
    const off = link?.offset_ms ?? 0;
    show($("clock"), Math.abs(off) > CLOCK_OFF_MS);
    set($("clock"), t("bar_clock", { off: span(Math.abs(off)) }));
    const { incarnation = "", n = 0, key = "" } = state.log ?? {};
    set($("log"), t("log_line", { incarnation, n: num(n), key }));
}

// ---- the villages

function fact_cell(fact, text, sub = "") {
    if (!fact || fact.state === "missing")
        return { text: t("none"), cls: "n none" };
    if (fact.state === "value")
        return { text, sub, cls: "n" };
    return { ...state_word(fact.state), sub: dotted(text, (fact.reasons ?? []).join(", ")), cls: "n" };
}

// A figure that is not there: not due at this place, not yet, due, or past its time.
function absent(cut, due) {
    if (!due || now() < due)
        return { text: "–", cls: "n none" };
    if (now() < due + cut.grace)
        return { text: t("none"), cls: "n none" };
    return { text: `! ${t("none")}`, cls: "n overdue" };
}

function turnout_cell(b, i) {
    const fact = b.turnout[i], base = fact?.eligible ?? b.voters;
    if (!fact || fact.state === "missing")
        return absent(state.cutoffs[i], fact?.due);
    const above = (b.standing[`turnout/${i + 1}`] ?? []).some((s) => s.parent) ? "☎" : "";
    if (!base || fact.voted == null)
        return fact_cell(fact, num(fact.voted), above);
    return fact_cell(fact, `${num(fact.voted)}/${num(base)}`, dotted(`(${percent(fact.voted, base)})`, above));
}

function latest(b) {
    for (let i = state.cutoffs.length - 1; i >= 0; i--)
        if (b.turnout[i] && b.turnout[i].state !== "missing") {
            const cell = turnout_cell(b, i);
            return { ...cell, sub: dotted(cell.sub, state.cutoffs[i].name) };
        }
    return { text: t("none"), cls: "n none" };
}

const step_cell = (b, what) => fact_cell(b.steps?.[what], when(b.steps?.[what]?.at));

// "1: 159/361 (44,04 %), cần 181 · tạm thời: không trúng cử", where the contest is this village's alone.
function come_to(b) {
    const c = state.contests?.[b.contest];
    if (!c || c.places_in_all !== 1 || !c.tallied)
        return b.tally.valid == null ? "" : t("tally_valid", { n: num(b.tally.valid) });
    const votes = c.candidates.map((k) => `${k.number}: ${share(k.votes, c.base)}`).join("; ");
    const word = `${b.decision === "recognised" ? "" : `${t("provisional")}: `}${t(`outcome_${c.outcome}`)}`;
    return dotted(votes + (c.need == null ? "" : `, ${t("need", { n: num(c.need) })}`), word);
}

function life_cell(b) {
    const mark = b.interrupted ? "warn" : "calm";
    return { text: `${b.interrupted ? "▲ " : ""}${t(`life_${b.life}`)}`, mark, cls: "", name: t("col_life") };
}

function tally_cell(b) {
    const fact = b.tally;
    if (!fact || fact.state === "missing")
        return { text: t("none"), cls: "none" };
    const sub = fact.reasons?.length ? reason_words(fact.reasons) : dotted(come_to(b), clock(fact.at));
    const word = state_word(fact.state);
    return { ...word, text: fact.state === "value" ? `✓ ${t("tallied")}` : word.text, sub };
}

function paint_places() {
    const open = state.cutoffs.findIndex((c) => now() < c.at + c.grace);
    const columns = [
        { name: t("col_place") }, { name: t("col_voters"), cls: "n wide" }, { name: t("col_opened"), cls: "n" },
        ...state.cutoffs.map((c, i) => ({ name: c.name, cls: i === open ? "n wide now" : "n wide" })),
        { name: t("col_latest"), cls: "n narrow" }, { name: t("col_closed"), cls: "n" }, { name: t("tab_tally") },
        { name: t("col_life") },
    ];
    rows($("places-head"), columns.map((c, i) => ({ ...c, i })), (c) => c.i, () => make("th"),
        (th, c) => set(th, c.name, c.cls ?? ""));
    const ballots = ballots_of(state);
    rows($("places"), ballots, (b) => b.key, () => make("tr"), (row, b) => {
        cells(row, [
            { head: true, text: b.place.name, sub: place_name(b) },
            { text: num(b.voters), cls: "n wide" },
            { ...step_cell(b, "opened"), name: t("col_opened") },
            ...state.cutoffs.map((c, i) => {
                const cell = turnout_cell(b, i);
                return { ...cell, cls: `${cell.cls} wide${i === open ? " now" : ""}` };
            }),
            ((cell) => ({ ...cell, cls: `${cell.cls} narrow`, name: t("turnout") }))(latest(b)),
            { ...step_cell(b, "closed"), name: t("col_closed") },
            { ...tally_cell(b), name: t("tab_tally") },
            life_cell(b),
        ]);
    });
    const has = (test) => ballots.filter(test).length;
    const due = state.cutoffs.filter((c) => c.at <= now()).length;
    const owed = due ? ballots.filter((b) => b.turnout[due - 1]?.due && b.turnout[due - 1].due <= now()) : [];
    const words = [t("sum_opened", { n: has((b) => b.steps?.opened?.state === "value"), of: ballots.length })];
    if (due)
        words.push(t("sum_turnout", { name: cutoff_name(state.cutoffs[due - 1]), of: owed.length,
            n: owed.filter((b) => b.turnout[due - 1].state === "value").length }));
    words.push(t("sum_tallied", { n: has((b) => b.tally?.state === "value"), of: ballots.length }));
    set($("places-sum"), words.join(" · "));
}

// ---- the statements, newest first

function build_said() {
    const row = make("tr");
    cells(row, [{}, { head: true }, {}, {}, { cls: "whole" }, { cls: "noprint" }]);
    const ticks = row.children[4], acts = row.children[5];
    ticks.replaceChildren(make("div", "ticks"));
    const fix = make("button", "plain", "amend"), back = make("button", "plain", "retract"),
        move = make("button", "plain", "wrong_place");
    fix.type = back.type = move.type = "button";
    fix.addEventListener("click", () => amend(row.said));
    back.addEventListener("click", () => retract(row.said));
    move.addEventListener("click", () => wrong_place(row.said));
    acts.replaceChildren(make("div", "acts"));
    acts.firstElementChild.append(fix, move, back);
    return row;
}

function paint_said(row, s) {
    row.said = s;
    const reasons = s.state === "replaced" ? "" : reason_words(s.reasons);
    const why = s.why ? t("said_why", { why: s.why }) : "";
    const apart = s.entered && Math.abs(s.entered - s.at) > 60000;
    const specs = [
        { text: when(s.at), sub: apart ? t("said_entered", { at: when(s.entered) }) : "", name: t("col_at") },
        { head: true, text: `${place_of(state, s.subject)}: ${said_words(state, s)}`, sub: dotted(s.text, why) },
        { text: s.author === state.unit.code ? s.by : level_of(state, s), sub: dotted(t(`how_${s.how}`), s.behalf),
            name: t("col_by") },
        { ...state_word(s.state), sub: dotted(reasons, s.after_seal ? t("after_seal", { n: s.after_seal }) : ""),
            name: t("col_state") },
    ];
    specs.forEach((spec, i) => {
        const [main, small] = row.children[i].children;
        set(main, spec.text, spec.mark ? `chip ${spec.mark}` : "");
        set(small, spec.sub);
        if (spec.name)
            row.children[i].dataset.name = spec.name;
    });
    row.children[4].dataset.name = t("col_ticks");
    const tiers = [{ code: "", name: t("tick_here") }, ...state.tiers];
    rows(row.children[4].firstElementChild, tiers, (tier) => tier.code, () => make("span"), (mark, tier) => {
        const there = tier.code === "" || s.ticks?.includes(tier.code);
        set(mark, `${there ? "✓" : "○"} ${tier.name}`, there ? "tick" : "tick not");
        mark.setAttribute("aria-label", t(there ? "tick_there" : "tick_not", { tier: tier.name }));
    });
    const stands = s.author === state.unit.code && s.state !== "replaced" && s.state !== "held";
    const acts = row.children[5].firstElementChild, [fix, move] = acts.children;
    show(acts, stands && !["void", "sealed", "receipt"].includes(s.kind));
    // Interruptions stand side by side: one is taken back, not corrected.
    show(fix, AMENDS.includes(s.kind) && !["interrupted", "resumed"].includes(s.fields?.what));
    show(move, MOVES.includes(s.kind) && state.places.length > 1);
}

function paint_list() {
    rows($("list"), state.statements, (s) => `${s.log} ${s.n}`, build_said, paint_said);
    const top = state.tiers.at(-1);
    const up = state.statements.filter((s) => s.ticks?.includes(top?.code)).length;
    set($("list-sum"), top ? t("list_sum", { n: num(up), of: num(state.statements.length), tier: top.name }) : "");
}

// ---- live

function paint() {
    if (!state)
        return;
    painted_at = now();
    paint_head();
    paint_unsent(state);
    paint_places();
    paint_forms(state);
    paint_matters(state);
    paint_list();
    tick();
}

// What is due after the vote changes by the day, not by the minute; nothing is asked before a count is here.
async function read_dues() {
    const after = ballots_of(state).some((b) => b.tally.state !== "missing");
    if (!after || now() - dues_at < DUES_MS)
        return;
    dues_at = now();
    try {
        const list = await show_dues($("dues"));
        show($("dues-box"), list.n > 0);
    } catch {
        dues_at = 0; // with the next reading
    }
}

async function read() {
    state = await get("api/state");
    open_outbox(state.unit.code);
    paint();
    send_stuck();
    send_all();
    read_dues();
    return state.turn;
}

async function main() {
    await start(paint);
    const refresh = live(read, () => true, life);
    open_forms(refresh);
    open_matters(refresh);
    open_unsent(paint);
    $("no-line").addEventListener("click", async () => {
        await post("api/no_line", "").catch(() => null);
        refresh();
    });
    setInterval(tick, 1000);
}

main();
