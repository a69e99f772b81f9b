// dues.js - what is owed after the vote, as a list that pages of both programs show: api/dues, by its day.
//
// The server says what is due, when, and how many working days are left; here it is only put into words.
import { cells, date_of, dotted, get, make, num, rows, set, show, t } from "./ui.js";

const STATES = { overdue: ["!", "bad"], today: ["▲", "warn"], soon: ["◔", "calm"], later: ["·", "calm"],
    none: ["·", "calm"] };

function left_words(due) {
    if (due.due_at === null)
        return "";
    if (due.state === "overdue")
        return due.workdays < 0 ? t("dues_over_days", { n: num(-due.workdays) }) : t("dues_over_weekend");
    return due.state === "today" ? "" : t("dues_left_days", { n: num(due.workdays) });
}

function what_words(due) {
    const words = [due.contest];
    if (due.kind === "rerun")
        words.push(t(due.ordered ? "dues_rerun_ordered" : "dues_rerun_open"));
    if (due.awaited === "quarantined" || due.awaited === "conflict")
        words.push(t(`dues_awaited_${due.awaited}`));
    if (["recognise", "hold"].includes(due.kind) && due.decides !== "node")
        words.push(t(`dues_by_${due.decides}`));
    if (due.kind === "complaint" && due.since)
        words.push(t("dues_since", { date: date_of(due.since) }));
    return dotted(...words);
}

function day_words(due) {
    const off = due.off_name ? t("dues_off", { name: due.off_name }) : t("dues_off_weekend");
    return { text: due.due_at === null ? t("dues_no_day") : date_of(due.due_at), sub: due.off ? off : "" };
}

function make_list(box) {
    const table = make("table", "fold"), head = make("tr"), body = make("tbody"), top = make("thead");
    for (const key of ["dues_day", "dues_left", "dues_what", "col_place"])
        head.append(make("th", "", key));
    top.append(head);
    table.append(top, body);
    box.replaceChildren(make("p", "soft"), table, make("p", "soft"), make("p", "soft"), make("p", "soft"));
    return body;
}

// Into `box`, which is the list's alone; what did not change is not touched.
export function paint_dues(box, list) {
    box.dues_body ??= make_list(box);
    const [sum, table, more, told, days] = box.children;
    set(sum, list.n === 0 ? t("dues_none")
        : t("dues_sum", { n: num(list.n), overdue: num(list.overdue), today: num(list.due_today) }));
    show(table, list.n > 0);
    rows(box.dues_body, list.dues, (d) => `${d.kind} ${d.place} ${d.contest_code} ${d.act ?? ""}`, () => make("tr"),
        (row, due) => {
            const [symbol, mark] = STATES[due.state] ?? STATES.none;
            cells(row, [
                { head: true, ...day_words(due) },
                { text: `${symbol} ${t(`dues_state_${due.state}`)}`, mark, sub: left_words(due), name: t("dues_left") },
                { text: t(`dues_${due.kind}`), sub: what_words(due), name: t("dues_what") },
                { text: due.name, sub: due.within, name: t("col_place") },
            ]);
        });
    set(more, list.more > 0 ? t("dues_more", { n: num(list.more) }) : "");
    set(told, list.told > 0 ? t("dues_told", { n: num(list.told) }) : "");
    set(days, list.holidays || list.n === 0 ? "" : t("dues_no_holidays"));
}

// Reads and shows it; unit: a code, or nothing for the own unit.
export async function show_dues(box, unit) {
    const list = await get(`api/dues${unit ? `?unit=${encodeURIComponent(unit)}` : ""}`);
    paint_dues(box, list);
    return list;
}
