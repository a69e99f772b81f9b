// zero.js - the sheet before opening: plan, keys, readiness, and every counter at 0 or plainly not.
import { $, date_time, get, has, label, make, num, set, show, start, t } from "./ui.js";
import { facts, head, line, number, qr, signatures, typed, typed_line } from "./paper.js";

const SHOWN = ["opened", "turnout", "closed", "tallied", "valid", "invalid", "votes", "quarantined", "incidents"];

let state = null;

const kind_name = (kind) => has(`contest_${kind}`) ? t(`contest_${kind}`) : kind;
const counter_name = (name) => t(["c_", "n_"].map((at) => at + name).find(has) ?? name);

function paint_said() {
    const list = make("ul");
    for (const { kind, name, value } of state.not_zero ?? [])
        list.append(Object.assign(make("li"), { textContent: `${kind_name(kind)}: ${counter_name(name)}: ${num(value)}` }));
    if (state.unreadable > 0)
        list.append(Object.assign(make("li"), { textContent: t("zero_unreadable", { n: num(state.unreadable) }) }));
    const words = make("span");
    set(words, t(!state.plan ? "zero_no_plan" : state.zero ? "zero_yes" : "zero_no"));
    $("said").replaceChildren(words, ...(list.children.length ? [list] : []));
    if (state.zero && state.said > 0)
        $("said").append(Object.assign(make("p"), { textContent: t("zero_said", { n: num(state.said) }) }));
}

// A column for each kind of contest, a row for each counter.
function paint_kinds() {
    const kinds = state.kinds ?? [];
    $("kinds-head").replaceChildren(make("th", "", "zero_counter"), ...kinds.map((k) => {
        const th = make("th", "n"), size = make("small");
        set(size, t("zero_size", { places: num(k.places), voters: num(k.voters) }));
        th.append(kind_name(k.kind), make("br"), size);
        return th;
    }));
    $("kinds").replaceChildren();
    for (const name of SHOWN)
        line($("kinds"), [counter_name(name), ...kinds.map((k) => number(num(k.counters[name])))]);
}

function paint_keys() {
    const named = (u) => `${u.name} (${u.code})`;
    $("keys").replaceChildren();
    line($("keys"), [named(state.unit), typed_line(state.key), t("zero_self")]);
    for (const u of state.above)
        line($("keys"), [named(u), typed_line(u.key), t("zero_above")]);
    for (const u of state.children ?? [])
        line($("keys"), [named(u), typed_line(u.key), t(u.admitted ? "zero_admitted" : "zero_waits")]);
}

function paint() {
    if (!state)
        return;
    const { plan, ready } = state;
    label(document);
    head(state, "zero_title", {});
    paint_said();
    facts($("facts"), [
        ["sheet_election", state.election.title || state.election.label],
        ["sheet_kind", t(state.election.drill ? "sheet_drill" : "sheet_real")],
        ["zero_at", date_time(state.now)],
        ["zero_version", plan ? t("zero_version_of", { label: plan.label, n: plan.version }) : t("none")],
        ["zero_counts", t("zero_counts_of", { places: num(state.places), contests: num(state.contests) })],
        ["sheet_key", typed_line(state.key)], ["sheet_program", state.program]]);
    const box = $("plan").closest(".big");
    box.querySelector("img")?.remove();
    $("plan").replaceChildren(plan ? typed(plan.seal) : t("none"));
    if (plan)
        box.append(qr(plan.seal));
    paint_kinds();
    show($("hidden"), state.kinds_hidden > 0);
    set($("ready"), t("zero_ready", { n: num(ready?.n ?? 0), of: num(ready?.of ?? 0) }));
    const missing = (ready?.missing ?? []).map((u) =>
        u.why === "missing" ? u.name : `${u.name} (${t(`ready_${u.why}`)})`);
    set($("ready-missing"), missing.length ? t("zero_not_ready", { units: missing.join("; ") }) : "");
    paint_keys();
    signatures($("signs"), ["sign_printed", "sign_checked", "sign_head"]);
    show($("sheet"), true);
}

async function read() {
    try {
        state = await get("api/zero");
        set($("note"), "");
        paint();
    } catch (e) {
        set($("note"), e.message, "note bad");
    }
}

async function main() {
    await start(paint);
    $("print").addEventListener("click", () => print());
    $("again").addEventListener("click", read);
    await read();
}

main();
