// place.js - the figures of one place, each with the record behind it.
import { cells, clock, cutoff_name, dotted, make, num, rows, set, share, t, when, $ } from "./ui.js";
import { fact_cell, record_link } from "./words.js";

const NUMBERS = ["eligible", "attended", "printed", "issued", "spoiled", "unused", "returned", "valid", "invalid", "blank", "total",
    "summoned", "elsewhere", "exempt", "suspended", "absent"];

function lines_of(place, b, cutoffs) {
    const link = (kind, which) => record_link({ unit: place.code, contest: b.contest, kind, ...(which ? { which } : {}) });
    const base = { text: num(b.voters), cls: "n", name: t("mon_figure") };
    const lines = [{ name: t("col_voters"), cell: base }];
    for (const [step, fact] of Object.entries(b.steps))
        lines.push({ name: t(`step_${fact.step}`), key: step, cell: fact_cell(fact, when(fact.at), t("mon_figure"), link("step", step)) });
    b.turnout.forEach((at, i) => {
        if (at.due || at.voted != null)
            lines.push({ name: dotted(t("turnout"), cutoff_name(cutoffs[i])), cell: fact_cell(at, share(at.voted, at.eligible ?? b.voters),
                t("mon_figure"), link("turnout", i + 1), at.late ? t("report_late") : at.arrived_late ? t("arrived_late") : "") });
    });
    lines.push({ name: t("tab_tally"), cell: fact_cell(b.tally, clock(b.tally.at), t("mon_figure"), link("tally")) });
    if (b.tally.state === "value")
        for (const n of NUMBERS.filter((name) => b.tally[name] != null))
            lines.push({ name: t(`n_${n}`), part: true, cell: { text: num(b.tally[n]), cls: "n", name: t("mon_figure") } });
    if (b.tally.state === "value")
        b.candidates.forEach((c, i) => lines.push({ name: `${c.number}. ${c.name}`, part: true, cell: b.votes_open
            ? { text: share(b.tally.votes[i], b.tally.eligible ?? b.voters), cls: "n", name: t("mon_figure") }
            : { text: "–", sub: t("votes_closed"), cls: "n none", name: t("mon_figure") } }));
    lines.push({ name: t("kind_minutes"), cell: fact_cell({ state: b.minutes }, `✓ ${t("state_value")}`, t("mon_figure"), link("minutes")) });
    if (b.decision !== "missing")
        lines.push({ name: t("kind_decision"), cell: fact_cell({ state: "value" }, t(`decision_${b.decision}`), t("mon_figure"),
            link("decision")) });
    return lines;
}

function build_ballot() {
    const box = make("div", "ballot"), table = make("table", "fold"), head = make("thead"), body = make("tbody"), row = make("tr");
    row.append(make("th", "", "col_what"), make("th", "n", "mon_figure"));
    head.append(row);
    table.append(head, body);
    box.append(make("h3"), make("p", "soft"), table);
    return box;
}

export function paint_ballots(state) {
    rows($("ballots"), state.ballots, (b) => b.contest, build_ballot, (box, b) => {
        set(box.children[0], b.contest_name);
        set(box.children[1], t(`life_${b.life}`));
        rows(box.lastElementChild.lastElementChild, lines_of(state.unit, b, state.cutoffs), (line) => line.key ?? line.name,
            () => make("tr"), (row, line) => {
                cells(row, [{ head: true, text: line.name }, line.cell]);
                row.className = line.part ? "part" : "";
            });
    });
}
