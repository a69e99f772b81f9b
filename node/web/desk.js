// desk.js - the call desk: one cut-off, a line for each village; its number or a few letters, the figure, Enter.
//
// The figure goes to the node as it was typed; what has to be asked first, and what the answers are, is the
// node's to say (traps). An update of the state never touches what somebody is typing.
import { $, cells, clock, cutoff_name, dotted, draw_act, error_words, form_line, language, make, now, num,
    post, reason_words, rows, set, share, show, span, t, when } from "./ui.js";
import { acts_in, clash, finding_lines, findings_of, unclash, who } from "./sheet.js";
import { by_words, level_word, relay_words } from "./said.js";
import { drop, hold, own, send, stop, waiting } from "./outbox.js";
import { ballots_of, place_name } from "./grid.js";
import { open_calls, paint_call } from "./calls.js";
import { open_paste } from "./paste.js";

let state = null;
let refresh = () => {};

const made = new Map(); // rows by their key, kept while another cut-off is shown
const cutoff = () => Number($("cutoff").value);
const slot = () => `turnout/${cutoff()}`;
const words_in = (x) => (language === "en" && x.words_en) || x.words;

// ---- a row

function build_row(key) {
    const tr = make("tr");
    cells(tr, [{ cls: "n" }, { head: true }, { cls: "n" }, { cls: "n" }, {}, { cls: "n" }, { cls: "n" }, { cls: "rest" },
        { cls: "whole" }]);
    const input = make("input"), line = make("div", "line"), note = make("p", "note"), ask = make("div", "asked");
    const phone = make("a", "phone"), call = make("button", "plain", "call_open"), ticks = make("span", "ticks");
    Object.assign(input, { inputMode: "numeric", enterKeyHint: "done", autocomplete: "off", maxLength: 24 });
    line.append(input);
    tr.children[4].replaceChildren(line);
    tr.children[7].replaceChildren(phone, call);
    const relayed = make("small", "relayed");
    tr.children[8].replaceChildren(make("span"), ticks, relayed, note, ask);
    note.setAttribute("role", "status");
    ask.setAttribute("role", "alertdialog");
    ask.tabIndex = -1;
    ask.hidden = true;
    call.type = "button";
    const row = { key, tr, input, note, ask, phone, call, ticks, relayed, state: tr.children[8].firstElementChild, seen: null };
    tr.row = row;
    input.addEventListener("keydown", (event) => on_key(row, event));
    input.addEventListener("input", () => {
        input.removeAttribute("aria-invalid");
        unclash(note);
        set(note, "", "note");
        row.seen = input.value.trim() ? row.seen ?? acts_in(row.ballot.standing, slot()) : null;
    });
    ask.addEventListener("keydown", (event) => {
        if (event.key === "Escape")
            take_back(row);
    });
    call.addEventListener("click", () => paint_call(row.ballot.place, input));
    return row;
}

const shown_rows = () => [...$("turnout-rows").children].map((tr) => tr.row).filter((row) => row && !row.tr.hidden);

function beside(row, step) {
    const all = shown_rows();
    all[all.indexOf(row) + step]?.input.focus();
}

// Behind this line, the next village of which nothing is here; none: where a village is looked for.
function go_on(row) {
    const all = shown_rows(), at = all.indexOf(row);
    row.came = row.found;
    const next = row.found ? null : all.slice(at + 1).find((r) => fact_of(r.ballot).state === "missing" && !entry_of(r));
    row.found = false;
    (next?.input ?? $("find")).focus();
}

function on_key(row, event) {
    if (event.isComposing)
        return;
    const keys = { Enter: () => enter(row), ArrowDown: () => beside(row, 1), ArrowUp: () => beside(row, -1),
        Escape: () => $("find").focus(), F2: () => paint_call(row.ballot.place, row.input) };
    if (!keys[event.key])
        return;
    event.preventDefault();
    keys[event.key]();
}

const fact_of = (b) => b.turnout[cutoff() - 1] ?? { state: "missing" };
const entry_of = (row) => waiting().find((e) => e.kind === "turnout" && e.key === row.key);

// ---- entering: into the outbox first, then on its way

function enter(row) {
    const text = row.input.value.trim(), person = who(row.note);
    if (!text)
        return go_on(row);
    if (!person)
        return undefined;
    const before = entry_of(row);
    if (before && !before.ask && !before.newer) { // it may have arrived
        set(row.note, t("desk_one_at_a_time"), "note warn");
        return undefined;
    }
    if (before)
        drop(before.act);
    const seen = row.seen ?? acts_in(row.ballot.standing, slot());
    if (!enter_figure(row.ballot, cutoff(), text, seen, person)) {
        set(row.note, t("outbox_full"), "note bad");
        return undefined;
    }
    row.input.value = "";
    row.seen = null;
    return go_on(row);
}

export function enter_figure(ballot, of, text, seen, person) {
    const fields = { kind: "turnout", place: ballot.place.code, contest: ballot.contest, cutoff: of, voted: text, seen,
        ask: 1, ...person };
    const entry = { act: draw_act(), kind: "turnout", key: `${ballot.key}|${of}`, fields, at: now(), text };
    return post_entry(entry);
}

function post_entry(entry) {
    entry.body = form_line({ ...entry.fields, act: entry.act });
    delete entry.ask;
    delete entry.newer;
    if (!hold(entry))
        return false;
    send(entry);
    return true;
}

// What became of it; null: nobody knows, and it goes again by itself. Of another cut-off than the one that is
// shown there may be no line here: then the list of what is not sent says it.
function told(entry, answer) {
    const row = made.get(entry.key), typing = document.activeElement?.value?.trim();
    if (answer === null)
        return paint();
    if (answer.ok) {
        const said = answer.said[0], findings = findings_of(answer);
        if (row)
            set(row.note, said.match ? `✓ ${t("same_stands")}` : finding_lines(findings),
                said.match ? "note good" : "note warn");
        refresh(true);
    } else if (answer.status === 409 && answer.ask) {
        stop(entry, { ask: answer.ask });
        paint();
        if (!typing)
            row?.ask.focus(); // an Enter meant for the next line decides nothing here
    } else if (answer.status === 409 && answer.newer) {
        stop(entry, { newer: answer.newer });
        paint();
        if (!typing)
            row?.note.clash?.scrollIntoView({ block: "nearest" });
    } else if (!row?.tr.isConnected) {
        stop(entry, { refused: error_words(answer) });
    } else {
        drop(entry.act);
        row.input.value ||= entry.text;
        row.input.setAttribute("aria-invalid", "true");
        set(row.note, `${entry.text}: ${error_words(answer)}`, "note bad");
        if (!typing)
            row.input.focus();
    }
    return paint();
}

// The typed figure goes back into its field: nothing was recorded.
function take_back(row) {
    const entry = entry_of(row);
    if (!entry)
        return;
    drop(entry.act);
    row.input.value = entry.text;
    row.seen = entry.fields.seen;
    row.found = row.came;
    paint();
    row.input.focus();
    row.input.select();
}

function choose(row, fields) {
    const entry = entry_of(row);
    if (!entry)
        return;
    Object.assign(entry.fields, fields);
    post_entry(entry);
    paint();
    row.found = row.came; // back to where the call was entered from
    go_on(row);
}

// ---- painting

function answer_button(words, act) {
    const button = Object.assign(make("button"), { type: "button", textContent: words });
    button.addEventListener("click", act);
    return button;
}

// The question stands as it is until it is answered: built once for each.
function paint_ask(row, entry) {
    const ask = entry?.ask ?? null, key = ask ? entry.act + ask.ask + language : "";
    show(row.ask, Boolean(ask));
    if (row.ask.dataset.key === key)
        return;
    row.ask.dataset.key = key;
    row.ask.replaceChildren();
    if (!ask)
        return;
    const acts = make("div", "actions");
    acts.append(...ask.choices.map((c) => answer_button(words_in(c), () => choose(row, c.fields))),
        answer_button(t("desk_type_again"), () => take_back(row)));
    row.ask.append(Object.assign(make("b"), { textContent: `${row.ballot.place.name}, ${entry.text}` }),
        Object.assign(make("p"), { textContent: words_in(ask) }), acts);
}

function paint_newer(row, entry) {
    const newer = entry?.newer;
    if (!newer)
        return unclash(row.note);
    if (row.note.clash)
        return undefined;
    const acts = [entry.fields.seen, newer.act].filter(Boolean).join(",");
    return clash(row.note, { text: num(newer.fields.voted), sub: by_words(state, newer) }, { text: entry.text },
        () => choose(row, { seen: acts, replaces: acts, ask: undefined, why: entry.fields.why || t("why_both_seen") }),
        () => {
            drop(entry.act);
            refresh(true);
        });
}

function before_of(b) {
    for (let i = cutoff() - 2; i >= 0; i--)
        if (b.turnout[i]?.state === "value")
            return { voted: b.turnout[i].voted, name: state.cutoffs[i].name, at: b.turnout[i].at };
    return null;
}

function late(b) {
    const due = fact_of(b).due, cut = state.cutoffs[cutoff() - 1];
    return Boolean(due && cut && now() >= due + cut.grace);
}

// Recorded, unsent, to be called again, promised.
function state_of(row, b) {
    const fact = fact_of(b), entry = entry_of(row), calls = b.place.calls;
    if (entry?.ask || entry?.newer)
        return { text: `? ${t("desk_asked")}`, cls: "chip warn" };
    if (entry)
        return { text: `! ${t("not_sent")}: ${entry.text}`, cls: "chip bad" };
    if (fact.state === "value")
        return { text: `✓ ${share(fact.voted, fact.eligible ?? b.voters)}, ${when(fact.at)}`, cls: "good" };
    if (fact.state !== "missing")
        return { text: `▲ ${t(`stands_${fact.state}`, { figure: num(fact.voted), at: when(fact.at) })} (${
            reason_words(fact.reasons)})`, cls: "chip warn" };
    if (calls.promised && calls.promised > now())
        return { text: `◔ ${t("call_promise", { at: when(calls.promised) })}`, cls: "chip calm" };
    const last = calls.last?.what === "no_answer" ? `, ${t("call_no_answer_at", { at: clock(calls.last.at) })}` : "";
    if (late(b))
        return { text: `! ${t("desk_call_again")}${last}`, cls: "chip bad" };
    return { text: `${t(fact.due ? "none" : "report_not_due")}${last}`, cls: "soft" };
}

function paint_row(row, b) {
    row.ballot = b;
    const fact = fact_of(b), before = before_of(b), has = fact.state === "value", td = row.tr.children;
    const latest = has ? fact.voted : before?.voted;
    const cell = (i, text, sub, name) => {
        set(td[i].firstElementChild, text);
        set(td[i].lastElementChild, sub ?? "");
        if (td[i].dataset.name !== name)
            td[i].dataset.name = name;
    };
    set(td[0].firstElementChild, b.place.number || "");
    set(td[1].firstElementChild, b.place.name);
    set(td[1].lastElementChild, b.place.ballots.length > 1 ? place_name(b) : "");
    cell(2, num(b.voters), "", t("col_voters"));
    cell(3, before ? num(before.voted) : "–", before ? span(now() - before.at) : "", t("col_before"));
    td[3].title = before ? dotted(before.name, when(before.at)) : "";
    cell(5, has && before ? `+${num(fact.voted - before.voted)}`.replace("+-", "−") : "–", "", t("desk_more"));
    cell(6, b.voters != null && latest != null ? num(b.voters - latest) : "–", "", t("desk_left"));
    row.input.setAttribute("aria-label", `${b.place.number} ${b.place.name}: ${t("col_voted")}`);
    td[4].dataset.name = t("col_voted");
    const phone = b.place.contacts.find((c) => c.phone)?.phone, entry = entry_of(row);
    show(row.phone, Boolean(phone));
    if (phone) {
        set(row.phone, phone.text);
        row.phone.href = `tel:${phone.dial}`;
    }
    set(row.state, state_of(row, b).text, state_of(row, b).cls);
    const stands = b.standing[slot()]?.find((s) => !s.parent), tiers = [{ code: "" }, ...state.tiers];
    rows(row.ticks, has && stands && !entry ? tiers : [], (tier) => tier.code, () => make("span"), (mark, tier) => {
        const there = tier.code === "" || stands.ticks?.includes(tier.code);
        set(mark, `${there ? "✓" : "○"} ${tier.code ? level_word(tier) : t("tick_here")}`, there ? "tick" : "tick not");
        mark.title = t(there ? "tick_there" : "tick_not", { tier: tier.name ?? t("tick_here") });
    });
    set(row.relayed, relay_words(state, b.standing, slot()));
    row.tr.classList.toggle("missing", row.state.className === "chip bad");
    paint_ask(row, entry);
    paint_newer(row, entry);
}

function paint() {
    const only = $("only-missing").checked;
    const items = ballots_of(state).map((b) => ({ ...b, row_key: `${b.key}|${cutoff()}` }));
    rows($("turnout-rows"), items, (b) => b.row_key, (b) => {
        if (!made.has(b.row_key))
            made.set(b.row_key, build_row(b.row_key));
        return made.get(b.row_key).tr;
    }, (tr, b) => {
        paint_row(tr.row, b);
        const open = fact_of(b).state === "missing" || entry_of(tr.row) || tr.row.input === document.activeElement;
        show(tr, !only || Boolean(open));
    });
    const due = items.filter((b) => fact_of(b).due), here = due.filter((b) => fact_of(b).state === "value");
    const asked = waiting().filter((e) => e.ask || e.newer).length;
    set($("desk-sum"), dotted(t("desk_sum", { n: here.length, of: due.length, left: due.length - here.length }),
        asked ? t("desk_questions", { n: asked }) : ""));
}

// ---- finding a village: its number, or the beginning of some of its words

const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

function found() {
    const typed = bare($("find").value).match(/[a-z]+|\d+/g) ?? [];
    if (!typed.length)
        return [];
    return ballots_of(state).filter((b) => {
        const words = [...b.place.find.split(/\s+/), String(b.place.number)];
        const alone = typed.length === 1 && /^\d/.test(typed[0]);
        return alone ? Number(typed[0]) === b.place.number
            : typed.every((w) => words.some((x) => (/^\d/.test(w) ? Number(x) === Number(w) : x.startsWith(w))));
    });
}

function paint_found() {
    const list = found(), text = $("find").value.trim();
    const one = list.length === 1 ? list[0] : null, before = one && before_of(one);
    for (const row of made.values())
        row.tr.classList.toggle("hit", list.some((b) => `${b.key}|${cutoff()}` === row.key));
    set($("found"), one ? dotted(`${one.place.number}. ${one.place.name}`, t("said_eligible", { n: num(one.voters) }),
        before ? `${before.name}: ${num(before.voted)}` : "") : text && !list.length ? t("desk_no_village")
        : list.slice(0, 6).map((b) => `${b.place.number}. ${b.place.name}`).join("; "),
        text && !list.length ? "note bad" : "note");
}

// A village that fits several is chosen by more letters; none: the note says so.
function go_to_found() {
    const list = found(), row = list.length === 1 ? made.get(`${list[0].key}|${cutoff()}`) : null;
    if (!row)
        return;
    $("find").value = "";
    show(row.tr, true);
    row.found = true;
    row.input.focus();
    row.tr.scrollIntoView({ block: "nearest" });
    paint_found();
}

// ---- all of it

export function paint_desk(s) {
    state = s;
    paint();
    paint_found();
}

// From the list of statements to the line of a village.
export function focus_village(ballot_key) {
    const row = made.get(`${ballot_key}|${cutoff()}`);
    if (!row)
        return;
    show(row.tr, true);
    row.input.focus();
    row.tr.scrollIntoView({ block: "nearest" });
}

export function open_desk(on_recorded) {
    refresh = on_recorded;
    own("turnout", told);
    open_calls(on_recorded);
    open_paste(() => ({ state, cutoff: cutoff(), words: cutoff_name(state.cutoffs[cutoff() - 1] ?? { name: "" }) }), enter_figure);
    $("find").addEventListener("input", paint_found);
    $("find").addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.isComposing)
            return;
        event.preventDefault();
        go_to_found();
    });
    $("only-missing").addEventListener("change", paint);
    $("cutoff").addEventListener("change", () => {
        paint();
        paint_found();
    });
}
