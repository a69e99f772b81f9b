// sample.js - places drawn by dice, on a sheet to check the paper against what stands here.
import { $, date_time, dotted, get, label, make, num, set, show, start, t } from "./ui.js";
import { ask_who } from "./who.js";
import { facts, head, signatures, typed_line } from "./paper.js";

const NUMBERS = ["eligible", "attended", "issued", "returned", "valid", "invalid"];
const unit = new URLSearchParams(location.search).get("unit") ?? "";

let sheet = null;

// What is known here, a line each; of a count that is not here, one that says so.
function here(row) {
    const { tally, candidates, turnout, life } = row.ballot, last = [...turnout].reverse().find((c) => c.voted !== null);
    const lines = [[t("col_life"), t(`life_${life}`)]];
    if (tally.state === "missing")
        lines.push([t("turnout"), last ? num(last.voted) : t("none")], [t("kind_tally"), t("none")]);
    for (const n of NUMBERS)
        if (tally[n] !== null && tally[n] !== undefined)
            lines.push([t(`n_${n}`), num(tally[n])]);
    if (row.votes_open)
        (tally.votes ?? []).forEach((v, i) => lines.push([`${candidates[i].number}. ${candidates[i].name}`, num(v)]));
    else if (tally.state !== "missing")
        lines.push([t("col_votes"), t("votes_closed")]);
    if (row.signed)
        lines.push([t("kind_minutes"), dotted(row.signed.number, date_time(row.signed.at))]);
    return lines;
}

// What the minutes state, whether it is here or not: lines to write on.
const on_paper = (row) => [...["eligible", "attended", "valid", "invalid"].map((n) => t(`n_${n}`)),
    ...row.ballot.candidates.map((c) => `${c.number}. ${c.name}`)];

function list(lines) {
    const ul = make("ul");
    ul.append(...lines.map((text) => Object.assign(make("li"), { textContent: text })));
    return ul;
}

function row_of(row, i) {
    const tr = make("tr");
    const cells = ["th", "td", "td", "td", "td"].map((tag) => tr.appendChild(make(tag)));
    cells[0].textContent = num(i + 1);
    cells[1].append(Object.assign(make("b"), { textContent: row.name }), list([row.place, row.within, row.ballot.contest_name]));
    cells[2].append(list(here(row).map(([name, value]) => `${name}: ${value}`)));
    cells[3].className = "to-write";
    cells[3].append(list(on_paper(row).map((name) => `${name}:`)));
    cells[4].className = "to-tick";
    cells[4].append(list([`□ ${t("sample_yes")}`, `□ ${t("sample_no_fit")}`, `□ ${t("sample_no_paper")}`]));
    return tr;
}

function paint() {
    if (!sheet)
        return;
    label(document);
    head(sheet, "sample_title", {});
    facts($("facts"), [
        ["sheet_election", sheet.election.title || sheet.election.label],
        ["sample_at", date_time(sheet.as_of)],
        ["sample_dice_were", typed_line(sheet.dice.replace(/(\d{5})(?=\d)/g, "$1 "))],
        ["sample_of", t("sample_of_n", { n: num(sheet.n), of: num(sheet.of) })],
        ["zero_plan", typed_line(sheet.plan)], ["sheet_key", typed_line(sheet.key)]]);
    $("rows").replaceChildren(...sheet.rows.map(row_of));
    set($("how"), t("sample_how"));
    signatures($("signs"), ["sample_thrown", "sample_compared", "sign_head"]);
    show($("sheet"), true);
    $("print").disabled = false;
}

async function draw(event) {
    event.preventDefault();
    try {
        const words = new URLSearchParams({ dice: $("dice").value.trim(), n: $("n").value.trim() });
        if (unit)
            words.set("unit", unit);
        sheet = await get(`api/sample?${words}`);
        set($("note"), "", "note");
        paint();
    } catch (e) {
        set($("note"), e.status === 422 ? t("sample_wrong") : e.message, "note bad");
    }
}

async function main() {
    await start(paint);
    $("ask").addEventListener("submit", draw);
    $("print").addEventListener("click", () => print());
    const who = await ask_who();
    set($("whose"), dotted(who.unit.name, who.election.title));
    $("dice").focus();
}

main();
