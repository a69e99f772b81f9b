// forms.js - the clerk's forms together: which one is open; taking a statement back, and moving it.
import { $, cutoff_name, error_words, keep, make, now, post, rows, set, show, t } from "./ui.js";
import { Sheet, deliver, who } from "./sheet.js";
import { ballots_of, open_grids, paint_grids, place_name, send_stuck_rows, step } from "./grid.js";
import { focus_village, open_desk, paint_desk } from "./desk.js";
import { leave_tally, open_tally, paint_tally, send_stuck_tally } from "./tally.js";
import { PAPERS, amend_paper, open_papers, paint_papers, send_stuck_papers } from "./papers.js";
import { STEPS, STEP_NUMBERS, place_of, said_words, step_word } from "./said.js";

let state = null;
let refresh = () => {};

const taken_back = { sheet: new Sheet(), of: null };
const moving = { of: null, busy: false };

function options(select, items) {
    rows(select, items, (i) => i[0], (i) => Object.assign(make("option"), { value: i[0] }),
        (option, i) => set(option, i[1]));
}

// ---- taking back: reasons to choose from, words only for the last

const VOID_REASONS = [1, 3, 4, 0];

async function send_void(event) {
    event.preventDefault();
    const { sheet, of } = taken_back, note = $("void-note");
    const person = who(note), reason = Number($("void-reason").value);
    const why = reason ? t(`void_reason_${reason}`) : $("void-why").value.trim();
    if (sheet.busy || !person || !of)
        return;
    if (!why) {
        set(note, t("why"), "note bad");
        return $("void-why").focus();
    }
    const fields = { kind: "void", place: of.subject, contest: of.contest, reason, replaces: of.act, why, ...person };
    await deliver(sheet, fields, "void", forget_void);
    refresh();
}

function forget_void() {
    $("void-why").value = "";
    taken_back.of = null;
    set($("void-of"), "");
}

export function retract(said) {
    taken_back.of = said;
    set($("void-of"), `${place_of(state, said.subject)}: ${said_words(state, said)}`);
    set($("void-note"), "", "note");
    open_tab("void");
    $("void-reason").focus();
}

// ---- the wrong village: choose the right one, done

export function wrong_place(said) {
    moving.of = said;
    set($("move-of"), `${place_of(state, said.subject)}: ${said_words(state, said)}`);
    set($("move-note"), "", "note");
    paint_move();
    open_tab("move");
    $("move-to").firstElementChild?.focus();
}

function paint_move() {
    const places = moving.of ? state.places.filter((p) => p.code !== moving.of.subject) : [];
    rows($("move-to"), places, (p) => p.code, (p) => {
        const button = make("button");
        button.type = "button";
        button.addEventListener("click", () => move_to(p.code));
        return button;
    }, (button, p) => set(button, `${p.name} (${p.code})`));
}

async function move_to(to) {
    const note = $("move-note"), person = who(note), { of } = moving;
    if (!person || !of || moving.busy)
        return;
    moving.busy = true;
    set(note, t("sending"), "note");
    try {
        const answer = await post("api/move", new URLSearchParams({ act: of.act, to, by: person.by }).toString());
        set(note, answer.ok ? `✓ ${t("moved", { to: place_of(state, to) })}` : error_words(answer),
            answer.ok ? "note good" : "note bad");
        moving.of = answer.ok ? null : of;
    } catch {
        set(note, t("move_unanswered"), "note bad"); // a second time is refused: it is taken back already
    } finally {
        moving.busy = false;
    }
    paint_move();
    refresh();
}

// ---- correcting

// From the list of statements into the form that replaces one.
export function amend(said) {
    const key = `${said.subject}|${said.contest}`;
    open_tab(said.kind);
    if (PAPERS.includes(said.kind))
        return amend_paper(said);
    if (said.kind === "turnout")
        $("cutoff").value = said.fields.cutoff;
    if (said.kind === "step")
        $("step").value = STEP_NUMBERS[said.fields.what - 1] ?? said.fields.what; // a number, or its name
    if (said.kind === "tally" && $("tally-place").value !== key) {
        $("tally-place").value = key;
        leave_tally();
    }
    paint_forms(state);
    if (said.kind === "turnout")
        return focus_village(key);
    const made = said.kind === "step" && step.made.get(`${key}|${step.slot()}`);
    return ((made && made.input) || $("tally-place")).focus();
}

// ---- all of them

const TABS = ["turnout", "step", "tally", ...PAPERS];

export function open_tab(name) {
    for (const tab of [...TABS, "void", "move"])
        show($(`tab-${tab}`), tab === name);
    for (const button of $("tabs").children)
        button.setAttribute("aria-pressed", String(button.dataset.tab === name));
    if (TABS.includes(name))
        keep("tab", name);
    const entry = $("entry").getBoundingClientRect();
    if (entry.top < 0 || entry.top > window.innerHeight / 2)
        $("entry").scrollIntoView();
}

export function paint_forms(s) {
    const first = state === null;
    state = s;
    const open = state.cutoffs.findIndex((c) => now() < c.at + c.grace);
    options($("cutoff"), state.cutoffs.map((c, i) => [i + 1, cutoff_name(c)]));
    options($("step"), STEPS.map((what) => [what, step_word(what)]));
    options($("tally-place"), ballots_of(state).map((b) => [b.key, `${b.place.number}. ${b.place.name} (${place_name(b)})`]));
    options($("void-reason"), VOID_REASONS.map((r) => [r, t(`void_reason_${r}`)]));
    show($("void-why").parentElement, $("void-reason").value === "0");
    if (first) {
        $("cutoff").value = open < 0 ? state.cutoffs.length : open + 1;
        if (!$("by").readOnly) // else it is who has logged in
            $("by").value = keep(`by.${state.unit.code}`) ?? "";
    }
    show($("by").parentElement, !$("by").readOnly); // who has logged in stands above
    paint_desk(state);
    paint_grids(state);
    paint_tally(state);
    paint_papers(state);
    paint_move();
}

function typed() {
    return [...$("entry").querySelectorAll(".entry .line input, .paper input, textarea:not([readonly])")]
        .some((e) => e.offsetParent && e.value.trim());
}

// What was under way when the line broke goes again by itself: the act makes that safe.
export async function send_stuck() {
    send_stuck_rows();
    send_stuck_tally();
    await send_stuck_papers();
    if (taken_back.sheet.stuck)
        await deliver(taken_back.sheet, {}, "void", forget_void);
}

export function open_forms(on_recorded) {
    refresh = on_recorded;
    open_desk(on_recorded);
    open_grids(on_recorded);
    open_tally(on_recorded);
    open_papers(on_recorded);
    open_tab(TABS.includes(keep("tab")) ? keep("tab") : "turnout");
    for (const button of $("tabs").children)
        button.addEventListener("click", () => open_tab(button.dataset.tab));
    $("by").addEventListener("change", () => keep(`by.${state.unit.code}`, $("by").value.trim()));
    for (const id of ["cutoff", "step", "void-reason"])
        $(id).addEventListener("change", () => paint_forms(state));
    $("tab-void").addEventListener("submit", send_void);
    window.addEventListener("beforeunload", (event) => {
        if (typed())
            event.preventDefault();
    });
}
