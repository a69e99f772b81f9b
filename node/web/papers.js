// papers.js - forms of one statement each: minutes, decision, list change, situation, incident,
// complaint, ready, handover. A table says what each asks; nothing is filled in before somebody does.
import { $, category_name, cutoff_name, date_of, figure_back, make, now, num, rows, set, show,
    t, when } from "./ui.js";
import { Sheet, acts_in, clash, deliver, unclash, who } from "./sheet.js";
import { ballots_of, place_name } from "./grid.js";
import { ASPECTS, by_words, relay_words, said_words } from "./said.js";

let state = null;
let refresh = () => {};

// ---- the table. about: of a ballot, of the unit or one of its places, of the unit only. slot: where one
// statement stands, and another replaces it; without one each stands by itself.

const field = (name, type, more = {}) => ({ name, type, ...more });
const choice = (name, values, more = {}) => field(name, "select", { values, must: true, ...more });
const AT = field("at", "moment");
const TEXT = field("text", "long");
const SELDOM = { seldom: true }; // folded away until something is updated

const SPECS = {
    minutes: { about: "ballot", slot: () => "minutes/1", fields: [field("number", "text"), field("form", "text"),
        field("copies", "number"), field("witnesses", "number"), field("signed", "number", { must: true }),
        field("complaints", "number"), field("settled", "number"), field("passed", "number"), AT] },
    decision: { about: "ballot", slot: (v) => `decision/${["rerun", "interim"].includes(v.what) ? v.what : "result"}`,
        fields: [choice("what", ["recognised", "not_recognised", "on_hold", "rerun", "interim"]),
            field("number", "text"), field("date", "date"), field("signatory", "text"), field("on", "date")] },
    list_change: { about: "ballot", why: true, fields: [field("added", "number"), field("removed", "number"),
        field("eligible", "number"), AT] },
    situation: { about: "unit", slot: (v) => `situation/${v.cutoff}`, fields: [
        field("cutoff", "cutoff", { must: true }),
        ...ASPECTS.map((name) => field(name, "radio", { values: [1, 2, 3, 4], must: true })), TEXT] },
    incident: { about: "place", updates: true, fields: [field("category", "category", { must: true }),
        choice("severity", [1, 2, 3, 4]), { ...TEXT, must: true }, choice("state", [1, 2, 3], SELDOM),
        field("actor", "text", SELDOM), { ...AT, ...SELDOM }] },
    complaint: { about: "place", updates: true, fields: [choice("sort", [1, 2, 3]), choice("state", [1, 2, 3, 4]),
        field("passed_to", "text"), field("actor", "text"), { ...TEXT, must: true }, AT] },
    ready: { about: "unit", slot: () => "ready/1", fields: [field("decision", "text", { must: true })] },
    shift: { about: "unit", fields: [field("to", "text", { must: true })] },
};
const WORDS = { state: (kind, v) => `${kind}_state_${v}`, what: (kind, v) => `${kind}_${v}`, sort: (kind, v) =>
    `${kind}_sort_${v}`, severity: (kind, v) => `severity_${v}` };
const PRESETS = { state: 1 };

const TAGS = { long: "textarea", select: "select", category: "select", cutoff: "select" };
const BACK = { number: "", date: "day", moment: "moment" }; // what the node shows back
const WRITE = { number: num, date: (at) => (at ? date_of(at) : ""), moment: when };
export const PAPERS = Object.keys(SPECS);
const papers = {};

// ---- one field

function select_options(select, items) {
    rows(select, items, (i) => i[0], (i) => Object.assign(make("option"), { value: i[0] }),
        (option, i) => set(option, i[1]));
}

function options_of(kind, f) {
    if (f.type === "category")
        return [["", ""], ...[...(state.election?.categories ?? []).keys(), -1].map((i) =>
            [i + 1, category_name(state.election, i + 1)])];
    if (f.type === "cutoff")
        return [["", ""], ...state.cutoffs.map((c, i) => [i + 1, cutoff_name(c)])];
    return [["", ""], ...f.values.map((v) => [v, t((WORDS[f.name] ?? WORDS.what)(kind, v))])];
}

// Four words beside each other, none of them chosen yet.
function radio_of(kind, f) {
    const set_of = make("fieldset", "choice");
    set_of.append(make("legend", "", `f_${kind}_${f.name}`));
    for (const v of f.values) {
        const label = make("label"), input = make("input");
        Object.assign(input, { type: "radio", name: `${kind}-${f.name}`, value: v });
        label.append(input, make("span", "", `situation_${v}`));
        set_of.append(label);
    }
    return set_of;
}

function field_of(kind, f) {
    if (f.type === "radio")
        return radio_of(kind, f);
    const label = make("label"), tag = TAGS[f.type] ?? "input", input = make(tag);
    input.id = `${kind}-${f.name}`;
    input.autocomplete = "off";
    if (tag === "input") {
        input.maxLength = 60;
        input.inputMode = f.type === "number" ? "numeric" : "text";
    } else if (tag === "textarea") {
        input.maxLength = 1000;
    }
    label.append(make("span", "", `f_${kind}_${f.name}`), input);
    return label;
}

const input_of = (paper, f) => $(`${paper.kind}-${f.name}`);
const radios_of = (paper, f) => [...paper.form.querySelectorAll(`input[name="${paper.kind}-${f.name}"]`)];
const raw = (paper, f) => (f.type === "radio" ? radios_of(paper, f).find((i) => i.checked)?.value ?? ""
    : input_of(paper, f).value.trim());

function put(paper, f, value) {
    if (f.type === "radio")
        for (const input of radios_of(paper, f))
            input.checked = String(value) === input.value;
    else
        input_of(paper, f).value = value == null || value === "" ? "" : WRITE[f.type]?.(Number(value)) ?? value;
}

// ---- one form

function build(kind) {
    const spec = SPECS[kind], form = $(`tab-${kind}`) ?? make("form"), fields = make("fieldset");
    const paper = { kind, spec, form, sheet: new Sheet(), seen: null, of: null, fields: null };
    fields.id = `${kind}-fields`;
    form.autocomplete = "off";
    const grid = make("div", "fields"), long = make("div");
    if (spec.about !== "unit")
        grid.append(field_of(kind, field("place", "select")));
    const seldom = make("details"), folded = make("div", "fields");
    seldom.id = `${kind}-seldom`;
    seldom.append(make("summary", "soft", "paper_more"), folded);
    for (const f of spec.fields)
        (f.seldom ? folded : f.type === "long" || f.type === "radio" ? long : grid).append(field_of(kind, f));
    if (folded.children.length)
        long.append(seldom);
    const of = make("p", "note warn"), stands = make("p", "stands"), note = make("p", "note");
    const acts = make("div", "actions");
    of.id = `${kind}-of`;
    stands.id = `${kind}-stands`;
    note.id = `${kind}-note`;
    note.setAttribute("role", "status");
    fields.append(of, grid, stands, long, field_of(kind, field("why", "text")));
    const send = make("button", "main", `send_${kind}`), fresh = make("button", "", "paper_new");
    send.type = "submit";
    fresh.type = "button";
    fresh.id = `${kind}-new`;
    acts.append(send, fresh);
    if (kind === "situation") {
        const normal = make("button", "", "all_normal");
        normal.type = "button";
        normal.addEventListener("click", () => all_normal(paper));
        acts.prepend(normal);
    }
    form.append(fields, note, acts);
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        send_paper(paper);
    });
    form.addEventListener("input", (event) => on_input(paper, event));
    form.addEventListener("change", (event) => {
        const f = spec.fields.find((x) => event.target.id === `${kind}-${x.name}`);
        if (f?.type in BACK)
            figure_back(event.target, BACK[f.type]);
    });
    fresh.addEventListener("click", () => clear(paper));
    return paper;
}

// A click that says it, for each of the four; nothing says it by itself.
function all_normal(paper) {
    for (const f of paper.spec.fields.filter((x) => x.type === "radio"))
        put(paper, f, 1);
    paper.seen ??= seen_of(paper);
    unclash($("situation-note"));
}

function on_input(paper, event) {
    event.target.removeAttribute("aria-invalid");
    unclash($(`${paper.kind}-note`));
    const turned = event.target === $(`${paper.kind}-place`) || event.target.id === `${paper.kind}-cutoff`
        || event.target.id === `${paper.kind}-what`;
    paper.seen = turned ? seen_of(paper) : paper.seen ?? seen_of(paper);
    paint_stands(paper);
}

const ballot_at = (paper) => ballots_of(state).find((b) => b.key === $(`${paper.kind}-place`).value);
const standing_of = (paper) => (paper.spec.about === "ballot" ? ballot_at(paper)?.standing : state.standing);
const slot_of = (paper) => paper.spec.slot?.(Object.fromEntries(paper.spec.fields.map((f) => [f.name, raw(paper, f)])));
const seen_of = (paper) => (paper.spec.slot ? acts_in(standing_of(paper), slot_of(paper)) : null);

function paint_stands(paper) {
    const { kind, spec } = paper, slot = slot_of(paper), list = slot ? standing_of(paper)?.[slot] ?? [] : [];
    const words = list.filter((s) => !s.parent).map((s) => t("paper_stands", { by: by_words(state, s) }));
    set($(`${kind}-stands`), [...words, relay_words(state, standing_of(paper), slot)].filter(Boolean).join("\n"));
    show($(`${kind}-of`), paper.of !== null);
    if (paper.of && $(`${kind}-seldom`))
        $(`${kind}-seldom`).open = true;
    set($(`${kind}-of`), paper.of ? t("paper_updates", { at: when(paper.of.at) }) : "");
    show($(`${kind}-new`), paper.of !== null);
    show($(`${kind}-why`).parentElement, Boolean(spec.why || list.length || (paper.of && !spec.updates)));
    if (kind === "decision")
        show($("decision-on").parentElement, ["rerun", "on_hold"].includes($("decision-what").value));
}

function paint_paper(paper) {
    const { kind, spec } = paper;
    if (spec.about === "ballot")
        select_options($(`${kind}-place`), ballots_of(state)
            .filter((b) => kind !== "decision" || b.rules.decides === "node")
            .map((b) => [b.key, `${b.place.name} (${place_name(b)})`]));
    if (spec.about === "place")
        select_options($(`${kind}-place`), [[state.unit.code, state.unit.name],
            ...state.places.map((p) => [p.code, `${p.name} (${p.code})`])]);
    for (const f of spec.fields)
        if (TAGS[f.type] === "select") {
            const fresh = !input_of(paper, f).options.length;
            select_options(input_of(paper, f), options_of(kind, f));
            if (fresh)
                put(paper, f, PRESETS[f.name] ?? "");
        }
    paint_stands(paper);
}

function clear(paper) {
    for (const f of paper.spec.fields)
        if (f.name !== "cutoff")
            put(paper, f, PRESETS[f.name] ?? "");
    $(`${paper.kind}-why`).value = "";
    paper.seen = paper.of = null;
    unclash($(`${paper.kind}-note`));
    paint_stands(paper);
}

// ---- reading and sending

function bad(paper, f, key) {
    const input = f.type === "radio" ? radios_of(paper, f)[0] : input_of(paper, f);
    input.closest("details")?.setAttribute("open", "");
    if (f.type !== "radio")
        input.setAttribute("aria-invalid", "true");
    set($(`${paper.kind}-note`), t(key, { name: t(`f_${paper.kind}_${f.name}`) }), "note bad");
    input.focus();
    return null;
}

function read_paper(paper) {
    const { kind, spec } = paper, fields = { kind };
    for (const f of spec.fields) {
        fields[f.name] = raw(paper, f); // figures and times are the node's to read
        if (!fields[f.name] && f.must)
            return bad(paper, f, "fill_in");
        if (["date", "moment"].includes(f.type) && fields[f.name])
            fields.typed = Math.round(now());
    }
    if (spec.about === "ballot") {
        const b = ballot_at(paper);
        Object.assign(fields, { place: b?.place.code, contest: b?.contest });
    } else {
        fields.place = spec.about === "unit" ? state.unit.code : $(`${kind}-place`).value;
    }
    if (spec.slot) {
        fields.seen = paper.seen ?? seen_of(paper);
        fields.replaces = fields.seen;
    } else if (paper.of) {
        fields.replaces = paper.of.act;
    }
    fields.why = $(`${kind}-why`).value.trim();
    if (paper.of && spec.updates)
        fields.why = t(`${kind}_state_${fields.state}`);
    if ((spec.why || fields.replaces) && !fields.why)
        return bad(paper, { name: "why", type: "text" }, "fill_in");
    return fields;
}

async function send_fields(paper, fields) {
    const { kind, sheet } = paper, note = $(`${kind}-note`);
    const kept = sheet.stuck ? paper.fields : fields;
    paper.fields = kept;
    const answer = await deliver(sheet, kept, kind, () => clear(paper));
    if (answer?.status === 409 && answer.newer) {
        const acts = [kept.seen, answer.newer.act].filter(Boolean).join(",");
        const mine = { kind, fields: kept };
        clash(note, { text: said_words(state, answer.newer), sub: by_words(state, answer.newer) },
            { text: said_words(state, mine) }, () => send_fields(paper, { ...kept, seen: acts, replaces: acts,
                why: kept.why || t("why_both_seen") }), () => clear(paper));
    }
    const wrong = answer?.status === 422 && answer.field ? $(`${kind}-${answer.field}`) : null;
    wrong?.setAttribute("aria-invalid", "true");
    wrong?.focus();
    if (answer?.ok && kind === "shift" && $("by").readOnly) {
        location.assign("shift.html"); // what is open, to print; and the other person logs in
    } else if (answer?.ok && kind === "shift") { // from here on somebody else's name stands on what is entered
        $("by").value = kept.to;
        $("by").dispatchEvent(new Event("change"));
    }
    refresh();
}

function send_paper(paper) {
    if (paper.sheet.busy)
        return undefined;
    if (paper.sheet.stuck)
        return send_fields(paper, null);
    const person = who($(`${paper.kind}-note`)), fields = person && read_paper(paper);
    return fields && send_fields(paper, { ...fields, ...person });
}

// ---- all of them

// From the list of statements into the form that replaces one.
export function amend_paper(said) {
    const paper = papers[said.kind];
    clear(paper);
    paper.of = paper.spec.slot ? null : said;
    if (paper.spec.about === "ballot")
        $(`${said.kind}-place`).value = `${said.subject}|${said.contest}`;
    if (paper.spec.about === "place")
        $(`${said.kind}-place`).value = said.subject;
    for (const f of paper.spec.fields)
        if (f.name !== "at")
            put(paper, f, f.name === "text" ? said.text : said.fields[f.name]);
    paper.seen = seen_of(paper);
    paint_stands(paper);
    paper.form.querySelector("select, input").focus();
}

// Villages, voters and names as this machine has them: what "ready" says is as in the decision.
function paint_ready() {
    rows($("ready-rows"), ballots_of(state), (b) => b.key, () => {
        const row = make("tr");
        row.append(make("th"), make("td", "n"), make("td"));
        return row;
    }, (row, b) => {
        set(row.children[0], b.place.ballots.length > 1 ? `${b.place.name}: ${b.contest_name}` : b.place.name);
        set(row.children[1], num(b.frozen));
        set(row.children[2], b.candidates.map((c) => `${c.number}. ${c.name}`).join("; ") || t("none"));
    });
}

export function paint_papers(s) {
    const first = state === null;
    state = s;
    for (const paper of Object.values(papers))
        paint_paper(paper);
    if (first) {
        const due = state.cutoffs.filter((c) => c.at <= now()).length;
        $("situation-cutoff").value = due || "";
    }
    paint_ready();
}

export async function send_stuck_papers() {
    for (const paper of Object.values(papers))
        if (paper.sheet.stuck)
            await send_fields(paper, null);
}

export function open_papers(on_recorded) {
    refresh = on_recorded;
    for (const kind of PAPERS)
        papers[kind] = build(kind);
}
