// prints.js - the commune's papers, A4 and one page each: count sheet, minutes with a receipt slip, what is read out by
// telephone, the list of places.
import { $, cutoff_name, date_time, dotted, get, language, make, num, percent, rows, set, show, start, t, when } from "./ui.js";
import { facts, head, line, number, signatures, typed_line } from "./paper.js";
import { ballots_of } from "./grid.js";
import { numbers_of, number_word, LETTERS } from "./minutes.js";
import { level_word } from "./said.js";
import { spoken } from "./spoken.js";

const PAPERS = ["count", "minutes", "readback", "units"];
const MARKS_MOST = 340; // boxes of five that one page has room for

let state = null;
const wanted = new URLSearchParams(location.search);

const ballot = () => ballots_of(state).find((b) => b.key === $("place").value) ?? ballots_of(state)[0];

function columns(table, keys) {
    const row = make("tr");
    row.append(...keys.map(([key, cls]) => make("th", cls ?? "", key)));
    table.tHead.replaceChildren(row);
    table.tBodies[0].replaceChildren();
    show(table, true);
    return table.tBodies[0];
}

const place_facts = (b) => [["prints_place", `${b.place.number}. ${b.place.name} (${b.place.code})`],
    ["col_contest", b.contest_name || b.contest], ["prints_voters", num(b.voters)]];

// ---- the blank sheet on which a team counts

function boxes(n) {
    const cell = make("span", "boxes");
    for (let i = 0; i < n; i++)
        cell.append(make("i"));
    return cell;
}

function paint_count(b) {
    facts($("facts"), place_facts(b));
    const votes = columns($("votes"), [["col_candidates"], ["prints_marks"], ["prints_sum", "n"]]);
    const marks = Math.min(Math.ceil((b.voters ?? 300) / 5), Math.floor(MARKS_MOST / b.candidates.length));
    for (const c of b.candidates)
        line(votes, [`${c.number}. ${c.name}`, boxes(marks), number("")]);
    if (b.method === "show_of_hands")
        for (const row of votes.rows)
            row.cells[1].replaceChildren();
    const numbers = columns($("numbers"), [["prints_number"], ["prints_figure", "n"]]);
    for (const name of numbers_of(b))
        line(numbers, [`${number_word(b, name)}${LETTERS[name] ? ` (${LETTERS[name]})` : ""}`,
            number(name === "eligible" ? num(b.voters) : "")]);
    signatures($("signs"), ["sign_team", "sign_secretary", "sign_witness", "sign_witness"]);
}

// ---- the minutes with what is recorded, and the slip that is stapled to the paper

function paint_minutes(b) {
    const { tally } = b, contest = state.contests[b.contest], said = b.standing["tally/1"]?.at(-1);
    if (tally.state === "missing") {
        set($("hint"), t("prints_no_tally"));
        show($("hint"), true);
        return facts($("facts"), place_facts(b));
    }
    facts($("facts"), [...place_facts(b), ["sheet_kind", `${t(state.election.drill ? "sheet_drill" : "sheet_real")} · ${
        b.decision === "recognised" ? t("life_recognised") : t("provisional")}`], ["col_at", when(tally.at)]]);
    const numbers = columns($("numbers"), [["prints_number"], ["prints_figure", "n"]]);
    for (const name of numbers_of(b))
        if (tally[name] != null)
            line(numbers, [`${number_word(b, name)}${LETTERS[name] ? ` (${LETTERS[name]})` : ""}`, number(num(tally[name]))]);
    const votes = columns($("votes"), [["col_candidates"], ["col_votes", "n"], ["col_voters", "n"], ["turnout", "n"]]);
    set(votes.parentNode.tHead.rows[0].cells[2], t("prints_need"));
    set(votes.parentNode.tHead.rows[0].cells[3], t("prints_base", { base: num(contest?.base ?? b.voters) }));
    b.candidates.forEach((c, i) => {
        const n = tally.votes[i], base = contest?.base;
        line(votes, [`${c.number}. ${c.name}`, number(num(n)), number(contest?.need == null ? "" : num(contest.need)),
            number(n != null && base ? percent(n, base) : "")]);
    });
    set($("come"), contest && contest.places_in_all === 1 
        ? `${t("col_outcome")} (${t("provisional")}): ${t(`outcome_${contest.outcome}`)}` : "");
    show($("come"), Boolean(contest && contest.places_in_all === 1));
    signatures($("signs"), ["sign_team", "sign_secretary", "sign_witness", "sign_witness"]);
    show($("slip"), Boolean(said));
    if (said) {
        const votes_line = b.candidates.map((c, i) => `${c.number}: ${num(tally.votes[i])}`).join("; ");
        facts($("slip-facts"), [["prints_place", `${b.place.number}. ${b.place.name} (${b.place.code})`],
            ["prints_number", dotted(`${t("n_valid")} ${num(tally.valid)}`, `${t("n_invalid")} ${num(tally.invalid)}`, votes_line)],
            ["prints_receipt_of_key", t("prints_receipt_of", { by: said.by, at: date_time(said.entered) })],
            ["prints_code", typed_line(said.act.match(/.{4}/g).join("-"))]].map(([key, value]) =>
            [key === "prints_receipt_of_key" ? "col_by" : key, value]));
        signatures($("slip-signs"), ["sign_gave", "sign_received"]);
    }
}

// ---- what is read out when there is no line

function paint_readback() {
    const cutoff = Number($("cutoff").value), above = state.advice.contacts.filter((c) => c.phone);
    facts($("facts"), [["turnout_cutoff", `${cutoff}: ${cutoff_name(state.cutoffs[cutoff - 1])}`],
        ["prints_as_of", date_time(state.now)],
        ["prints_ring", above.map((c) => dotted(state.tiers.length ? level_word(state.tiers[0]) : "", c.role, c.name,
            c.phone.text)).join("; ") || t("advice_no_phone")]]);
    set($("hint"), t("prints_read_hint"));
    show($("hint"), true);
    const body = columns($("numbers"), [["col_place"], ["col_voters", "n"], ["prints_read"], ["prints_tick"]]);
    for (const b of ballots_of(state)) {
        const fact = b.turnout[cutoff - 1], said = fact && fact.state !== "missing";
        line(body, [`${b.place.number}. ${b.place.ballots.length > 1 ? `${b.place.name}: ${b.contest_name}` : b.place.name}`,
            number(num(b.voters)), said ? spoken(b.place.number, cutoff, fact.voted, b.checks[cutoff - 1]) : t("none"), ""]);
    }
}

// ---- the places, and whom to ring there

function paint_units() {
    facts($("facts"), [["prints_cutoffs", state.cutoffs.map((c) => `${cutoff_name(c)} (${when(c.at)})`).join("; ")],
        ["prints_as_of", date_time(state.now)]]);
    const body = columns($("numbers"), [["col_number", "n"], ["col_place"], ["col_voters", "n"], ["prints_people"]]);
    for (const b of ballots_of(state))
        line(body, [String(b.place.number), `${b.place.name} (${b.place.code})`, number(num(b.voters)),
            b.place.contacts.map((c) => dotted(c.role, c.name, c.phone?.text, c.phone2?.text)).join("; ")]);
}

// ---- all of them

function options(select, items) {
    rows(select, items, (i) => i[0], (i) => Object.assign(make("option"), { value: i[0] }), (o, i) => set(o, i[1]));
}

function paint() {
    if (!state)
        return;
    const first = !$("which").options.length;
    options($("which"), PAPERS.map((p) => [p, t(`prints_${p}`)]));
    options($("place"), ballots_of(state).map((b) => [b.key, `${b.place.number}. ${b.place.name}${
        b.place.ballots.length > 1 ? `: ${b.contest_name}` : ""}`]));
    options($("cutoff"), state.cutoffs.map((c, i) => [i + 1, cutoff_name(c)]));
    if (first) {
        $("which").value = PAPERS.includes(wanted.get("paper")) ? wanted.get("paper") : PAPERS[0];
        $("cutoff").value = wanted.get("cutoff") ?? Math.max(1, state.due);
        $("place").value = ballots_of(state).find((b) => b.place.code === wanted.get("place"))?.key ?? $("place").value;
    }
    const which = $("which").value, b = ballot(), of_place = ["count", "minutes"].includes(which);
    head(state, which === "minutes" ? "prints_title_minutes" : `prints_${which}`);
    if (of_place && b?.rules.form)
        set($("of"), dotted($("of").textContent, t("prints_form", { form: b.rules.form })));
    show($("place-label"), of_place);
    show($("cutoff-label"), which === "readback");
    for (const id of ["hint", "come", "slip", "numbers", "votes"])
        show($(id), false);
    $("signs").replaceChildren();
    $("sheet").dataset.paper = which;
    if (b)
        ({ count: paint_count, minutes: paint_minutes, readback: paint_readback, units: paint_units })[which](b);
    set($("end"), dotted(state.election.title || state.election.label, `${t("prints_as_of")} ${date_time(state.now)}`));
    show($("sheet"), true);
    document.documentElement.lang = language;
}

async function main() {
    await start(paint);
    $("print").addEventListener("click", () => print());
    for (const id of ["which", "place", "cutoff"])
        $(id).addEventListener("change", paint);
    try {
        state = await get("api/state");
        paint();
    } catch (e) {
        set($("note"), e.message, "note bad");
    }
}

main();
