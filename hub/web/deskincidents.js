// deskincidents.js - incidents and complaints by severity: acknowledged, given to somebody, closed.
//
// Each of the three is the hub's statement about the unit: a verdict, or the incident as it stands now.
import { $, category_name, dotted, form_line, language, make, num, post, rows, set, severity_word, show, span,
    now, t, when } from "./ui.js";
import { act, by } from "./deskcore.js";

const WORKING = 2, CLOSED = 3; // states of an incident

const verdict = (m, word, why) => form_line({ kind: "verdict", about: m.unit, word, of: m.act, why, by: by() });
const acknowledge = (m) => act(() => post("api/say", verdict(m, "acknowledged")),
    t("duty_acknowledged", { place: m.place }));

// An incident that this hub said itself, with another state: what it said is said again.
function update(m, state, actor, why) {
    const f = m.fields;
    const kind = m.kind === "incident" ? { category: f.category, severity: f.severity }
        : { sort: f.sort, passed_to: f.passed_to };
    return post("api/say", form_line({ kind: m.kind, about: m.unit, place: m.subject, ...kind, state, actor,
        text: m.text, why, replaces: m.act, by: by() }));
}

// To whom it is given is the reason of the word that it was seen.
const assign_to = (m, actor) => act(() => (m.ours ? update(m, WORKING, actor, "")
    : post("api/say", verdict(m, "acknowledged", actor))), t("duty_assigned", { place: m.place, actor }));

// That it is over is the unit's own word; here the hub says that it holds it for settled, and how.
const settle = (m, how) => act(() => (m.ours ? update(m, CLOSED, m.fields.actor, how)
    : post("api/say", [...(m.acknowledged ? [] : [verdict(m, "acknowledged")]), verdict(m, "verified", how)].join("\n"))),
t("duty_closed", { place: m.place }));

function doing(m_of) {
    const box = make("div", "doing actions"), actor = make("input"), why = make("input");
    const button = (key, press) => {
        const b = make("button", "", key);
        b.type = "button";
        b.addEventListener("click", press);
        return b;
    };
    actor.maxLength = 60;
    why.maxLength = 300;
    const need = (field) => {
        field.toggleAttribute("aria-invalid", false);
        if (field.value.trim())
            return field.value.trim();
        field.setAttribute("aria-invalid", "true");
        field.focus();
        return null;
    };
    const ack = button("duty_do_ack", () => acknowledge(m_of()));
    const assign = button("duty_do_assign", async () => {
        const who = need(actor);
        if (who && (await assign_to(m_of(), who))?.ok)
            actor.value = "";
    });
    const close = button("duty_do_close", async () => {
        const how = need(why);
        if (how && (await settle(m_of(), how))?.ok)
            why.value = "";
    });
    box.append(ack, actor, assign, why, close);
    return { box, ack, actor, assign, why, close };
}

function build(m) {
    const row = make("li"), words = make("div");
    const parts = { m, ...doing(() => parts.m) };
    words.append(make("p"), make("p", "soft"), make("p", "soft"));
    row.append(make("span"), words, parts.box);
    row.parts = parts;
    return row;
}

const what_of = (state, m) => (m.kind === "incident"
    ? (language === "en" && m.category_en) || m.category || category_name(state.election, 0)
    : t(`complaint_sort_${m.fields.sort}`));

// What the desk said of it.
export function seen_of(m) {
    const a = m.acknowledged;
    if (a)
        return dotted(`✓ ${t("acknowledged_by", { by: a.by, at: when(a.at) })}`,
            m.assigned ? t("said_actor", { who: m.assigned.why }) : "",
            m.settled && m.open ? `✓ ${t("duty_settled", { why: m.settled.why, by: m.settled.by, at: when(m.settled.at) })}`
                : "");
    return m.open ? `! ${dotted(t("not_acknowledged"), m.came ? span(Math.max(0, now() - m.came)) : "")}` : "";
}

function paint_row(row, m, state) {
    const { box, ack, actor, assign, why, close } = row.parts;
    row.parts.m = m;
    const severity = m.kind === "incident" ? severity_word(m.fields.severity) : { text: what_of(state, m), mark: "warn" };
    set(row.children[0], severity.text, `chip ${severity.mark}`);
    const [head, said, seen] = row.children[1].children;
    set(head, dotted(m.place, m.within === state.unit.name ? "" : m.within, when(m.at)));
    set(said, dotted(what_of(state, m), m.text));
    set(seen, dotted(t(`${m.kind}_state_${m.fields.state}`), m.fields.actor ? t("said_actor", { who: m.fields.actor })
        : "", seen_of(m), m.why ? t("said_why", { why: m.why }) : ""));
    if (row.className !== (m.alarm ? "alarm" : ""))
        row.className = m.alarm ? "alarm" : "";
    show(box, m.open && !(m.settled && !m.ours));
    show(ack, !m.acknowledged);
    for (const [node, key] of [[ack, "duty_do_ack"], [assign, "duty_do_assign"], [close, "duty_do_close"]])
        node.setAttribute("aria-label", `${t(key)}: ${m.place}, ${what_of(state, m)}`);
    actor.placeholder = t("duty_actor");
    why.placeholder = t("duty_how_closed");
    actor.setAttribute("aria-label", `${t("duty_actor")}: ${m.place}`);
    why.setAttribute("aria-label", `${t("duty_how_closed")}: ${m.place}`);
}

export function paint_incidents(state, list) {
    rows($("incidents"), list.matters, (m) => `${m.unit} ${m.subject} ${m.log} ${m.n}`, build,
        (row, m) => paint_row(row, m, state));
    set($("incidents-sum"), dotted(t("duty_open", { n: num(list.open) }),
        list.alarms ? t("duty_alarm", { n: num(list.alarms) }) : "",
        list.more ? t("matters_more", { n: num(list.more) }) : ""));
}

