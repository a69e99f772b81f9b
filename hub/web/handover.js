// handover.js - the handover sheet: everything that is open, for whoever takes over, on A4 in black and white.
import { $, category_name, clock, cutoff_name, date_time, dotted, draw_act, error_words, form_line, get, keep, label, language, now, num,
    post, reason_words, set, severity_word, show, start, t, when } from "./ui.js";
import { facts, head, line, signatures } from "./paper.js";
import { may_operate } from "./deskcore.js";
import { call_words, reason_of } from "./deskring.js";
import { figure_of } from "./deskheld.js";
import { seen_of } from "./deskincidents.js";

let sheet = null;

const group = () => new URLSearchParams(location.search).get("group") ?? "";
const phones = (unit) => unit.contacts.map((c) => dotted(c.name, c.phone?.text, c.phone2?.text)).join("; ");

function paint_ring({ desk }) {
    const at = new Map(desk.units.map((u) => [u.code, u]));
    const units = [...desk.ring, ...desk.asleep].map((code) => at.get(code)).filter(Boolean);
    set($("ring-title"), t("duty_h_ring", { n: num(desk.ring.length), asleep: num(desk.asleep.length) }));
    $("ring").replaceChildren();
    units.forEach((u, i) => line($("ring"), [`${i + 1}. ${u.name} (${u.code})`, reason_of(u), phones(u),
        call_words(u.calls)]));
    show($("ring-table"), units.length > 0);
}

function paint_incidents({ desk, incidents }) {
    const open = incidents.matters.filter((m) => m.open && !m.settled);
    set($("incidents-title"), t("duty_h_incidents", { n: num(open.length) }));
    $("incidents").replaceChildren();
    for (const m of open) {
        const what = m.kind === "incident" ? (language === "en" && m.category_en) || m.category
            || category_name(desk.election, 0) : t(`complaint_sort_${m.fields.sort}`);
        line($("incidents"), [dotted(m.place, m.within, when(m.at)),
            m.kind === "incident" ? severity_word(m.fields.severity).text : what, dotted(what, m.text),
            dotted(t(`${m.kind}_state_${m.fields.state}`), m.fields.actor ? t("said_actor", { who: m.fields.actor }) : "",
                seen_of(m))]);
    }
    show($("incidents-table"), open.length > 0);
}

function paint_held({ held }) {
    set($("held-title"), t("duty_h_held", { n: num(held.n) }));
    $("held").replaceChildren();
    for (const i of held.items) {
        const versions = i.versions.filter((v) => v.state !== "replaced");
        line($("held"), [dotted(i.place, i.within), dotted(t(`kind_${i.kind}`), i.cutoff
            ? cutoff_name({ name: i.cutoff }) : ""), versions.map((v) => dotted(figure_of(v), v.by, when(v.at))).join("; "),
        dotted(t(`state_${i.state}`), ...versions.map((v) => reason_words(v.reasons)))]);
    }
    show($("held-table"), held.items.length > 0);
}

function paint() {
    if (!sheet)
        return;
    const { desk, ready, bulletins } = sheet, last = bulletins.bulletins.at(-1);
    label(document);
    head(desk, "duty_h_title", {});
    facts($("facts"), [
        ["sheet_election", desk.election.title || desk.election.label],
        ["duty_h_at", date_time(desk.as_of)],
        ["duty_group", desk.group || t("duty_group_all")],
        ["duty_h_last", last ? t("duty_h_bulletin", { n: num(last.number), at: when(last.at) }) : t("none")],
        ["duty_h_shift", dotted(desk.person ?? $("by").value.trim(), $("to").value.trim() ? `→ ${$("to").value.trim()}` : "")],
    ]);
    paint_ring(sheet);
    paint_incidents(sheet);
    paint_held(sheet);
    set($("ready-title"), t("duty_ready_sum", { n: num(ready.n), of: num(ready.of) }));
    set($("ready"), ready.rows.filter((r) => !r.ready).map((r) => r.name).join("; "));
    signatures($("signs"), ["duty_sign_from", "duty_sign_to", "sign_head"]);
    show($("by-box"), !desk.person);
    show($("sheet"), true);
}

async function read() {
    const asked = group() ? `?group=${encodeURIComponent(group())}` : "";
    try {
        if (!await may_operate()) {
            set($("note"), dotted(t("duty_no_right"), date_time(now())), "note bad");
            return;
        }
        const [desk, held, incidents, ready, bulletins] = await Promise.all([get(`api/desk${asked}`),
            get(`api/desk/held${asked}`), get(`api/desk/incidents${asked}`), get(`api/desk/ready${asked}`),
            get("api/bulletins")]);
        sheet = { desk, held, incidents, ready, bulletins };
        set($("note"), "");
        paint();
    } catch (e) {
        set($("note"), e.status === 401 || e.status === 403 ? t("duty_no_right") : e.message, "note bad");
    }
}

async function hand_over(event) {
    event.preventDefault();
    const to = $("to").value.trim(), by = sheet?.desk.person ? "" : $("by").value.trim();
    if (!to || (!sheet?.desk.person && !by)) {
        set($("note"), t("fill_in", { name: t(to ? "duty_by" : "f_shift_to") }), "note bad");
        $(to ? "by" : "to").focus();
        return;
    }
    try {
        const answer = await post("api/say", form_line({ kind: "shift", to, by, act: draw_act() }));
        set($("note"), answer.ok ? t("duty_shift_said", { to, at: clock(Date.now()) }) : dotted(t("refused"), error_words(answer)),
            answer.ok ? "note good" : "note bad");
        if (answer.ok)
            paint();
    } catch {
        set($("note"), t("check_unanswered"), "note bad");
    }
}

async function main() {
    await start(paint);
    $("by").value = keep("desk.by") ?? "";
    $("print").addEventListener("click", () => print());
    $("again").addEventListener("click", read);
    $("shift").addEventListener("submit", hand_over);
    await read();
}

main();
