// sample.js - places drawn by dice, on a sheet to check the paper against what stands here.
import { $, date_time, dotted, get, label, make, num, set, show, start, t } from "./ui.js";
import { ask_who } from "./who.js";
import { facts, head, signatures, typed_line } from "./paper.js";

const NUMBERS = ["eligible", "attended", "issued", "returned", "valid", "invalid"];
const unit = new URLSearchParams(location.search).get("unit") ?? "";

let sheet = null;

// What the minutes state, a line each: its name, and what stands here; the paper's figure is written beside it.
function lines_of(row) {
    const { tally, candidates } = row.ballot, votes = tally.votes ?? [];
    const hidden = tally.state !== "missing" && !row.votes_open;
    return [
        ...NUMBERS.map((n) => [t(`n_${n}`), num(tally[n])]),
        ...candidates.map((c, i) => [`${c.number}. ${c.name}`, hidden ? "–" : num(votes[i])]),
        [t("sample_minutes"), row.signed ? row.signed.number || date_time(row.signed.at) : t("none")],
    ];
}

function list(lines) {
    const ul = make("ul");
    ul.append(...lines.filter(Boolean).map((text) => Object.assign(make("li"), { textContent: text })));
    return ul;
}

function place_words(row) {
    const last = [...row.ballot.turnout].reverse().find((c) => c.voted !== null), hidden = row.ballot.tally.state !== "missing"
        && !row.votes_open;
    return [row.place, row.within, row.ballot.contest_name, t(`life_${row.ballot.life}`),
        row.ballot.tally.state === "missing" && last ? `${t("turnout")}: ${num(last.voted)}` : "",
        hidden ? `– ${t("votes_closed")}` : ""];
}

// The place and the boxes stand once, beside all lines of the place.
function rows_of(row, i) {
    const lines = lines_of(row), body = make("tbody");
    lines.forEach(([name, value], k) => {
        const tr = body.appendChild(make("tr"));
        if (k === 0) {
            const no = tr.appendChild(Object.assign(make("th"), { textContent: num(i + 1), rowSpan: lines.length }));
            const place = tr.appendChild(Object.assign(make("td"), { rowSpan: lines.length }));
            no.scope = "rowgroup";
            place.append(Object.assign(make("b"), { textContent: row.name }), list(place_words(row)));
        }
        tr.append(Object.assign(make("td"), { textContent: name }), Object.assign(make("td", "n"), { textContent: value }),
            make("td", "to-write"));
        if (k === 0) {
            const boxes = tr.appendChild(Object.assign(make("td", "to-tick"), { rowSpan: lines.length }));
            boxes.append(list(["sample_yes", "sample_no_fit", "sample_no_paper"].map((key) => `□ ${t(key)}`)));
        }
    });
    return body;
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
    const table = $("drawn");
    while (table.tBodies.length)
        table.tBodies[0].remove();
    table.append(...sheet.rows.map(rows_of));
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
