// shift.js - the handover of the desk: everything that is open, to print; given by one, taken over by the other.
//
// The node lists what is open and says who may give and take; whoever gives is logged out with it.
import { $, clock, cutoff_name, date_time, dotted, draw_act, error_words, form_line, get, make, num, post, reason_words, rows, set,
    show, start, t } from "./ui.js";
import { facts, head, signatures } from "./paper.js";
import { paint_dues } from "./dues.js";
import { said_words } from "./said.js";
import { ask_who, leave, person } from "./who.js";

let state = null, act = draw_act();

const name_of = (id) => {
    const known = state.persons.find((p) => p.id === id);
    return known?.name ? `${known.name} (${id})` : id;
};

function list(id, items, words) {
    rows($(id), items.length ? items.map((item, i) => ({ item, key: item.act ?? i })) : [{ key: "none" }],
        (x) => x.key, () => make("li"), (li, x) => set(li, x.item ? words(x.item) : t("shift_nothing")));
}

function handover_words(h) {
    if (!h)
        return t("shift_none");
    const taken = h.taken ? t("shift_taken", { by: name_of(h.taken.by), at: date_time(h.taken.at) }) : t("shift_untaken");
    return dotted(t("shift_line", { by: name_of(h.by), to: name_of(h.to), at: date_time(h.at) }), taken);
}

function paint_tools() {
    const me = person()?.id, h = state.handover, others = state.persons.filter((p) => p.id !== me);
    const mine = Boolean(h && !h.taken && me && h.to === me);
    show($("take"), mine);
    show($("to-label"), Boolean(me) && others.length > 0);
    show($("give"), Boolean(me) && others.length > 0);
    rows($("to"), others, (p) => p.id, (p) => Object.assign(make("option"), { value: p.id }),
        (option, p) => set(option, p.name || p.id));
    if (!me || !others.length)
        set($("note"), t("shift_nobody"), "note");
}

function paint() {
    if (!state)
        return;
    head(state, "shift_title");
    facts($("facts"), [["shift_at", date_time(state.now)], ["shift_by", person() ? name_of(person().id) : t("who_desk")],
        ["shift_last", handover_words(state.handover)], ["shift_queue", num(state.link?.backlog ?? 0)]]);
    list("missing", state.missing, (m) => dotted(m.place, cutoff_name({ name: m.cutoff })));
    list("held", state.held, (h) => dotted(h.place, t(`kind_${h.kind}`), h.by, clock(h.entered), reason_words(h.reasons)));
    list("matters", state.matters, (m) => dotted(m.place, said_words(state, m), m.text ?? "", clock(m.at)));
    paint_dues($("dues"), state.dues);
    signatures($("signs"), ["sign_giver", "sign_taker"]);
    paint_tools();
    show($("sheet"), true);
}

async function read() {
    state = await get("api/shift");
    paint();
}

async function say(fields, done) {
    const answer = await post("api/say", form_line({ ...fields, act })).catch(() => null);
    set($("note"), answer?.ok ? t(done) : error_words(answer, "unsent"), answer?.ok ? "note good" : "note bad");
    if (answer?.ok) {
        act = draw_act();
        await read().catch(() => null);
    }
    return Boolean(answer?.ok);
}

async function give(event) {
    event.preventDefault();
    if (await say({ kind: "shift", to: $("to").value }, "shift_given"))
        await leave();
}

async function main() {
    await start(paint);
    await ask_who().catch(() => null);
    $("print").addEventListener("click", () => print());
    $("tools").addEventListener("submit", give);
    $("take").addEventListener("click", () => say({ kind: "receipt", of: state.handover.act }, "shift_done"));
    await read().catch((e) => set($("note"), e.message, "note bad"));
}

main();
