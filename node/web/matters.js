// matters.js - what came from above and waits for a receipt; what happened here, and who has seen it.
import { $, category_name, clock, dotted, make, now, num, rows, set, severity_word, show, span, t, when } from "./ui.js";
import { Sheet, tell, who } from "./sheet.js";
import { amend } from "./forms.js";
import { level_of, level_word, place_of, said_words } from "./said.js";

const SHOWN = 20;

let refresh = () => {};

async function receive(row) {
    const person = who(row.note);
    if (!person || row.sheet.busy)
        return;
    row.button.disabled = true;
    const answer = await row.sheet.send({ kind: "receipt", of: row.matter.act, ...person });
    row.button.disabled = false;
    tell(row.note, answer);
    refresh();
}

function build_order() {
    const row = make("li"), words = make("div"), acts = make("div", "actions"), done = make("span");
    row.sheet = new Sheet();
    row.button = make("button", "main", "receipt_send");
    row.note = make("p", "note");
    row.button.type = "button";
    row.button.addEventListener("click", () => receive(row));
    words.append(make("b"), make("p"));
    acts.append(row.button, done);
    row.append(words, acts, row.note);
    return row;
}

function paint_order(state, row, m) {
    row.matter = m;
    const [head, text] = row.firstElementChild.children, got = m.receipts?.[0];
    set(head, dotted(t("order_from", { level: level_of(state, m), at: when(m.at) }),
        m.fields.due ? t("said_due", { at: when(m.fields.due) }) : ""));
    set(text, m.text ?? t("none"));
    show(row.button, !got);
    set(row.button.nextElementSibling, got ? `✓ ${t("receipt_given", { by: got.by, at: clock(got.at) })}` : "");
}

function build_matter() {
    const row = make("li"), words = make("div"), button = make("button", "plain", "update");
    button.type = "button";
    button.addEventListener("click", () => amend(row.matter));
    words.append(make("b"), make("p"), make("small"), make("p", "ring"));
    row.append(make("span"), words, button);
    return row;
}

function seen_words(state, seen) {
    if (!seen)
        return state.tiers.length ? t("not_acknowledged") : "";
    const words = t("acknowledged_at", { level: level_word(state.tiers[0]), at: clock(seen.at) });
    return seen.earlier ? `${words} (${t("seen_earlier")})` : words;
}

function paint_matter(state, row, m) {
    row.matter = m;
    const incident = m.kind === "incident", word = incident ? severity_word(m.fields.severity)
        : { text: t(`complaint_sort_${m.fields.sort}`), mark: "warn" };
    const [mark, words] = row.children, [head, text, foot, ring] = words.children;
    set(mark, word.text, `chip ${word.mark}`);
    set(head, dotted(place_of(state, m.subject), incident ? category_name(state.election, m.fields.category) : "",
        t(`${m.kind}_state_${m.fields.state}`), when(m.at)));
    set(text, m.text ?? said_words(state, m));
    set(foot, dotted(m.fields.actor && t("said_actor", { who: m.fields.actor }), m.fields.passed_to
        && t("said_passed", { to: m.fields.passed_to }), seen_words(state, m.acknowledged)));
    const phone = state.advice.contacts.find((c) => c.phone)?.phone;
    show(ring, Boolean(m.ring)); // that it is time to ring is the program's to say
    set(ring, m.ring ? `▲ ${t("incident_ring", { age: span(now() - m.entered), level: level_word(state.tiers[0]),
        phone: phone?.text ?? t("advice_no_phone") })}` : "");
}

export function paint_matters(state) {
    const all = state.matters?.matters ?? [];
    const orders = all.filter((m) => m.kind === "instruction");
    const open = all.filter((m) => m.open && ["incident", "complaint"].includes(m.kind));
    show($("orders-box"), orders.length > 0);
    rows($("orders"), orders.slice(0, SHOWN), (m) => m.act, build_order, (row, m) => paint_order(state, row, m));
    show($("matters-box"), open.length > 0);
    set($("matters-sum"), t("matters_sum", { n: num(open.length) }));
    rows($("matters"), open.slice(0, SHOWN), (m) => m.act, build_matter, (row, m) => paint_matter(state, row, m));
}

export function open_matters(on_recorded) {
    refresh = on_recorded;
}
