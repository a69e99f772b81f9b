// tally.js - the form of a count, in the order of the paper minutes: checked by the node, then sent.
//
// Whether figures fit is the node's to say (api/check); here is only whether something is a number.
import { $, form_line, make, num, post, read_number, rows, set, show, t, when } from "./ui.js";
import { Sheet, deliver, finding_lines, findings_of, who } from "./sheet.js";
import { ballots_of } from "./grid.js";

let state = null;
let refresh = () => {};

const NUMBERS = ["eligible", "attended", "printed", "issued", "spoiled", "unused", "returned", "valid", "invalid",
    "blank"];
const tally = { sheet: new Sheet(), shown: null, checked: null };

const tally_ballot = () => ballots_of(state).find((b) => b.key === $("tally-place").value);
const tally_inputs = () => [...$("tab-tally").querySelectorAll(".paper input")];

function paper_input(name) {
    const line = make("label"), words = make("span"), input = make("input");
    input.inputMode = "numeric";
    input.autocomplete = "off";
    input.maxLength = 12;
    input.dataset.field = name;
    line.append(words, input);
    return line;
}

function paint() {
    const b = tally_ballot();
    if (!b)
        return;
    rows($("tally-numbers"), NUMBERS, (n) => n, paper_input, (line, name) => {
        const frozen = name === "eligible" && b.voters != null ? ` (${t("frozen", { n: num(b.voters) })})` : "";
        set(line.firstElementChild, t(`n_${name}`) + frozen);
    });
    rows($("tally-votes"), b.candidates, (c) => `${b.key}|${c.number}`, (c) => paper_input(`#${c.number}`),
        (line, c) => set(line.firstElementChild, `${c.number}. ${c.name}`));
    const stands = b.tally && b.tally.state !== "missing";
    set($("tally-stands"), !stands ? ""
        : t("tally_stands", { at: when(b.tally.at), state: t(`state_${b.tally.state}`) }));
    show($("tally-why-label"), Boolean(stands || tally.findings));
    set($("tally-why-words"), t(stands ? "why_replace" : "why_paper"));
}

// The fields as they would be sent, or null: then the first faulty one has the focus.
function read_tally() {
    const b = tally_ballot(), note = $("tally-note");
    const person = b && who(note);
    if (!person)
        return null;
    const fields = { kind: "tally", place: b.place.code, contest: b.contest, ...person };
    const votes = [];
    for (const input of tally_inputs()) {
        if (!input.value.trim())
            continue;
        const n = read_number(input.value);
        if (n === null) {
            input.setAttribute("aria-invalid", "true");
            input.focus();
            set(note, t("bad_number"), "note bad");
            return null;
        }
        if (input.dataset.field[0] === "#")
            votes.push(`${input.dataset.field.slice(1)}:${n}`);
        else
            fields[input.dataset.field] = n;
    }
    if (!votes.length && !NUMBERS.some((n) => n in fields)) {
        set(note, t("tally_empty"), "note bad");
        return null;
    }
    fields.votes = votes.join(",");
    if (b.tally && b.tally.state !== "missing")
        fields.replaces = "last";
    fields.why = $("tally-why").value.trim();
    return fields;
}

async function check_tally() {
    const fields = read_tally(), note = $("tally-note");
    if (!fields || tally.sheet.busy || tally.sheet.stuck)
        return;
    const { why, ...figures } = fields;
    const asked = form_line({ ...fields, why: why || (fields.replaces ? "?" : "") });
    set(note, t("checking"), "note");
    try {
        const answer = await post("api/check", asked);
        if (!answer.ok)
            return set(note, answer.error ?? t("refused"), "note bad");
        const findings = findings_of(answer);
        tally.findings = findings.length > 0;
        tally.checked = form_line(figures);
        set(note, findings.length ? `${t("check_findings")}\n${finding_lines(findings)}` : `✓ ${t("check_fits")}`,
            findings.length ? "note warn" : "note good");
        set($("tally-send"), t(findings.length ? "tally_send_anyway" : "tally_send"));
        $("tally-send").disabled = false;
        paint();
        (fields.replaces && !why ? $("tally-why") : $("tally-send")).focus();
    } catch {
        set(note, t("check_unanswered"), "note bad");
    }
}

function uncheck_tally() {
    tally.checked = null;
    tally.findings = false;
    $("tally-send").disabled = true;
    set($("tally-send"), t("tally_send"));
    set($("tally-note"), "", "note");
}

function clear_tally() {
    for (const input of tally_inputs()) {
        input.value = "";
        input.removeAttribute("aria-invalid");
    }
    $("tally-why").value = "";
    uncheck_tally();
    tally.shown = $("tally-place").value;
}

async function send_tally() {
    const { sheet } = tally, note = $("tally-note");
    let fields = {};
    if (sheet.busy)
        return;
    if (!sheet.stuck) {
        fields = read_tally();
        if (!fields)
            return;
        const { why, ...figures } = fields;
        if (form_line(figures) !== tally.checked)
            return check_tally(); // the slot has changed since: check again, then send
        if (fields.replaces && !why) {
            set(note, t("why_replace"), "note warn");
            return $("tally-why").focus();
        }
    }
    await deliver(sheet, fields, "tally", clear_tally);
    refresh();
}

export function leave_tally() {
    const typed = tally_inputs().some((i) => i.value.trim());
    if (typed && !window.confirm(t("tally_leave")))
        $("tally-place").value = tally.shown;
    else
        clear_tally();
    paint();
}

export function paint_tally(s) {
    state = s;
    tally.shown ??= $("tally-place").value;
    paint();
}

export function send_stuck_tally() {
    if (tally.sheet.stuck)
        send_tally();
}

export function open_tally(on_recorded) {
    refresh = on_recorded;
    $("tally-place").addEventListener("change", leave_tally);
    const form = $("tab-tally");
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        check_tally();
    });
    form.addEventListener("input", (event) => {
        event.target.removeAttribute("aria-invalid");
        if (event.target !== $("tally-why"))
            uncheck_tally();
    });
    form.addEventListener("change", (event) => {
        const n = event.target.dataset.field ? read_number(event.target.value) : null;
        if (n !== null)
            event.target.value = num(n);
    });
    form.addEventListener("keydown", (event) => {
        const inputs = tally_inputs(), at = inputs.indexOf(event.target);
        if (event.key !== "Enter" || at < 0 || at === inputs.length - 1)
            return; // the last one submits
        event.preventDefault();
        inputs[at + 1].focus();
    });
    $("tally-send").addEventListener("click", send_tally);
}
