// grid.js - one row a village for the steps of the day: Enter sends and goes on.
//
// An update of the state never touches what somebody is typing.
import { $, cells, figure_back, make, now, num, read_figure, reason_words, rows, set, t, when } from "./ui.js";
import { Sheet, acts_in, clash, tell, unclash, who } from "./sheet.js";
import { by_words, relay_words } from "./said.js";

let state = null;
let refresh = () => {};

export const ballots_of = (s) =>
    s.places.flatMap((place) => place.ballots.map((b) => ({ ...b, place, key: `${place.code}|${b.contest}` })));
export const place_name = (b) => (b.place.ballots.length > 1 ? b.contest_name : b.place.code);

const NO_SLOT = ["interrupted", "resumed"]; // each stands beside the others

function build_row(spec, key) {
    const row = make("tr");
    cells(row, [{ head: true }, { cls: "n" }, { cls: "n" }, {}, {}]);
    const [, , , field, told] = row.children;
    const input = make("input"), why = make("input", "why"), button = make("button", "", "send");
    const stands = make("p", "stands"), note = make("p", "note");
    const line = make("div", "line");
    line.append(input, button);
    field.replaceChildren(line, why);
    told.replaceChildren(stands, note);
    input.inputMode = spec.keys;
    input.enterKeyHint = "next";
    input.autocomplete = why.autocomplete = "off";
    input.maxLength = 18;
    why.maxLength = 120;
    why.hidden = true;
    note.setAttribute("role", "status");
    button.type = "button";
    const made = { row, key, input, why, button, stands, note, sheet: new Sheet(), ballot: null, seen: null };
    row.entry = made;
    button.addEventListener("click", () => send_row(spec, made));
    for (const e of [input, why])
        e.addEventListener("keydown", (event) => on_key(spec, made, event));
    input.addEventListener("input", () => {
        input.removeAttribute("aria-invalid");
        unclash(note);
        set(note, "", "note");
        set(button, t("send"));
        // What stands when the first digit is typed is what the clerk has seen; nothing, when all is gone.
        made.seen = input.value.trim() ? made.seen ?? standing(spec, made) : null;
    });
    input.addEventListener("change", () => figure_back(input, "moment"));
    return made;
}

const standing = (spec, made) => acts_in(made.ballot.standing, spec.key());

function beside(made, step) {
    const row = step > 0 ? made.row.nextElementSibling : made.row.previousElementSibling;
    row?.entry.input.focus();
}

function on_key(spec, made, event) {
    if (event.isComposing)
        return;
    if (event.key === "Enter") {
        event.preventDefault();
        send_row(spec, made);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        beside(made, event.key === "ArrowDown" ? 1 : -1);
    }
}

// What has to be asked before it can be sent; null: nothing. A value that stands is never written
// over by accident: the reason is asked for, and the statement says what it replaces.
function row_fault(spec, made, value) {
    const fact = spec.fact(made.ballot);
    if (value.words)
        return { field: made.input, words: value.words, invalid: true };
    if (fact.state === "missing")
        return null;
    if (fact.state === "value" && spec.same(fact, value.at))
        return { equal: true, words: t("same_stands") };
    if (made.why.value.trim() || (made.seen !== null && made.seen !== standing(spec, made)))
        return null; // what came since it was typed is the node's to show
    const words = t("why_needed", { old: spec.words(fact, made.ballot), new: spec.write(value.at) });
    return { field: made.why, words };
}

async function send_row(spec, made) {
    const { input, why, note, sheet } = made;
    if (sheet.busy || made.reading)
        return;
    made.reading = true;
    const value = input.value.trim() ? await spec.read(input.value.trim()) : { at: spec.empty() };
    made.reading = false;
    const fault = sheet.stuck ? null : row_fault(spec, made, value);
    if (fault) {
        set(note, fault.words, fault.equal ? "note good" : "note warn");
        if (fault.equal)
            input.value = "";
        why.hidden = fault.field !== why && why.hidden;
        why.setAttribute("aria-label", t("why"));
        why.placeholder = t("why");
        if (fault.invalid)
            input.setAttribute("aria-invalid", "true");
        return fault.field ? fault.field.focus() : beside(made, 1);
    }
    const person = who(note);
    if (!person)
        return undefined;
    beside(made, 1);
    const seen = spec.key() === null ? null : made.seen ?? standing(spec, made);
    const fields = { ...spec.fields(made.ballot, value.at), ...person };
    if (seen !== null)
        Object.assign(fields, { seen, replaces: seen, why: why.value.trim() });
    await deliver_row(spec, made, fields);
    return undefined;
}

// Another figure came since: the clerk sees both, and says which one stands.
function ask_row(spec, made, fields, newer) {
    const forget = () => {
        made.input.value = made.why.value = "";
        made.seen = null;
        made.why.hidden = true;
        refresh();
    };
    const acts = [fields.seen, newer.act].filter(Boolean).join(",");
    clash(made.note, { text: spec.said(newer), sub: by_words(state, newer) },
        { text: spec.write(fields[spec.value]) },
        () => deliver_row(spec, made, { ...fields, seen: acts, replaces: acts, why: fields.why || t("why_both_seen") }),
        forget);
}

async function deliver_row(spec, made, fields) {
    const { input, why, note, sheet, button } = made;
    if (sheet.stuck)
        fields = made.fields; // the same bytes go again
    made.fields = fields;
    unclash(note);
    set(note, t("sending"), "note");
    input.readOnly = why.readOnly = true;
    const answer = await sheet.send(fields);
    input.readOnly = why.readOnly = answer === null;
    set(button, t(answer ? "send" : "send_again"));
    if (answer?.status === 409 && answer.newer)
        return ask_row(spec, made, fields, answer.newer);
    tell(note, answer);
    if (answer?.ok) {
        made.seen = null;
        input.value = why.value = "";
        why.hidden = true;
        refresh();
    }
    return undefined;
}

function paint_grid(body, spec) {
    const items = ballots_of(state).map((b) => ({ ...b, row_key: `${b.key}|${spec.slot()}` }));
    const build = (b) => {
        if (!spec.made.has(b.row_key))
            spec.made.set(b.row_key, build_row(spec, b.row_key));
        return spec.made.get(b.row_key).row;
    };
    rows(body, items, (b) => b.row_key, build, (row, b) => {
        const made = row.entry;
        made.ballot = b;
        const [name, voters, before] = row.children;
        set(name.firstElementChild, b.place.name);
        set(name.lastElementChild, place_name(b));
        set(voters.firstElementChild, num(b.voters));
        voters.dataset.name = t("col_voters");
        const earlier = spec.earlier(b);
        set(before.firstElementChild, earlier.text);
        set(before.lastElementChild, earlier.sub ?? "");
        before.dataset.name = t(spec.earlier_name);
        made.input.setAttribute("aria-label", `${b.place.name}: ${t(spec.name)}`);
        const fact = spec.fact(b);
        const relayed = spec.key() === null ? "" : relay_words(state, b.standing, spec.key());
        set(made.stands, [fact.state === "missing" ? "" : spec.words(fact, b), relayed].filter(Boolean).join("\n"));
    });
}

const MISSING = { state: "missing" };

export const step = {
    made: new Map(), keys: "text", name: "col_time", earlier_name: "col_stands",
    slot: () => $("step").value,
    key: () => (NO_SLOT.includes($("step").value) ? null : `step/${$("step").value}`),
    value: "at",
    said: (s) => when(s.at),
    // The node says what time it is; one that does not answer reads it when it gets it.
    async read(text) {
        const answer = await read_figure(text, "moment");
        return answer?.words ? answer : { at: answer?.number ?? text };
    },
    write: (at) => (typeof at === "string" ? at : when(at)),
    empty: () => Math.round(now()),
    fact: (b) => (NO_SLOT.includes($("step").value) ? MISSING : b.steps?.[$("step").value] ?? MISSING),
    same: (fact, at) => typeof at !== "string" && when(fact.at) === when(at),
    words: (fact) => t(`stands_${fact.state}`, { figure: when(fact.at), at: when(fact.at) })
        + (fact.reasons?.length ? ` (${reason_words(fact.reasons)})` : ""),
    earlier(b) {
        if (NO_SLOT.includes($("step").value))
            return { text: t(b.interrupted ? "step_3" : "none") };
        const said = b.steps?.[$("step").value];
        return { text: said?.at ? when(said.at) : t("none") };
    },
    fields: (b, at) => ({ kind: "step", place: b.place.code, contest: b.contest, what: $("step").value,
        at, typed: Math.round(now()) }),
};

export function paint_grids(s) {
    state = s;
    paint_grid($("step-rows"), step);
}

// What was under way when the line broke goes again by itself: the act makes that safe.
export function send_stuck_rows() {
    for (const made of step.made.values())
        if (made.sheet.stuck)
            deliver_row(step, made, {});
}

export function open_grids(on_recorded) {
    refresh = on_recorded;
}
