// desklists.js - the desk's tables: units against cut-offs, machines and the heads of their logs, readiness.
import { $, cells, cutoff_name, dotted, link_word, make, num, report_word, rows, set, share, t } from "./ui.js";
import { phone_list } from "./deskring.js";

// ---- units against cut-offs

function square_spec(square, total, i, cutoff) {
    const word = report_word(square.word), turnout = total?.turnout?.[i];
    return { text: word.text, mark: word.mark, cls: word.mark, name: cutoff_name(cutoff),
        sub: square.here || square.due
            ? dotted(t("n_of", { n: num(square.here), of: num(Math.max(square.due, square.here)) }),
                turnout?.places && turnout.voters ? share(turnout.voted, turnout.voters) : "",
                square.late ? t("duty_late", { n: num(square.late) }) : "") : "" };
}

export function paint_heat(list) {
    rows($("heat-head"), [{ name: t("col_unit") }, ...list.cutoffs], (c) => c.name, () => make("th"),
        (th, c) => set(th, c.at ? cutoff_name(c) : c.name));
    rows($("heat"), list.rows, (r) => r.code, () => make("tr"), (row, r) => cells(row, [
        { head: true, text: r.name, sub: r.code },
        ...r.squares.map((s, i) => square_spec(s, r.totals[0], i, list.cutoffs[i])),
    ]));
    const missing = list.rows.filter((r) => r.squares.some((s) => s.missing > 0)).length;
    set($("heat-sum"), missing ? t("sum_missing", { n: num(missing), of: num(list.rows.length) }) : "");
}

// ---- machines

const megabytes = (n) => (n == null ? t("none") : t("duty_mb", { n: num(Math.floor(n / 1048576)) }));

function clock_off(link) {
    if (!link.beat)
        return t("none");
    const s = Math.round(Math.abs(link.offset_ms) / 1000);
    return s < 2 ? t("duty_clock_good") : t(link.offset_ms > 0 ? "duty_clock_ahead" : "duty_clock_behind", { s: num(s) });
}

function build_machine() {
    const row = make("tr");
    cells(row, [{ head: true }, {}, {}, {}, {}, {}, {}]);
    row.lastElementChild.firstElementChild.after(make("div"));
    return row;
}

function paint_heads(box, logs) {
    rows(box, logs, (l) => `${l.stream} ${l.incarnation}`, () => make("span", "seal-line"), (line, l) => {
        const whole = l.marks.length > 0 && l.marks.every((m) => m.whole);
        set(line, dotted(t(`duty_log_${l.stream}`, { n: num(l.n) }), l.head, l.counts ? "" : `! ${t("duty_not_counted")}`,
            l.marks.length && (whole || l.stream === "reports") ? (whole ? `✓ ${t("duty_above_has")}` : t("duty_above_less",
                { n: num(Math.min(...l.marks.map((m) => m.n))) })) : ""));
    });
}

export function paint_machines(list) {
    rows($("machines"), list.rows, (r) => r.code, build_machine, (row, r) => {
        const odd = new Set(r.odd), bad = (name) => (odd.has(name) ? "bad" : "");
        const link = link_word(r.link);
        cells(row, [
            { head: true, text: r.name, sub: r.code },
            { ...link, name: t("col_link"), sub: dotted(link.sub, odd.has("machines")
                ? `! ${t("duty_odd_machines", { n: num(r.link.machines) })}` : "",
            odd.has("taking") ? `! ${t("duty_odd_taking")}` : "") },
            { text: clock_off(r.link), mark: bad("clock") || bad("clock_7h"), name: t("duty_clock"),
                sub: odd.has("clock_7h") ? `! ${t("duty_odd_clock_7h")}` : odd.has("clock") ? `! ${t("duty_odd_clock")}`
                    : "" },
            { text: r.link.beat ? (r.link.plan_current ? t("duty_plan_same", { n: num(list.plan) })
                : `! ${t("duty_plan_other")}`) : t("none"), mark: bad("plan"), name: t("duty_plan"),
                sub: r.link.program ? t("duty_program", { version: r.link.program }) : "" },
            { text: megabytes(r.link.free_disk), mark: bad("disk"), cls: "n", name: t("duty_disk"),
                sub: odd.has("disk") ? `! ${t("duty_odd_disk")}` : "" },
            { text: r.link.beat ? num(r.link.backlog) : t("none"), cls: "n", name: t("duty_backlog") },
            { text: "", name: t("duty_heads"), cls: "whole" },
        ]);
        paint_heads(row.lastElementChild.children[1], r.logs);
    });
    const odd = list.rows.filter((r) => r.odd.length > 0).length;
    set($("machines-sum"), odd ? t("duty_odd", { n: num(odd), of: num(list.rows.length) }) : "");
}

// ---- readiness

function ready_words(r) {
    if (r.ready)
        return { text: `✓ ${t("kind_ready")}`, mark: "good" };
    const why = r.communes.missing.map((m) => (m.why === "missing" ? (m.code === r.code ? "" : m.name)
        : dotted(m.code === r.code ? "" : m.name, t(`ready_${m.why}`)))).filter(Boolean);
    return { text: `! ${t("duty_not_ready")}`, mark: "bad", sub: why.join("; ") };
}

export function paint_ready(list) {
    set($("ready-title"), t("duty_ready_sum", { n: num(list.n), of: num(list.of) }));
    const order = [...list.rows.filter((r) => !r.ready), ...list.rows.filter((r) => r.ready)];
    rows($("ready"), order, (r) => r.code, () => {
        const row = make("tr");
        cells(row, [{ head: true }, {}, {}, {}]);
        row.lastElementChild.firstElementChild.after(make("ul", "phones"));
        return row;
    }, (row, r) => {
        cells(row, [{ head: true, text: r.name, sub: r.code }, { ...ready_words(r), name: t("duty_ready") },
            { ...link_word(r.link), name: t("col_link") }, { text: "", name: t("duty_phone") }]);
        phone_list(row.lastElementChild.children[1], r.contacts);
    });
}
