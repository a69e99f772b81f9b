// words.js - how the live pages say a figure, and where it leads: the unit, the units behind it, the record.
import { clock, dotted, link_word, num, report_word, share, state_word, reason_words, t, when } from "./ui.js";

export const of = (n, all) => (n == null ? t("none") : t("n_of", { n: num(n), of: num(all) }));

// ---- addresses: #CODE&see=FIGURE&cutoff=N is a unit, the figure one came from, the cut-off looked at

const code_of = (part) => {
    try {
        return decodeURIComponent(part);
    } catch {
        return part; // typed by hand, and no code of ours
    }
};

export function asked() {
    const [code, ...words] = location.hash.slice(1).split("&");
    const word = (name) => code_of(words.find((w) => w.startsWith(`${name}=`))?.slice(name.length + 1) ?? "");
    return { code: code_of(code), see: word("see"), cutoff: word("cutoff") };
}

// The cut-off that is looked at goes with one, where it is not the newest.
export function unit_link(code, see = "", cutoff = asked().cutoff) {
    const words = [["see", see], ["cutoff", cutoff]].filter(([, value]) => value);
    return `#${encodeURIComponent(code)}${words.map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join("")}`;
}

export const record_link = (about) =>
    `record.html?${Object.entries(about).map(([k, v]) => `${k}=${encodeURIComponent(v)}`).join("&")}`;

// ---- turnout at a cut-off, of a unit: the count, its base, of how many places

// A turnout that covers a part of the places says so; nobody's figure is "none", never 0.
export function turnout_words(point) {
    if (!point)
        return { text: t("report_not_due") };
    const due = Math.max(point.due, point.places);
    const sub = due ? t("of_due", { n: num(point.places), of: num(due) }) : t("no_due");
    return point.places ? { text: share(point.voted, point.voters), sub } : { text: t("none"), sub };
}

// In hundredths of a percent; null: nothing to divide by.
export const part_of = (point) => (point?.places && point.voters ? Math.round(point.voted * 10000 / point.voters) : null);

// ---- what changed since the last bulletin

export function since_words(s) {
    const places = { n: s.number, at: when(s.at), corrected: num(s.corrected), places: num(s.added_places) };
    const word = !s.known ? "since_unknown" : s.corrected + s.added ? "since_changed" : "since_same";
    return `${s.corrected + s.added ? "▲" : "✓"} ${t(word, places)}${s.state === "paused" ? ` ${t("since_paused", places)}` : ""}`;
}

// ---- rows of units

export const count_cell = (n, mark, name) => (n
    ? { text: `${mark === "bad" ? "!" : "▲"} ${num(n)}`, mark, cls: "n", name }
    : { text: num(n), cls: "n none", name });

// Told by a summary, or proven by the records: of a told one the summary is the record to look at.
function sure_cell(c) {
    const sure = c.unequal ? { text: `! ${t("unequal")}`, mark: "bad" } : c.told ? { text: t("told"), mark: "warn" }
        : { text: t(c.heard ? "proven" : "none"), mark: "calm" };
    return { ...sure, name: t("col_sure"), sub: c.told_at ? t("mon_told_record", { at: when(c.told_at) }) : "",
        href: c.told ? record_link({ unit: c.code, kind: "summary" }) : undefined };
}

// What stands of a unit, by the name of the figure; `see` is the one that one came from.
export function unit_cells(c, see) {
    const list = {
        link: { ...(c.link ? link_word(c.link) : { text: t("none"), cls: "none" }), name: t("col_link") },
        report: { ...report_word(c.report), name: t("col_report") },
        opened: { text: of(c.opened, c.places), cls: "n", name: t("col_opened") },
        turnout: { ...turnout_words(c.turnout), cls: "n", name: t("turnout") },
        tallied: { text: of(c.tallied, c.places), cls: "n", name: t("col_tallied") },
        waiting: count_cell(c.waiting, "warn", t("col_waiting")),
        incidents: { ...count_cell(c.incidents, c.severe ? "bad" : "warn", t("col_incidents")),
            sub: c.severe ? t("mon_severe_n", { n: num(c.severe) }) : "" },
        sure: sure_cell(c),
    };
    if (list[see])
        list[see].cls = `${list[see].cls ?? ""} seen`.trim();
    return Object.values(list);
}

export const UNIT_COLUMNS = ["col_link", "col_report", "col_opened", "turnout", "col_tallied", "col_waiting",
    "col_incidents", "col_sure"];
export const unit_columns = (first) => [first, ...UNIT_COLUMNS].map((key, i) => ({ key, cls: i < 3 || key === "col_sure" ? "" : "n" }));

// ---- rows of places: each figure leads to its record

export function fact_cell(fact, text, name, href, sub = "") {
    if (!fact || fact.state === "missing")
        return { text: t("none"), cls: "n none", name };
    const label = t("mon_record_of", { name });
    if (fact.state === "value")
        return { text, sub, cls: "n", name, href, label: `${text}. ${label}` };
    const word = state_word(fact.state);
    return { ...word, sub: reason_words(fact.reasons), cls: "n", name, href, label: `${word.text}. ${label}` };
}

export function place_cells(c, cutoff, see) {
    const at = c.turnout, owed = at?.due || at?.voted != null;
    const late = at?.late ? t("report_late") : at?.arrived_late ? t("arrived_late") : "";
    const link = (kind, which) => record_link({ unit: c.code, contest: c.contest ?? "", kind, ...(which ? { which } : {}) });
    const list = {
        report: { ...report_word(c.report), name: t("col_report") },
        voters: { text: num(c.voters), cls: "n", name: t("col_voters") },
        opened: fact_cell(c.opened, when(c.opened?.at), t("col_opened"), link("step", "opened")),
        turnout: owed ? fact_cell(at, share(at?.voted, at?.eligible ?? c.voters), t("turnout"), link("turnout", cutoff), late)
            : { text: "–", cls: "n none", name: t("turnout") },
        closed: fact_cell(c.closed, when(c.closed?.at), t("col_closed"), link("step", "closed")),
        tallied: fact_cell(c.tally, `✓ ${t("tallied")}`, t("tab_tally"), link("tally"),
            dotted(clock(c.tally?.at), c.decision === "recognised" ? "" : t("provisional"))),
        life: { text: c.life ? t(`life_${c.life}`) : t("none"), cls: "", name: t("col_life") },
    };
    if (list[see])
        list[see].cls = `${list[see].cls ?? ""} seen`.trim();
    return Object.values(list);
}

export const PLACE_COLUMNS = ["col_place", "col_report", "col_voters", "col_opened", "turnout", "col_closed", "tab_tally",
    "col_life"];
export const place_columns = () => PLACE_COLUMNS.map((key, i) => ({ key, cls: i < 2 || key === "col_life" ? "" : "n" }));
