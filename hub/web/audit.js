// audit.js - an auditor's page: every version of every figure, what was here at a moment, machines, who looked.
//
// It does not go on by itself: what was asked is shown as of when it was asked. What is remarkable about a version
// is the server's word; here it is only said.
import { $, cells, clock, cutoff_name, date_time, dotted, get, make, num, reason_words, rows, seconds, set, show, start,
    state_word, t } from "./ui.js";
import { said_words, step_word } from "./said.js";
import { ask_who } from "./who.js";

const ONLY = ["changed", "conflict", "held_back", "released", "verdict", "late", "came_late", "relayed", "behalf",
    "not_counted", "retired", "old", "clock"];
const KINDS = ["step", "turnout", "list_change", "tally", "minutes", "decision", "incident", "complaint", "situation",
    "ready", "shift", "instruction", "verdict", "void", "sealed"];
const COLUMNS = ["audit_col_value", "col_state", "audit_col_who", "audit_col_when", "audit_col_why", "audit_col_log"];

const asked = { unit: "", only: "changed", kind: "", person: "", votes: false, page: 1 };
const then = { at: "", basis: "stored", all: false, page: 1 };
let history = null, past = null, access = null, denied = false;

const query = (fields) => new URLSearchParams(Object.entries(fields).filter(([, v]) => v)).toString();
const full = (ms) => (ms ? `${date_time(ms)}:${seconds(ms).slice(6)}` : t("none"));

// ---- versions

function figure_name(f) {
    if (f.kind === "turnout" || f.kind === "situation")
        return dotted(t(`kind_${f.kind}`), cutoff_name(history.cutoffs[f.which - 1] ?? { name: num(f.which) }));
    return dotted(t(`kind_${f.kind}`), f.kind === "step" && f.which ? step_word(f.which) : "");
}

function value_words(v) {
    if (v.kind === "step")
        return dotted(step_word(v.fields.what), full(v.at));
    if (v.kind === "turnout")
        return num(v.fields.voted);
    if (v.kind !== "tally")
        return said_words(history, v);
    const f = v.fields, votes = (v.votes ?? []).filter((x) => x.column === 0).map((x) => `${x.name || x.number}: ${num(x.votes)}`);
    return dotted(...["eligible", "attended", "issued", "returned", "valid", "invalid"].filter((n) => f[n] !== undefined)
        .map((n) => `${t(`n_${n}`)}: ${num(f[n])}`), ...(v.votes_open ? votes : [t("votes_closed")]));
}

const mark_words = (marks) => marks.map((m) => t(`mark_${m}`)).join(" · ");

function after_words(v) {
    const words = v.verdicts.map((w) => dotted(t(`verdict_${w.word}`), w.by, date_time(w.entered), w.why,
        w.word === "released" ? reason_words(w.waives) : "", w.in_force ? "" : t("audit_no_longer")));
    if (v.replaced_by)
        words.push(t("audit_replaced_by", { by: v.replaced_by.by || t("none"), at: date_time(v.replaced_by.entered),
            why: v.replaced_by.why || t("audit_no_why") }));
    return words.join("\n");
}

function version_cells(v) {
    const copy = v.copies[0] ?? {}, more = v.copies.length - 1;
    const own = v.replaces.length ? t("audit_replaces", { why: v.why || t("audit_no_why") }) : v.why;
    const log = t("audit_log", { author: copy.author_name || copy.author || v.author, n: num(copy.n ?? v.n) });
    const stored = v.stored ? t("audit_stored", { at: full(v.stored) }) : t("audit_not_stored");
    return [
        { head: true, text: value_words(v), sub: v.text ?? "" },
        { ...state_word(v.state), sub: dotted(mark_words(v.marks), reason_words(v.reasons)), name: t("col_state") },
        { text: v.by || t("none"), sub: dotted(t(`how_${v.how}`), v.behalf && t("audit_behalf", { who: v.behalf })),
            name: t("audit_col_who") },
        { text: full(v.entered), sub: dotted(v.at === v.entered ? "" : t("audit_at", { at: full(v.at) }), stored),
            name: t("audit_col_when") },
        { text: own, sub: after_words(v), cls: "stands", name: t("audit_col_why") },
        { text: log,
            href: `record.html?${query({ unit: v.home.code, act: v.act })}`,
            label: `${log}: ${t("audit_record")}`,
            sub: dotted((copy.hash ?? "").slice(0, 16), more > 0 ? t("audit_copies", { n: num(more) }) : ""),
            cls: "hash", name: t("audit_col_log") },
    ];
}

function build_figure() {
    const box = make("section", "panel figure"), title = make("div", "title"), table = make("table", "fold");
    const top = make("thead"), head = make("tr");
    title.append(make("h3"), make("span", "soft"));
    head.append(...COLUMNS.map((key) => make("th", "", key)));
    top.append(head);
    table.append(top, make("tbody"));
    box.append(title, table, make("p", "soft"));
    return box;
}

function paint_figure(box, f) {
    const [title, table, more] = box.children;
    set(title.children[0], dotted(f.name, figure_name(f)));
    set(title.children[1], dotted(f.within, f.contest_name));
    rows(table.tBodies[0], f.versions, (v) => `${v.act} ${v.log} ${v.n}`, () => make("tr"), (row, v) => {
        cells(row, version_cells(v));
        row.className = v.state === "replaced" ? "gone" : "";
    });
    set(more, f.more ? t("audit_more", { n: num(f.more) }) : "");
}

function paint_machines() {
    rows($("machines"), history.machines, (m) => `${m.author} ${m.incarnation} ${m.stream}`, () => make("tr"), (row, m) =>
        cells(row, [
            { head: true, text: dotted(m.author, t(`stream_${m.stream}`)), sub: m.key },
            { text: full(m.first), name: t("machines_from") },
            { text: full(m.last), name: t("machines_to") },
            { text: num(m.n), cls: "n", name: t("machines_n") },
            { ...(m.fork ? { text: `! ${t("machines_fork", { n: num(m.fork) })}`, mark: "bad" }
                : m.line !== null ? { text: `■ ${t("machines_retired", { n: num(m.line) })}`, mark: "warn" }
                    : m.admitted ? { text: `✓ ${t("machines_counts")}`, mark: "good" }
                        : { text: `■ ${t("machines_held")}`, mark: "warn" }), name: t("col_state") },
        ]));
}

function paint_history() {
    if (!history)
        return;
    const { unit, election } = history;
    document.body.classList.toggle("drill", Boolean(election.drill));
    show($("drill"), Boolean(election.drill));
    document.title = `${t("audit_title")} - ${unit.name}`;
    set($("about"), dotted(unit.name, unit.code, election.title));
    set($("as-of"), date_time(history.as_of));
    set($("found"), history.n ? t("audit_found", { n: num(history.n), versions: num(history.versions) }) : t("audit_none"));
    rows($("figures"), history.figures, (f) => `${f.place} ${f.contest} ${f.kind} ${f.which} ${f.versions[0]?.act}`,
        build_figure, paint_figure);
    rows($("forks"), history.forks, (f) => `${f.author} ${f.incarnation}`, () => make("p", "bar bad"), (p, f) =>
        set(p, `! ${t("audit_fork", { name: f.name, author: f.author, n: num(f.n) })}`));
    paint_pager("", history);
    paint_machines();
    $("csv").href = `api/export/history.csv?${query({ ...asked, page: 0, votes: asked.votes ? 1 : 0 })}`;
    $("sample").href = `sample.html?${query({ unit: asked.unit })}`;
}

function paint_pager(prefix, list) {
    show($(`${prefix}pager`), list.pages > 1);
    set($(`${prefix}page`), t("audit_page", { n: num(list.page + 1), of: num(list.pages) }));
    $(`${prefix}before`).disabled = list.page === 0;
    $(`${prefix}after`).disabled = list.page + 1 >= list.pages;
}

// ---- then and now

function turnout_words(b, i) {
    const c = b.turnout[i];
    return c.voted === null ? t("none") : dotted(num(c.voted), c.state === "value" ? "" : state_word(c.state).text);
}

function tally_words(b, open) {
    const y = b.tally;
    if (y.state === "missing")
        return t("none");
    const votes = (y.votes ?? []).map((n, i) => `${b.candidates[i].name}: ${num(n)}`);
    return dotted(`${t("n_valid")}: ${num(y.valid)}`, `${t("n_invalid")}: ${num(y.invalid)}`,
        ...(open ? votes : [t("votes_closed")]), y.state === "value" ? "" : state_word(y.state).text);
}

// A line for each thing that one may have asked about; those that differ stand out by words, not by colour alone.
function then_lines(row) {
    const lines = past.cutoffs.map((c, i) => [dotted(t("turnout"), cutoff_name(c)), turnout_words(row.then, i),
        turnout_words(row.now, i)]);
    lines.push([t("kind_tally"), tally_words(row.then, row.votes_open), tally_words(row.now, row.votes_open)]);
    lines.push([t("col_life"), t(`life_${row.then.life}`), t(`life_${row.now.life}`)]);
    return lines.filter(([, a, b]) => then.all ? a !== t("none") || b !== t("none") : a !== b);
}

function paint_then() {
    show($("then-found"), past !== null);
    if (!past)
        return;
    const lines = past.rows.flatMap((row) => {
        const found = then_lines(row);
        const all = found.length ? found : [[t("then_other"), "", ""]];
        return all.map((line, i) => ({ row, line, i }));
    });
    set($("then-sum"), dotted(t("then_sum", { at: full(past.moment), changed: num(past.changed) }),
        past.basis === "stored" ? t("then_since", { n: num(past.since) }) : ""));
    const late = past.basis === "stored" && (!past.began || past.began > past.moment);
    set($("then-limits"), [t(`then_${past.basis}_words`), late ? t("then_before", { at: full(past.began) }) : "",
        t("then_plan")].filter(Boolean).join(" "));
    rows($("then-rows"), lines, ({ row, line, i }) => `${row.place} ${row.then.contest} ${line[0]} ${i}`, () => make("tr"),
        (tr, { row, line: [what, was, is] }) => cells(tr, [
            { head: true, text: row.name, sub: dotted(row.within, row.then.contest_name) },
            { text: what, name: t("col_what") },
            { text: was, name: t("then_then") },
            { text: is, sub: was === is ? "" : t("then_differs"), cls: was === is ? "" : "differs", name: t("then_now") },
        ]));
    paint_pager("then-", past);
}

// ---- who looked

function paint_access() {
    if (!access)
        return;
    set($("access-words"), dotted(t("access_words"), t("access_most", { n: num(access.most) }),
        access.rows.length ? "" : t("access_none")));
    rows($("access"), access.rows, (r) => `${r.from} ${r.person} ${r.path} ${r.unit}`, () => make("tr"), (row, r) =>
        cells(row, [
            { head: true, text: r.person || t("access_machine"), sub: t(`access_way_${r.way}`) },
            { text: full(r.from), name: t("access_from") },
            { text: full(r.until), name: t("access_to") },
            { text: r.path, sub: r.unit, name: t("access_what") },
            { text: num(r.times), cls: "n", name: t("access_times") },
        ]));
}

// ---- asking

function paint_choices() {
    const fill = (select, all, words, value) => {
        select.replaceChildren(...all.map((name) => Object.assign(make("option"), { value: name, textContent: words(name) })));
        select.value = value;
    };
    fill($("only"), ["", ...ONLY], (name) => t(name ? `mark_${name}` : "audit_all"), asked.only);
    fill($("kind"), ["", ...KINDS], (name) => t(name ? `kind_${name}` : "audit_all"), asked.kind);
    fill($("then-basis"), ["stored", "entered"], (name) => t(`then_${name}`), then.basis);
}

function paint() {
    paint_choices();
    set($("trouble"), denied ? t("audit_denied") : "");
    paint_history();
    paint_then();
    paint_access();
}

async function try_to(note, work, wrong) {
    set(note, "", "note");
    try {
        await work();
        return true;
    } catch (e) {
        set(note, e.status === 403 ? t("audit_denied") : e.status === 422 && wrong ? t(wrong) : e.message, "note bad");
        return false;
    }
}

async function read_history() {
    await try_to($("note"), async () => {
        history = await get(`api/history?${query({ ...asked, votes: asked.votes ? 1 : 0 })}`);
        window.history.replaceState(null, "", `?${query({ ...asked, votes: asked.votes ? 1 : 0 })}`);
        paint_history();
    });
}

async function read_then() {
    await try_to($("then-note"), async () => {
        past = await get(`api/then?${query({ unit: asked.unit, at: then.at, basis: then.basis, all: then.all ? 1 : 0,
            page: then.page, votes: asked.votes ? 1 : 0 })}`);
        paint_then();
    }, "then_wrong");
}

// What was typed is a code, or some letters of a name: of several that fit one chooses.
async function find_unit(text) {
    $("units").replaceChildren();
    if (!text)
        return "";
    const found = await get(`api/find?${query({ q: text })}`);
    const same = found.units.find((u) => u.code === text) ?? (found.n === 1 ? found.units[0] : null);
    if (same)
        return same.code;
    $("units").append(...found.units.map((u) => {
        const button = Object.assign(make("button"), { type: "button", textContent: dotted(u.name, u.code,
            u.path.slice(0, -1).map((x) => x.name).join(" › ")) });
        button.addEventListener("click", () => choose_unit(u.code));
        return button;
    }));
    throw new Error(t(found.n ? "audit_which_unit" : "no_such_unit"));
}

async function choose_unit(code) {
    $("unit").value = code;
    $("units").replaceChildren();
    Object.assign(asked, { unit: code, page: 1 });
    await read_history();
}

function ask(event) {
    event?.preventDefault();
    return try_to($("note"), async () => {
        const unit = await find_unit($("unit").value.trim());
        Object.assign(asked, { unit, only: $("only").value, kind: $("kind").value, person: $("person").value.trim(),
            votes: $("votes").checked, page: 1 });
        if (unit)
            $("unit").value = unit;
        await read_history();
    });
}

function ask_then(event) {
    event.preventDefault();
    Object.assign(then, { at: $("then-at").value.trim(), basis: $("then-basis").value, all: $("then-all").checked, page: 1 });
    return read_then();
}

function turn(list, read, by) {
    list.page += by;
    return read();
}

// Whoever may not ask is told so, and nothing is asked for them; whoever is not known is asked who they are by the
// first answer.
async function enter() {
    const who = await ask_who();
    const may = who.rights.includes("audit") || (who.guarded && !who.person);
    document.body.classList.toggle("drill", Boolean(who.election.drill));
    show($("drill"), Boolean(who.election.drill));
    set($("about"), dotted(who.unit.name, who.unit.code, who.election.title));
    for (const box of document.querySelectorAll("main > form, main > section, main > details"))
        show(box, may);
    show($("trouble"), !may);
    set($("trouble"), may ? "" : t("audit_denied"));
    denied = !may;
    if (may)
        await read_history();
}

async function main() {
    const words = new URLSearchParams(location.search);
    for (const name of ["unit", "only", "kind", "person"])
        if (words.has(name))
            asked[name] = words.get(name);
    if (words.size > 0 || location.search.length > 1)
        asked.only = words.get("only") ?? "";
    asked.votes = words.get("votes") === "1";
    await start(paint);
    paint_choices();
    $("unit").value = asked.unit;
    $("person").value = asked.person;
    $("votes").checked = asked.votes;
    $("ask").addEventListener("submit", ask);
    $("then-ask").addEventListener("submit", ask_then);
    $("before").addEventListener("click", () => turn(asked, read_history, -1));
    $("after").addEventListener("click", () => turn(asked, read_history, 1));
    $("then-before").addEventListener("click", () => turn(then, read_then, -1));
    $("then-after").addEventListener("click", () => turn(then, read_then, 1));
    $("access-box").addEventListener("toggle", async () => {
        if ($("access-box").open && !denied)
            await try_to($("access-words"), async () => {
                access = await get("api/access");
                set($("access-words"), "", "soft");
                paint_access();
            });
    });
    $("then-at").placeholder = clock(Date.now());
    await enter();
}

main();
