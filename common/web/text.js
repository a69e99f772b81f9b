// text.js - sentences: text.vi and text.en, the same tables that the programs use.
import { set } from "./rows.js";

let sentences = new Map();
export let language = "vi";

export function t(key, places = {}) {
    const sentence = sentences.get(key) ?? key; // a key on the screen is a fault to be seen
    return sentence.replace(/\{(\w+)\}/g, (all, name) => places[name] ?? all);
}

export const has = (key) => sentences.has(key);

export async function speak(name) {
    const reply = await fetch(`text.${name}`, { signal: AbortSignal.timeout(10000) });
    if (!reply.ok)
        throw new Error(`text.${name}: ${reply.status}`);
    const lines = (await reply.text()).split("\n").filter((l) => l && l[0] !== "#");
    sentences = new Map(lines.map((l) => [l.slice(0, l.indexOf(" = ")), l.slice(l.indexOf(" = ") + 3)]));
    language = name;
    document.documentElement.lang = name;
    label(document);
}

// Why the program refused: in the language chosen where it says both; where it does not say: that of the key.
export const error_words = (answer, key = "refused") =>
    (language === "vi" ? answer?.words : answer?.words_en) ?? answer?.error ?? t(key);

// data-t="key" is the text of an element, data-t-label="key" the name a screen reader says.
export function label(root) {
    for (const e of root.querySelectorAll("[data-t]"))
        set(e, t(e.dataset.t));
    for (const e of root.querySelectorAll("[data-t-label]"))
        e.setAttribute("aria-label", t(e.dataset.tLabel));
}

// What a page may keep for itself between visits; a browser may refuse that.
export function keep(name, value) {
    try {
        if (value === undefined)
            return localStorage.getItem(`dantin.${name}`);
        localStorage.setItem(`dantin.${name}`, value);
    } catch {
        // then it is asked again next time
    }
    return null;
}

// Words beside each other; what is empty leaves no gap.
export const dotted = (...words) => words.filter(Boolean).join(" · ");
