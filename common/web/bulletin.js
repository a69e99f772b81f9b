// bulletin.js - the quick report to read, choose and copy: words, short messages, or a table to paste.
//
// Over an office network there is no clipboard for pages: the whole text is chosen, and Ctrl+C copies it.
import { $, cutoff_name, get, make, rows, set, start, t } from "./ui.js";

const FORMS = ["text", "short", "table"];

let cutoffs = [], due = 0;

function options(select, items) {
    rows(select, items, (i) => i[0], (i) => Object.assign(make("option"), { value: i[0] }),
        (option, i) => set(option, i[1]));
}

function choose() {
    window.getSelection().selectAllChildren($("text"));
    $("text").focus();
}

async function read() {
    const cutoff = $("cutoff").value, form = $("form").value || "text";
    try {
        const said = await get(`api/bulletin?form=${form}${cutoff ? `&cutoff=${cutoff}` : ""}`);
        set($("text"), said.text);
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
}

async function main() {
    await start(paint);
    cutoffs = (await get("api/state")).cutoffs ?? [];
    await read();
    paint();
    for (const id of ["cutoff", "form"])
        $(id).addEventListener("change", read);
    $("choose").addEventListener("click", choose);
    $("print").addEventListener("click", () => window.print());
}

main();
