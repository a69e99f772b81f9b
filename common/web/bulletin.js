// bulletin.js - the quick report to read, choose and copy: words, short messages, or a table to paste.
//
// Over an office network there is no clipboard for pages: the whole text is chosen, and Ctrl+C copies it. A hub
// releases what stands: numbered, kept as sent, and read again here.
import { $, cutoff_name, date_time, dotted, draw_act, error_words, form_line, get, make, post, rows, set, show, start, t } from "./ui.js";
import { ask_who, may } from "./who.js";

const FORMS = ["text", "short", "table"];

let cutoffs = [], due = 0, sent = null, act = draw_act(), asked = 0;

function options(select, items) {
    rows(select, items, (i) => i[0], (i) => Object.assign(make("option"), { value: i[0] }),
        (option, i) => set(option, i[1]));
}

function choose() {
    window.getSelection().selectAllChildren($("text"));
    $("text").focus();
}

// One that was released, as it was sent; what a hub said of it since stands above.
function show_sent() {
    const one = sent?.find((b) => String(b.number) === $("sent").value);
    for (const id of ["cutoff", "form"])
        $(id).disabled = Boolean(one);
    if (!one)
        return false;
    set($("text"), one.text);
    set($("note"), one.state === "valid" ? t("bulletin_note") : dotted(t(`bulletin_${one.state}`), one.why),
        one.state === "valid" ? "note" : "note bad");
    return true;
}

async function read() {
    const mine = ++asked; // an answer that comes behind a later choice is not shown
    if (show_sent())
        return;
    const cutoff = $("cutoff").value, form = $("form").value || "text";
    try {
        const said = await get(`api/bulletin?form=${form}${cutoff ? `&cutoff=${cutoff}` : ""}`);
        if (mine !== asked)
            return;
        set($("text"), said.text);
        set($("note"), t("bulletin_note"), "note");
        due = said.cutoff;
    } catch (error) {
        set($("text"), "");
        set($("note"), error.message, "note bad");
    }
}

function paint() {
    options($("form"), FORMS.map((form) => [form, t(`bulletin_${form}`)]));
    options($("cutoff"), cutoffs.map((c, i) => [i + 1, cutoff_name(c)]));
    if (due > 0)
        $("cutoff").value = due;
    if (!sent)
        return;
    options($("sent"), [["", t("bulletin_now")], ...sent.map((b) => [b.number, dotted(
        t("bulletin_number", { n: b.number }), date_time(b.at), b.by,
        b.state === "valid" ? "" : t(`bulletin_${b.state}`))]).reverse()]);
    set($("release"), t("bulletin_release", { n: (sent.at(-1)?.number ?? 0) + 1 }));
    show($("release"), may("operate"));
    show($("sent-label"), true);
}

async function release() {
    $("release").disabled = true;
    const answer = await post("api/release_bulletin", form_line({ act, cutoff: $("cutoff").value })).catch(() => null);
    $("release").disabled = false;
    if (!answer?.ok) {
        set($("note"), error_words(answer, "unsent"), "note bad");
        return;
    }
    act = draw_act();
    ({ bulletins: sent } = await get("api/bulletins"));
    paint();
    $("sent").value = answer.number;
    show_sent();
}

async function open_page() {
    const state = await get("api/state");
    cutoffs = state.cutoffs ?? [];
    if (state.children) {
        ({ bulletins: sent } = await get("api/bulletins"));
        await ask_who();
    }
    await read();
    paint();
}

async function main() {
    await start(paint);
    await open_page().catch((e) => set($("note"), e.message, "note bad"));
    $("sent").addEventListener("change", read);
    $("release").addEventListener("click", release);
    for (const id of ["cutoff", "form"])
        $(id).addEventListener("change", read);
    $("choose").addEventListener("click", choose);
    $("print").addEventListener("click", () => window.print());
}

main();
