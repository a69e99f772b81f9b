// matters.js - the board's list of incidents, complaints, instructions and what is said of the situation.
import { $, category_name, cells, cutoff_name, dotted, language, make, num, rows, set, severity_word, t,
    when } from "./ui.js";

export function matter_words(state, m) {
    const f = m.fields;
    if (m.kind === "incident")
        return { severity: severity_word(f.severity), what: dotted((language === "en" && m.category_en) || m.category
            || category_name(state.election, 0), t(`incident_state_${f.state}`), f.actor) };
    if (m.kind === "complaint")
        return { severity: { text: t(`complaint_sort_${f.sort}`), mark: "warn" },
            what: dotted(t(`complaint_state_${f.state}`), f.passed_to, f.actor) };
    if (m.kind === "instruction")
        return { severity: { text: t("kind_instruction"), mark: "calm" },
            what: f.due ? t("said_due", { at: when(f.due) }) : "" };
    const odd = ["order", "weather", "roads", "lines"].filter((a) => f[a] !== 1);
    return { severity: { text: t("tab_situation"), mark: odd.length ? "warn" : "calm" },
        what: dotted(cutoff_name(state.cutoffs[f.cutoff - 1] ?? { name: f.cutoff }), ...(odd.length
            ? odd.map((a) => `${t(`f_situation_${a}`)}: ${t(`situation_${f[a]}`)}`) : [t("situation_1")])) };
}

export function seen_word(m) {
    if (m.kind === "situation" || (!m.open && !m.acknowledged && m.kind !== "instruction"))
        return { text: "" };
    const by = m.kind === "instruction" ? m.receipts[0] : m.acknowledged;
    if (by)
        return { text: by.earlier ? `✓ ${t("seen_earlier")}` : "✓",
            sub: t(m.kind === "instruction" ? "receipts_by" : "acknowledged_by", { by: by.by, at: when(by.at) }) };
    return { text: `! ${t(m.kind === "instruction" ? "no_receipt" : "not_acknowledged")}`, mark: "warn" };
}

export function paint_matters(state, matters) {
    const all = matters.matters, open = all.filter((m) => m.open && ["incident", "complaint"].includes(m.kind));
    rows($("matters"), all, (m) => `${m.log} ${m.n}`, () => make("tr"), (row, m) => {
        const words = matter_words(state, m);
        cells(row, [
            { head: true, text: m.place, sub: m.within === state.unit.name ? "" : m.within },
            { ...words.severity, name: t("col_severity") },
            { text: m.text || words.what, sub: m.text ? words.what : "", name: t("col_what") },
            { ...seen_word(m), name: t("col_ack") },
            { text: when(m.at), name: t("col_at") },
        ]);
    });
    const fresh = open.filter((m) => !m.acknowledged).length;
    set($("matters-sum"), dotted(t("matters_open", { n: num(open.length), new: num(fresh) }),
        matters.more ? t("matters_more", { n: num(matters.more) }) : ""));
}
