// calls.js - one village's telephone: whom to ring, what came of the call, the numbers themselves.
import { $, clock, dotted, error_words, form_line, make, post, rows, set, show, t, when } from "./ui.js";
import { who } from "./sheet.js";

let place = null, back = null;
let refresh = () => {};

const call_words = (c) => dotted(t(`call_${c.what}`, { at: c.until ? when(c.until) : "" }), clock(c.at), c.by);

function paint() {
    set($("call-of"), `${place.number}. ${place.name}`);
    rows($("call-phones"), place.contacts, (c) => c.role + c.name + c.phone?.text, () => {
        const item = make("li");
        item.append(make("b"), make("a"), make("a"));
        return item;
    }, (item, c) => {
        set(item.children[0], dotted(c.role, c.name));
        [c.phone, c.phone2].forEach((p, i) => {
            show(item.children[i + 1], Boolean(p));
            set(item.children[i + 1], p?.text ?? "");
            item.children[i + 1].href = p ? `tel:${p.dial}` : "";
        });
    });
    rows($("call-past"), place.calls.all.slice(0, 5), (c) => `${c.at}${c.what}`, () => make("li"), (item, c) =>
        set(item, call_words(c)));
}

export function paint_call(of, from) {
    place = of;
    back = from;
    $("call-until").value = "";
    set($("call-note"), "", "note");
    $("call-numbers").value = place.contacts.map((c) => [c.role, c.name, c.phone?.text ?? "", c.phone2?.text ?? ""].join("; ")
        .replace(/(; )+$/, "")).join("\n");
    show($("call-box"), true);
    paint();
    $("call-until").focus();
}

function close() {
    show($("call-box"), false);
    back?.focus();
}

async function send(path, fields) {
    const person = who($("call-note"));
    if (!person)
        return;
    try {
        const answer = await post(path, form_line({ unit: place.code, by: person.by, ...fields }));
        if (!answer.ok) {
            set($("call-note"), error_words(answer), "note bad");
            return;
        }
    } catch {
        set($("call-note"), t("call_unanswered"), "note bad");
        return;
    }
    refresh(true);
    close();
}

export function open_calls(on_recorded) {
    refresh = on_recorded;
    for (const button of $("call-box").querySelectorAll("[data-what]"))
        button.addEventListener("click", () => send("api/call", { what: button.dataset.what,
            until: button.dataset.what === "promised" ? $("call-until").value.trim() : "" }));
    $("call-until").addEventListener("keydown", (event) => {
        if (event.key !== "Enter")
            return;
        event.preventDefault();
        send("api/call", { what: "promised", until: $("call-until").value.trim() });
    });
    $("call-save").addEventListener("click", () => send("api/contacts", { contacts: $("call-numbers").value.split("\n")
        .map((line) => line.split(/[;\t]/).map((w) => w.trim()).join("\t")).join("\n") }));
    $("call-close").addEventListener("click", close);
    $("call-box").addEventListener("keydown", (event) => {
        if (event.key === "Escape")
            close();
    });
}
