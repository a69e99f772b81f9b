// duelist.js - what is owed after the vote on one sheet, by its day: to be read, printed, and signed for.
import { $, date_time, get, label, make, set, show, start, t } from "./ui.js";
import { paint_dues } from "./dues.js";
import { facts, head, signatures } from "./paper.js";
import { ask_who } from "./who.js";

const KINDS = ["", "report", "minutes", "recognise", "hold", "rerun", "appoint", "interim", "complaint"];

let list = null, who = null;

function paint() {
    const chosen = $("kind").value;
    $("kind").replaceChildren(...KINDS.map((kind) =>
        Object.assign(make("option"), { value: kind, textContent: t(kind ? `dues_${kind}` : "dues_all") })));
    $("kind").value = chosen;
    if (!list)
        return;
    label(document);
    head(who, "dues_title", {});
    facts($("facts"), [["sheet_election", who.election.title || who.election.label], ["head_as_of", date_time(list.as_of)],
        ["dues_kind", t(chosen ? `dues_${chosen}` : "dues_all")]]);
    paint_dues($("list"), list);
    signatures($("signs"), ["sign_printed", "sign_checked", "sign_head"]);
    show($("sheet"), true);
}

async function read() {
    try {
        who = await ask_who();
        list = await get(`api/dues?kind=${$("kind").value}`);
        set($("note"), "", "note");
        paint();
    } catch (e) {
        set($("note"), e.message, "note bad");
    }
}

async function main() {
    await start(paint);
    paint();
    $("print").addEventListener("click", () => print());
    $("again").addEventListener("click", read);
    $("kind").addEventListener("change", read);
    await read();
}

main();
