// unsent.js - what is not sent, in words: from this page to the program, and from the program to the unit above.
//
// When to stop waiting and to take the telephone is the program's to say.
import { $, cutoff_name, dotted, make, now, num, rows, set, show, span, t, when } from "./ui.js";
import { drop, is_mine, on_outbox, waiting } from "./outbox.js";
import { level_word, place_of } from "./said.js";
import { spoken } from "./spoken.js";

let state = null;

// ---- from this page to the program

function entry_words(e) {
    const [key] = (e.key ?? "").split("|");
    const place = place_of(state, e.place ?? key), [, , cutoff] = (e.key ?? "").split("|");
    const what = e.kind === "turnout" ? `${cutoff_name(state.cutoffs[cutoff - 1] ?? { name: cutoff })}: ${e.text}`
        : t(`kind_${e.of}`);
    const by = is_mine(e) ? "" : t("outbox_of", { by: new URLSearchParams(e.body).get("by") });
    return dotted(place, what, when(e.at), e.refused ? t("outbox_refused", { why: e.refused }) : "",
        e.ask || e.newer ? t("desk_asked") : "", by);
}

// A question about a figure of another cut-off than the one that is shown.
const elsewhere = (e) => (e.ask || e.newer) && !e.key.endsWith(`|${$("cutoff").value}`);

function build() {
    const item = make("li"), out = make("button", "plain", "outbox_drop"), look = make("button", "plain", "outbox_show");
    out.type = look.type = "button";
    item.append(make("span"), look, out);
    out.addEventListener("click", () => drop(item.entry.act));
    look.addEventListener("click", () => {
        $("cutoff").value = item.entry.key.split("|").at(-1);
        $("cutoff").dispatchEvent(new Event("change"));
        paint_outbox();
    });
    return item;
}

function paint_outbox() {
    const list = waiting().filter((e) => (e.ask || e.newer ? elsewhere(e)
        : e.tried || e.refused !== undefined || now() - e.at > 1500));
    show($("outbox"), list.length > 0);
    set($("outbox-words"), t("outbox_title", { n: list.length }));
    rows($("outbox-list"), list, (e) => e.act, build, (item, e) => {
        item.entry = e;
        set(item.firstElementChild, entry_words(e));
        show(item.children[1], Boolean(elsewhere(e)));
        show(item.children[2], e.refused !== undefined);
    });
}

// ---- from the program to the unit above

function paint_advice() {
    const a = state.advice, phone = a.contacts.find((c) => c.phone)?.phone;
    const level = state.tiers.length ? level_word(state.tiers[0]) : "";
    const places = { n: num(a.n), level, age: a.since ? span(now() - a.since) : "", phone: phone?.text ?? t("advice_no_phone") };
    show($("advice"), a.word !== "none");
    set($("advice-words"), t(a.word === "phone" ? "advice_phone" : "advice_wait", places), "");
    $("advice").classList.toggle("bad", a.word === "phone");
    rows($("advice-list"), a.word === "phone" ? a.items : [], (x) => x.act, () => {
        const item = make("li");
        item.append(make("b"), make("span"));
        return item;
    }, (item, x) => {
        set(item.firstElementChild, spoken(x.number, x.cutoff, x.voted, x.check));
        set(item.lastElementChild, `${x.name}, ${cutoff_name(state.cutoffs[x.cutoff - 1])}`);
    });
}

export function paint_unsent(s) {
    state = s;
    paint_outbox();
    paint_advice();
}

export function open_unsent(paint) {
    on_outbox(() => {
        if (state)
            paint();
    });
    setInterval(() => state && paint_outbox(), 1000);
}
