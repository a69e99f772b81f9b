// forms.js - the clerk's forms together: which one is open, incidents, and taking a statement back.
import { $, keep, make, now, rows, set, show, t, when } from "./ui.js";
import { Sheet, deliver, who } from "./sheet.js";
import { STEPS, STEP_NUMBERS, ballots_of, open_grids, paint_grids, place_name, send_stuck_rows, step, step_word,
    turnout } from "./grid.js";
import { leave_tally, open_tally, paint_tally, send_stuck_tally } from "./tally.js";

let state = null;
let refresh = () => {};

const incident = { sheet: new Sheet(), replaces: null };
const taken_back = { sheet: new Sheet(), of: null };

function options(select, items) {
    rows(select, items, (i) => i[0], (i) => Object.assign(make("option"), { value: i[0] }),
        (option, i) => set(option, i[1]));
}

function paint_incident() {
    const places = state.places.map((p) => [p.code, `${p.name} (${p.code})`]);
    options($("incident-place"), [[state.unit.code, state.unit.name], ...places]);
    options($("incident-category"), [1, 2, 3, 4, 5, 6, 7, 8, 9, 0].map((c) => [c, t(`category_${c}`)]));
    options($("incident-severity"), [1, 2, 3, 4].map((s) => [s, t(`severity_${s}`)]));
    options($("incident-state"), [1, 2, 3].map((s) => [s, t(`incident_state_${s}`)]));
    show($("incident-state-label"), incident.replaces !== null);
    show($("incident-new"), incident.replaces !== null);
    const old = incident.replaces;
    set($("incident-replaces"), old ? t("incident_replaces", { at: when(old.at) }) : "");
}

function new_incident() {
    incident.replaces = null;
    $("incident-text").value = "";
    $("incident-state").value = "1";
    paint_incident();
}

async function send_incident(event) {
    event.preventDefault();
    const { sheet, replaces } = incident, note = $("incident-note");
    const person = who(note);
    if (sheet.busy || !person)
        return;
    const text = $("incident-text").value.trim();
    if (!text) {
        set(note, t("incident_empty"), "note bad");
        return $("incident-text").focus();
    }
    const fields = { kind: "incident", place: $("incident-place").value, category: $("incident-category").value,
        severity: $("incident-severity").value, state: replaces ? $("incident-state").value : 1, text, ...person };
    if (replaces)
        Object.assign(fields, { replaces: replaces.act, why: t(`incident_state_${fields.state}`) });
    await deliver(sheet, fields, "incident", new_incident);
    refresh();
}

async function send_void(event) {
    event.preventDefault();
    const { sheet, of } = taken_back, note = $("void-note");
    const person = who(note), why = $("void-why").value.trim();
    if (sheet.busy || !person || !of)
        return;
    if (!why) {
        set(note, t("why"), "note bad");
        return $("void-why").focus();
    }
    const fields = { kind: "void", place: of.subject, contest: of.contest, reason: 0, replaces: of.act, why,
        ...person };
    await deliver(sheet, fields, "void", forget_void);
    refresh();
}

function forget_void() {
    $("void-why").value = "";
    taken_back.of = null;
    set($("void-of"), "");
}

// From the list of statements into the form that replaces one.
export function amend(said) {
    const key = `${said.subject}|${said.contest}`;
    open_tab(said.kind);
    if (said.kind === "turnout")
        $("cutoff").value = said.fields.cutoff;
    if (said.kind === "step")
        $("step").value = STEP_NUMBERS[said.fields.what - 1] ?? said.fields.what; // a number, or its name
    if (said.kind === "tally" && $("tally-place").value !== key) {
        $("tally-place").value = key;
        leave_tally();
    }
    if (said.kind === "incident") {
        incident.replaces = said;
        paint_incident();
        for (const name of ["category", "severity", "state"])
            $(`incident-${name}`).value = said.fields[name];
        $("incident-place").value = said.subject;
        $("incident-text").value = said.text ?? "";
    }
    paint_forms(state);
    const spec = { turnout, step }[said.kind];
    const made = spec && spec.made.get(`${key}|${spec.slot()}`);
    (made?.input ?? $(said.kind === "tally" ? "tally-place" : "incident-text")).focus();
}

export function retract(said, words) {
    taken_back.of = said;
    set($("void-of"), words);
    set($("void-note"), "", "note");
    open_tab("void");
    $("void-why").focus();
}

// ---- all of them

const TABS = ["turnout", "step", "tally", "incident", "void"];

function open_tab(name) {
    for (const tab of TABS)
        show($(`tab-${tab}`), tab === name);
    for (const button of $("tabs").children)
        button.setAttribute("aria-pressed", String(button.dataset.tab === name));
    if (name !== "void")
        keep("tab", name);
}

export function paint_forms(s) {
    const first = state === null;
    state = s;
    const open = state.cutoffs.findIndex((c) => now() < c.at + c.grace);
    options($("cutoff"), state.cutoffs.map((c, i) => [i + 1, c.name]));
    options($("step"), STEPS.map((what) => [what, step_word(what)]));
    options($("tally-place"), ballots_of(state).map((b) => [b.key, `${b.place.name} (${place_name(b)})`]));
    if (first) {
        $("cutoff").value = open < 0 ? state.cutoffs.length : open + 1;
        $("by").value = keep(`by.${state.unit.code}`) ?? "";
    }
    paint_grids(state);
    paint_tally(state);
    paint_incident();
}

function typed() {
    return [...$("entry").querySelectorAll(".entry input, .paper input, textarea")].some((e) => e.value.trim());
}

// What was under way when the line broke goes again by itself: the act makes that safe.
export async function send_stuck() {
    send_stuck_rows();
    send_stuck_tally();
    if (incident.sheet.stuck)
        await deliver(incident.sheet, {}, "incident", new_incident);
    if (taken_back.sheet.stuck)
        await deliver(taken_back.sheet, {}, "void", forget_void);
}

export function open_forms(on_recorded) {
    refresh = on_recorded;
    open_grids(on_recorded);
    open_tally(on_recorded);
    open_tab(TABS.slice(0, 4).includes(keep("tab")) ? keep("tab") : "turnout");
    for (const button of $("tabs").children)
        button.addEventListener("click", () => open_tab(button.dataset.tab));
    $("by").addEventListener("change", () => keep(`by.${state.unit.code}`, $("by").value.trim()));
    for (const id of ["cutoff", "step"])
        $(id).addEventListener("change", () => paint_forms(state));
    $("tab-incident").addEventListener("submit", send_incident);
    $("incident-new").addEventListener("click", new_incident);
    $("tab-void").addEventListener("submit", send_void);
    window.addEventListener("beforeunload", (event) => {
        if (typed())
            event.preventDefault();
    });
}
