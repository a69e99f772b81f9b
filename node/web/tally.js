// tally.js - the form of a count, in the order of the paper minutes: tried out by the node, then recorded.
//
// Whether figures fit is the node's to say (api/check), as is what is needed, and whether something is a number.
import { $, dotted, error_words, figure_back, form_line, make, num, post, rows, set, share, show, t,
    when } from "./ui.js";
import { Sheet, acts_in, clash, deliver, finding_words, findings_of, hard_first, unclash, who } from "./sheet.js";
import { ballots_of } from "./grid.js";
import { LETTERS, number_word, numbers_of } from "./minutes.js";
import { by_words, relay_words, said_words } from "./said.js";

let state = null;
let refresh = () => {};

const SLOT = "tally/1";
const tally = { sheet: new Sheet(), shown: null, checked: null, seen: null, holds: false, carry: null };

const tally_ballot = () => ballots_of(state).find((b) => b.key === $("tally-place").value);
const tally_inputs = () => [...$("tab-tally").querySelectorAll(".paper input")];

function paper_input(name) {
    const line = make("label"), words = make("span"), input = make("input");
    input.inputMode = name[0] === "w" ? "decimal" : "numeric";
    input.autocomplete = "off";
    input.maxLength = 12;
    input.dataset.field = name;
    line.append(words, input);
    return line;
}

// One line for each candidate in one column of the list: votes, votes against, percent as written.
function paint_column(body, b, column, word) {
    rows(body, b.candidates, (c) => `${b.key}|${c.number}`, (c) => paper_input(`${column}${c.number}`), (line, c) =>
        set(line.firstElementChild, `${c.number}. ${c.name}${word ? ` (${word})` : ""}`));
}

// What stays in sight while the minutes are typed: which village, how many voters, what it reported last.
function paint_head(b) {
    const last = b.turnout.map((x, i) => ({ ...x, i })).filter((x) => x.state === "value").at(-1);
    set($("tally-head"), dotted(`${b.place.number}. ${b.place.name}`, `${number_word(b, "eligible")}: ${num(b.voters)}`,
        last ? `${state.cutoffs[last.i].name}: ${share(last.voted, last.eligible ?? b.voters)}` : ""));
}

function paint() {
    const b = tally_ballot();
    if (!b)
        return;
    paint_head(b);
    rows($("tally-numbers"), numbers_of(b), (n) => `${b.key}|${n}`, paper_input, (line, name) => {
        const frozen = name === "eligible" && b.voters != null ? ` – ${t("frozen", { n: num(b.voters) })}` : "";
        set(line.firstElementChild, `${number_word(b, name)}${LETTERS[name] ? ` (${LETTERS[name]})` : ""}${frozen}`);
    });
    set($("tally-votes-title"), t(b.method === "show_of_hands" ? "tally_hands" : "tally_votes"));
    paint_column($("tally-votes"), b, "#", "");
    rows($("tally-total"), ["total"], (n) => `${b.key}|${n}`, paper_input, (line) =>
        set(line.firstElementChild, t("n_total")));
    paint_column($("tally-written"), b, "w", "%");
    paint_column($("tally-against"), b, "-", t("against"));
    const stands = b.tally && b.tally.state !== "missing";
    const relayed = relay_words(state, b.standing, SLOT);
    set($("tally-stands"), dotted(stands ? t("tally_stands", { at: when(b.tally.at),
        state: t(`state_${b.tally.state}`) }) : "", relayed));
    show($("tally-why-label"), Boolean(stands || tally.holds));
    set($("tally-why-words"), t(tally.holds ? "why_paper" : "why_replace"));
}

// What the node could not read is marked and has the focus: `field` is a number, or a list of candidates.
function mark_bad({ field, words }) {
    const column = { votes: "#", against: "-", written: "w" }[field];
    const inputs = tally_inputs().filter((i) => (column ? i.dataset.field[0] === column : i.dataset.field === field));
    const input = inputs.find((i) => i.value.trim() && words?.includes(`"${i.value.trim()}"`)) ?? inputs[0];
    input?.setAttribute("aria-invalid", "true");
    input?.closest("details")?.setAttribute("open", "");
    input?.focus();
}

// The fields as they would be sent, figures as they were typed; or null, where nobody enters or there is nothing.
function read_tally() {
    const b = tally_ballot(), note = $("tally-note");
    const person = b && who(note);
    if (!person)
        return null;
    const fields = { kind: "tally", place: b.place.code, contest: b.contest, ...person };
    const lists = { "#": [], "-": [], w: [] };
    let any = false;
    for (const input of tally_inputs()) {
        const name = input.dataset.field, list = lists[name[0]];
        if (!input.value.trim())
            continue;
        any = true;
        if (list)
            list.push(`${name.slice(1)}:${input.value.trim()}${list === lists.w ? "%" : ""};`);
        else
            fields[name] = input.value.trim();
    }
    if (!any) {
        set(note, t("tally_empty"), "note bad");
        return null;
    }
    Object.assign(fields, { votes: lists["#"].join(""), against: lists["-"].join(""), written: lists.w.join("") });
    fields.seen = tally.seen ?? acts_in(b.standing, SLOT);
    fields.replaces = fields.seen;
    fields.why = $("tally-why").value.trim();
    return fields;
}

const letter = (i) => "abcdefghijklmnopqrstuvwxyz"[i] ?? i + 1; // as on the paper form

// ---- the dry run: everything that does not fit at once, and what the figures would come to

function paint_findings(findings) {
    rows($("tally-findings"), hard_first(findings).map((f, i) => ({ f, i })), (x) => x.i, () => make("li"), (item, x) =>
        set(item, `(${letter(x.i)}) ${finding_words(x.f)}`, x.f.holds ? "hold" : "soft"));
    return findings.filter((f) => f.holds).length;
}

// Figures as the node read them, with their dots; a field that is being typed in stays as it is.
function show_back(read) {
    const columns = { "#": read.votes, "-": read.against, w: read.written };
    for (const input of tally_inputs()) {
        const name = input.dataset.field, of = columns[name[0]];
        const text = name[0] in columns ? of?.[name.slice(1)] : read[name];
        if (text !== undefined && input.value.trim() && input !== document.activeElement)
            input.value = text;
    }
}

function paint_come(b, need) {
    const lines = !need ? [] : b.candidates.filter((c) => need.votes[c.number] !== undefined).map((c) =>
        `${c.number}. ${c.name}: ${share(need.votes[c.number], need.base)}`
            + (need.need == null ? "" : `, ${t("need", { n: num(need.need) })}`));
    if (need?.quorum === false)
        lines.unshift(`▲ ${t("no_quorum")}`);
    if (need?.hopeless)
        lines.push(`▲ ${t("hopeless", { n: num(need.need) })}`);
    set($("tally-come"), lines.length ? [t("come_to"), ...lines].join("\n") : "");
}

// What was checked; a figure with its dots is the same.
function figures_line({ why, ...figures }) {
    return form_line(figures).replace(/\.|%20|%C2%A0/g, "");
}

async function check_tally() {
    const fields = read_tally(), note = $("tally-note"), b = tally_ballot();
    if (!fields || tally.sheet.busy || tally.sheet.stuck)
        return;
    const { why } = fields;
    set(note, t("checking"), "note");
    try {
        const answer = await post("api/check", form_line({ ...fields, why: why || (fields.replaces ? "?" : "") }));
        if (!answer.ok) {
            set(note, error_words(answer), "note bad");
            return mark_bad(answer);
        }
        show_back(answer.said[0].read);
        const findings = findings_of(answer), hard = paint_findings(findings);
        tally.holds = hard > 0;
        tally.checked = figures_line(read_tally());
        paint_come(b, answer.said[0].need);
        set(note, findings.length ? t("check_findings", { n: num(hard), soft: num(findings.length - hard) })
            : `✓ ${t("check_fits")}`, findings.length ? "note warn" : "note good");
        set($("tally-send"), t(hard ? "tally_send_anyway" : "tally_send"));
        $("tally-send").disabled = false;
        paint();
        ((hard || fields.replaces) && !why ? $("tally-why") : $("tally-send")).focus();
        if (findings.length)
            $("tally-findings").scrollIntoView({ block: "nearest" });
    } catch {
        set(note, t("check_unanswered"), "note bad");
    }
}

function uncheck_tally() {
    tally.checked = null;
    tally.holds = false;
    $("tally-send").disabled = true;
    set($("tally-send"), t("tally_send"));
    set($("tally-note"), "", "note");
    set($("tally-come"), "");
    rows($("tally-findings"), [], (x) => x, null, null);
    unclash($("tally-note"));
}

function clear_tally() {
    for (const input of $("tab-tally").querySelectorAll(".paper input")) {
        input.value = "";
        input.removeAttribute("aria-invalid");
    }
    $("tally-why").value = "";
    tally.seen = null;
    uncheck_tally();
    tally.shown = $("tally-place").value;
}

// Another count came since the form was opened.
function ask_tally(fields, newer) {
    const acts = [fields.seen, newer.act].filter(Boolean).join(",");
    clash($("tally-note"), { text: said_words(state, newer), sub: by_words(state, newer) },
        { text: t("said_tally", { valid: fields.valid ?? t("none"), invalid: fields.invalid ?? t("none"),
            votes: fields.votes.replaceAll(":", ": ").replaceAll(";", "; ") || t("none") }) },
        () => send_fields({ ...fields, seen: acts, replaces: acts, why: fields.why || t("why_both_seen") }),
        clear_tally);
}

async function send_fields(fields) {
    const kept = tally.sheet.stuck ? tally.fields : fields;
    tally.fields = kept;
    const answer = await deliver(tally.sheet, kept, "tally", clear_tally);
    if (answer?.status === 409 && answer.newer)
        ask_tally(kept, answer.newer);
    refresh();
}

async function send_tally() {
    const note = $("tally-note");
    if (tally.sheet.busy)
        return undefined;
    if (tally.sheet.stuck)
        return send_fields(null);
    const fields = read_tally();
    if (!fields)
        return undefined;
    const { why } = fields;
    if (figures_line(fields) !== tally.checked)
        return check_tally(); // something was changed since: try it again, then record
    if ((fields.replaces || tally.holds) && !why) {
        set(note, t(tally.holds ? "why_paper" : "why_replace"), "note warn");
        return $("tally-why").focus();
    }
    return send_fields(fields);
}

// ---- another village: figures that are being typed go along, if it was the wrong one

const typed_values = () => Object.fromEntries(tally_inputs().filter((i) => i.value.trim())
    .map((i) => [i.dataset.field, i.value]));

function put_values(values) {
    for (const input of tally_inputs())
        input.value = values[input.dataset.field] ?? "";
    tally.seen = acts_in(tally_ballot()?.standing, SLOT);
}

export function leave_tally() {
    const typed = tally.carry ?? { from: tally.shown, values: typed_values() };
    clear_tally();
    tally.carry = Object.keys(typed.values).length && typed.from !== $("tally-place").value ? typed : null;
    if (typed.from === $("tally-place").value)
        put_back(typed);
    paint();
    paint_carry();
}

function paint_carry() {
    show($("tally-carry"), tally.carry !== null);
    if (!tally.carry)
        return;
    const name = (key) => ballots_of(state).find((b) => b.key === key)?.place.name ?? "";
    set($("tally-carry-words"), t("tally_carry", { n: Object.keys(tally.carry.values).length, from: name(tally.carry.from),
        to: name($("tally-place").value) }));
}

function put_back({ values }) {
    paint();
    put_values(values);
}

function carry(how) {
    const { from, values } = tally.carry;
    tally.carry = null;
    if (how === "back")
        $("tally-place").value = from;
    tally.shown = $("tally-place").value;
    paint();
    if (how !== "no")
        put_values(values);
    paint_carry();
    tally_inputs()[0]?.focus();
}

// The next one that has no count, in the order of the list, then from its beginning.
function next_place() {
    const all = ballots_of(state), at = all.findIndex((b) => b.key === $("tally-place").value);
    const next = [...all.slice(at + 1), ...all.slice(0, at)].find((b) => b.tally.state === "missing");
    if (!next)
        return set($("tally-note"), t("tally_all"), "note good");
    $("tally-place").value = next.key;
    leave_tally();
    return tally.carry || tally_inputs()[0]?.focus();
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
        if (event.target === $("tally-why"))
            return;
        tally.seen ??= acts_in(tally_ballot()?.standing, SLOT);
        uncheck_tally();
    });
    form.addEventListener("change", (event) => {
        if (event.target.dataset.field)
            figure_back(event.target, event.target.dataset.field[0] === "w" ? "percent" : "");
    });
    form.addEventListener("keydown", (event) => {
        const inputs = tally_inputs().filter((i) => i.offsetParent), at = inputs.indexOf(event.target);
        if (event.key !== "Enter" || at < 0 || at === inputs.length - 1)
            return; // the last one submits
        event.preventDefault();
        inputs[at + 1].focus();
    });
    $("tally-send").addEventListener("click", send_tally);
    $("tally-next").addEventListener("click", next_place);
    for (const how of ["yes", "back", "no"])
        $(`tally-carry-${how}`).addEventListener("click", () => carry(how));
}
