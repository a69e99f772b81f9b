// deskrelay.js - the relay sheet: a figure that comes by telephone, read back, with its two check digits.
//
// The program finds the village, says what stood before and whether the digits fit; here nothing is computed.
import { $, cutoff_name, dotted, draw_act, error_words, form_line, get, keep, language, make, num, post, rows, set, show, t, when }
    from "./ui.js";
import { by, desk, tell } from "./deskcore.js";
import { phone_list } from "./deskring.js";

const HOWS = ["phone", "radio", "courier", "file"];
const SHOWN = 10; // relayed in this sitting

let sheet = null, asked = 0, act = draw_act(), sure = "", replaces = "";
const relayed = [];

function fields() {
    return { unit: $("relay-unit").value, village: $("relay-village").value.trim(),
        contest: $("relay-contest-box").hidden ? "" : $("relay-contest").value, cutoff: $("relay-cutoff").value,
        figure: $("relay-figure").value.trim(), code: $("relay-code").value.trim() };
}

const stands_words = (s) => `${num(s.fields.voted)} (${dotted(t(`how_${s.how}`), s.by, s.behalf, when(s.at))})`;

function paint_sheet() {
    show($("relay-place"), Boolean(sheet?.place));
    const wrong = sheet?.wrong && fields().village ? t(sheet.wrong) : "";
    set($("relay-note"), wrong, wrong ? "note warn" : "note");
    if (!sheet?.place) {
        set($("relay-read"), "");
        return;
    }
    set($("relay-name"), dotted(sheet.place.name, sheet.place.code));
    set($("relay-voters"), num(sheet.voters));
    set($("relay-before"), sheet.before
        ? t("duty_before_of", { n: num(sheet.before.voted), cutoff: cutoff_name({ name: sheet.before.cutoff }),
            at: when(sheet.before.at) }) : t("none"));
    set($("relay-stands"), sheet.stands.length ? sheet.stands.map(stands_words).join("; ") : t("none"));
    phone_list($("relay-phones"), sheet.contacts);
    show($("relay-phones").parentElement.parentElement, sheet.contacts.length > 0);
    show($("relay-contest-box"), sheet.contests.length > 1);
    rows($("relay-contest"), sheet.contests, (c) => c.code,
        (c) => Object.assign(make("option"), { value: c.code }), (o, c) => set(o, c.name));
    if (sheet.voted == null)
        set($("relay-read"), "");
    else
        set($("relay-read"), dotted(t("duty_read", { number: sheet.number ?? "–", cutoff: fields().cutoff,
            figure: num(sheet.voted), check: sheet.check == null ? "–" : String(sheet.check).padStart(2, "0") }),
        sheet.fits === true ? `✓ ${t("duty_fits")}` : sheet.fits === false ? `! ${t("duty_fits_not")}` : ""));
}

// What is filled in so far, judged by the program; an answer that a newer one overtook is let go.
async function look() {
    const mine = ++asked, f = fields();
    if (!f.unit || !f.village) {
        sheet = null;
        paint_sheet();
        return;
    }
    try {
        const fresh = await get(`api/desk/relay?${form_line(f)}`);
        if (mine !== asked)
            return;
        sheet = fresh;
        paint_sheet();
    } catch {
        set($("relay-note"), t("check_unanswered"), "note bad");
    }
}

// Another figure is another statement: what was answered and read back was about the one before.
function changed() {
    sure = replaces = "";
    show($("relay-ask"), false);
    show($("relay-why-box"), false);
    act = draw_act();
}

function ask(question) {
    set($("relay-words"), language === "en" ? question.words_en : question.words);
    $("relay-choices").replaceChildren(...question.choices.map((choice) => {
        const button = make("button");
        button.type = "button";
        set(button, language === "en" ? choice.words_en : choice.words);
        button.addEventListener("click", () => answer_with(choice.fields));
        return button;
    }));
    show($("relay-ask"), true);
    const first = $("relay-choices").firstElementChild;
    (first ?? $("relay-figure")).focus();
}

function answer_with(given) {
    const other = given.voted !== undefined && String(given.voted) !== $("relay-figure").value.trim();
    sure = given.sure ?? sure;
    replaces = given.replaces ?? replaces;
    show($("relay-ask"), false);
    $("relay-why").value = given.why ?? $("relay-why").value;
    show($("relay-why-box"), Boolean(replaces));
    if (other) { // it has to be read back anew
        $("relay-figure").value = given.voted;
        $("relay-code").value = "";
        $("relay-back").checked = false;
        look();
        $("relay-back").focus();
    } else if (replaces && !$("relay-why").value) {
        $("relay-why").focus();
    } else {
        send();
    }
}

function kept(answer) {
    const said = answer.said?.[0];
    const word = said?.match ? t("same_stands") : t("recorded", { n: said?.n ?? "" });
    const found = (said?.findings ?? []).map((f) => (language === "en" ? f.words_en : f.words));
    relayed.unshift({ act, text: dotted(word, sheet?.place?.name,
        cutoff_name(desk.state.cutoffs[Number(fields().cutoff) - 1] ?? { name: "" }), $("relay-figure").value.trim(),
        $("relay-caller").value.trim(), ...found) });
    relayed.length = Math.min(relayed.length, SHOWN);
    paint_relayed();
    for (const id of ["relay-village", "relay-figure", "relay-code", "relay-why"])
        $(id).value = "";
    $("relay-back").checked = false;
    sheet = null;
    changed();
    paint_sheet();
    set($("relay-note"), word, "note good");
    $("relay-village").focus();
    desk.refresh(true);
}

async function send() {
    if (!desk.state?.person && !by()) {
        tell(t("need_by"), "bad");
        $("by").focus();
        return;
    }
    set($("relay-note"), t("sending"), "note");
    const seen = (sheet?.stands ?? []).map((s) => s.act).join(",");
    let answer;
    try {
        answer = await post("api/desk/relay", form_line({ ...fields(), act, sure, replaces, seen, by: by(),
            how: $("relay-how").value, behalf: $("relay-caller").value.trim(), why: $("relay-why").value.trim(),
            back: $("relay-back").checked ? "1" : "" }));
    } catch {
        set($("relay-note"), t("unsent_once"), "note bad");
        return;
    }
    if (answer.ok) {
        kept(answer);
    } else if (answer.ask) {
        set($("relay-note"), "", "note");
        ask(answer.ask);
    } else {
        set($("relay-note"), dotted(t("refused"), error_words(answer)), "note bad");
        look();
    }
}

function paint_relayed() {
    show($("relayed-title"), relayed.length > 0);
    rows($("relayed"), relayed, (r) => r.act, () => make("li"), (item, r) => set(item, r.text));
}

function options(select, items, value_of, text_of) {
    const before = select.value;
    rows(select, items, value_of, (i) => Object.assign(make("option"), { value: value_of(i) }),
        (o, i) => set(o, text_of(i)));
    if (before && select.value !== before)
        select.value = before;
}

export function paint_relay(state) {
    const first = !$("relay-cutoff").value;
    options($("relay-unit"), state.units, (u) => u.code, (u) => dotted(u.name, u.code));
    options($("relay-cutoff"), state.cutoffs.map((c, i) => ({ ...c, n: i + 1 })), (c) => c.n, cutoff_name);
    options($("relay-how"), HOWS, (h) => h, (h) => t(`how_${h}`));
    if (first) {
        $("relay-cutoff").value = String(Math.max(1, state.due));
        $("relay-unit").value = keep("desk.unit") ?? $("relay-unit").value;
    }
    paint_sheet();
}

// Enter goes on to the next field that is empty; from the last one it sends.
function on_enter(event) {
    if (event.key !== "Enter" || event.target.type === "submit" || event.target.type === "button")
        return;
    event.preventDefault();
    const order = ["relay-village", "relay-figure", "relay-code", "relay-caller"];
    const empty = order.find((id) => !$(id).value.trim() && order.indexOf(id) > order.indexOf(event.target.id));
    if (event.target.id !== "relay-back" && empty && event.target.id !== "relay-caller" && event.target.id !== "relay-why")
        $(empty).focus();
    else if (event.target.id === "relay-code" && !$("relay-caller").value.trim())
        $("relay-caller").focus();
    else
        send();
}

export function wire_relay() {
    for (const id of ["relay-unit", "relay-village", "relay-contest", "relay-cutoff", "relay-figure"])
        $(id).addEventListener("change", () => {
            changed();
            look();
        });
    $("relay-code").addEventListener("change", look);
    $("relay-figure").addEventListener("input", () => {
        $("relay-back").checked = false;
    });
    $("relay-unit").addEventListener("change", () => keep("desk.unit", $("relay-unit").value));
    $("relay").addEventListener("keydown", on_enter);
    $("relay").addEventListener("submit", (event) => {
        event.preventDefault();
        send();
    });
}
