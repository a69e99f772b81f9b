// record.js - the signed record behind a figure: what it says in words, who said it, where it stands, how it came.
import { $, category_name, cutoff_name, date_of, date_time, dotted, get, has, life, live, make, num, reason_words, rows,
    set, severity_word, show, span, start, state_word, t } from "./ui.js";
import { unit_link } from "./words.js";

let reply = null;

const yes = (b) => t(b ? "rec_yes" : "rec_no");
const digits = (hex) => hex.replace(/(.{8})(?=.)/g, "$1 ");
const in_full = (ms) => (ms ? `${date_time(ms)}:${String(new Date(ms).getUTCSeconds()).padStart(2, "0")}` : t("none"));

// ---- the fields of each kind, in the order in which they stand

const SHOWN = { // by kind and name, else by name; what is not here is a number or text as it stands
    cutoff: (n) => cutoff_name(reply.cutoffs[n - 1] ?? { name: n }),
    category: (n) => category_name(reply.election, n),
    severity: (n) => severity_word(n).text,
    date: (ms) => (ms ? date_of(ms) : t("none")), on: (ms) => (ms ? date_of(ms) : t("none")),
    due: (ms) => (ms ? date_time(ms) : t("none")),
    "decision.what": (word) => t(`decision_${word}`), "step.what": (word, r) => t(`step_${r.step}`),
    "verdict.word": (word) => t(`verdict_${word}`),
    "incident.state": (n) => t(`incident_state_${n}`),
    "complaint.sort": (n) => t(`complaint_sort_${n}`), "complaint.state": (n) => t(`complaint_state_${n}`),
    "situation.order": (n) => t(`situation_${n}`), "situation.weather": (n) => t(`situation_${n}`),
    "situation.roads": (n) => t(`situation_${n}`), "situation.lines": (n) => t(`situation_${n}`),
};
const HASHES = new Set(["definition", "hash", "text", "content", "plan_hash", "certificate", "key", "positions"]);

const label_of = (kind, name) => [`f_${kind}_${name}`, `rec_f_${name}`, `n_${name}`].map((key) => (has(key) ? t(key) : "")).find(Boolean) ?? name;

function field_rows(r) {
    const own = Object.entries(r.fields).filter(([name, value]) => !(HASHES.has(name) && value.length > 200) && !(name === "text" && r.text));
    const list = own.map(([name, value]) => {
        const say = SHOWN[`${r.kind}.${name}`] ?? SHOWN[name];
        const text = say ? say(value, r) : HASHES.has(name) ? digits(String(value)) : typeof value === "number" ? num(value) : value;
        return [label_of(r.kind, name), text === "" ? t("none") : text, HASHES.has(name) ? "code" : ""];
    });
    for (const v of (r.votes ?? []).filter((x) => x.column === 0))
        list.push([`${v.number}. ${v.name}`, num(v.votes)]);
    if (r.votes_open === false)
        list.push([t("rec_votes"), t("votes_closed")]);
    if (r.text)
        list.push([t("rec_text"), r.text, "long"]);
    return list;
}

// ---- about it

function who_rows(r) {
    return [
        [t("rec_kind"), t(`kind_${r.kind}`)],
        [t("rec_place"), dotted(r.place?.name, r.place?.code, r.within?.name)],
        r.contest_name && [t("rec_contest"), dotted(r.contest_name, r.contest)],
        [t("rec_state"), state_word(r.state).text],
        r.reasons.length > 0 && [t("rec_reasons"), reason_words(r.reasons)],
        [t("rec_by"), r.by || t("none")],
        [t("rec_how"), t(`how_${r.how}`)],
        r.behalf && [t("rec_behalf"), r.behalf],
        [t("rec_relayed"), yes(r.relayed)],
        r.why && [t("rec_why"), r.why],
        [t("rec_act"), digits(r.act), "code"],
        r.replaces.length > 0 && [t("rec_replaces"), r.replaces.map(digits).join("; "), "code"],
        r.after_seal && [t("rec_seal"), t("after_seal", { n: r.after_seal })],
        [t("rec_plan"), num(r.plan)],
        [t("rec_bytes"), t("rec_bytes_n", { n: num(r.bytes) })],
    ].filter(Boolean);
}

// A delay as the two clocks tell it: one that is negative is a clock that is off, and is said so.
function delay(ms) {
    if (ms == null)
        return "";
    if (Math.abs(ms) < 2000)
        return t("rec_at_once");
    return t(ms < 0 ? "rec_before" : "rec_after", { span: span(Math.abs(ms)) });
}

function way_rows(r) {
    const marks = r.copies.flatMap((c) => c.marks);
    return [
        [t("rec_at"), in_full(r.at)],
        [t("rec_entered"), dotted(in_full(r.entered), delay(r.typed_after_ms))],
        [t("rec_stored"), dotted(in_full(r.stored), delay(r.came_after_ms))],
        [t("rec_path"), r.way.map((u) => u.name).join(" → ")],
        ...(reply.top ? [[t("rec_marks"), t("rec_marks_none")]] : marks.length
            ? marks.map((m) => [t("rec_marks"), `✓ ${dotted(m.name || m.code, in_full(m.at))}`]) : [[t("rec_marks"), t("rec_marks_not")]]),
    ];
}

function log_rows(c) {
    return [
        [t("rec_log"), dotted(c.author_name, c.author, t(`rec_stream_${c.stream}`))],
        [t("rec_n"), num(c.n)],
        [t("rec_run"), c.run_first ? t("rec_run_of", { first: num(c.run_first), last: num(c.run_last) }) : t("none")],
        [t("rec_incarnation"), digits(c.incarnation), "code"],
        [t("rec_key"), c.key, "code"],
        [t("rec_signature"), c.signature ? digits(c.signature) : t("none"), "code"],
        [t("rec_counts"), c.admitted ? yes(true) : t("rec_held")],
    ];
}

// ---- painting

function paint_list(list, items) {
    rows(list, items.map((item, i) => ({ item, i })), ({ i }) => i, () => {
        const box = make("div");
        box.append(make("dt"), make("dd"));
        return box;
    }, (box, { item: [name, text, cls] }) => {
        set(box.children[0], name);
        set(box.children[1], text, cls ?? "");
    });
}

function build_record(r) {
    const box = make(r.chosen || r.first ? "section" : "details", "panel record");
    const title = make(r.chosen || r.first ? "div" : "summary", "title");
    title.append(make("h2"), make("span", "chip"));
    box.append(title);
    for (const key of ["rec_says", "rec_who", "rec_way_title"])
        box.append(make("h3", "", key), make("dl", "pairs"));
    box.append(make("h3", "", "rec_where"), make("div", "copies"));
    return box;
}

function paint_record(box, r) {
    const [title, , says, , who, , way, , copies] = box.children, state = r.chosen ? { text: `✓ ${t("rec_chosen")}`, mark: "good" }
        : state_word(r.state);
    set(title.children[0], dotted(t(`kind_${r.kind}`), r.place?.name, in_full(r.entered)));
    set(title.children[1], state.text, `chip ${state.mark}`);
    paint_list(says, r.kind === "summary" ? [[t("rec_kind"), t("rec_summary")]] : field_rows(r));
    paint_list(who, who_rows(r));
    paint_list(way, way_rows(r));
    rows(copies, r.copies, (c) => `${c.incarnation} ${c.n}`, () => make("dl", "pairs"), (list, c) => paint_list(list, log_rows(c)));
}

function paint() {
    if (!reply)
        return;
    const { records, unit, election } = reply, first = records[0], drill = Boolean(election.drill);
    document.body.classList.toggle("drill", drill);
    show($("drill"), drill);
    document.title = `${t("rec_title")} - ${unit.name}`;
    set($("about"), dotted(first?.place?.name ?? unit.name, first?.within?.name, first ? t(`kind_${first.kind}`) : ""));
    $("back").href = `./${unit_link(first?.place?.code ?? unit.code)}`;
    $("history").href = `audit.html?unit=${encodeURIComponent(first?.place?.code ?? unit.code)}`;
    show($("trouble"), records.length === 0);
    set($("trouble"), t("rec_none"));
    rows($("records"), records.map((r, i) => ({ ...r, first: i === 0 })), (r) => `${r.log} ${r.n} ${r.chosen || r.first}`, build_record, paint_record);
    set($("more"), reply.more ? t("rec_more", { n: num(reply.more) }) : "");
}

async function read() {
    try {
        reply = await get(`api/record${location.search}`);
    } catch (error) {
        show($("trouble"), Boolean(error.status));
        set($("trouble"), error.message);
        throw error;
    }
    paint();
    return reply.turn;
}

async function main() {
    await start(paint);
    live(read, (event) => !event.units || !reply || event.units.includes(reply.records[0]?.home.code ?? reply.unit.code), life);
}

main();
