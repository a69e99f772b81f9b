// paper.js - what sheets for signature share: a typed seal with its code, facts in lines, signatures.
import { $, make, set, show, t } from "./ui.js";

// A seal or fingerprint in groups of four, as it is typed and read aloud.
export function typed(text) {
    const box = make("span", "typed");
    for (const group of text.split("-"))
        box.append(Object.assign(make("span"), { textContent: group }));
    return box;
}

export function typed_line(text) {
    return Object.assign(make("span", "typed"), { textContent: text });
}

export function qr(text) {
    return Object.assign(make("img"), { src: `api/qr?text=${encodeURIComponent(text)}`, alt: text });
}

// [[key, text or node], ...] into a list of terms.
export function facts(list, pairs) {
    list.replaceChildren();
    for (const [key, value] of pairs) {
        const dd = make("dd");
        dd.append(value ?? t("none"));
        list.append(make("dt", "", key), dd);
    }
}

// A row of plain cells; the first is its name, numbers stand to the right.
export function line(body, values) {
    const row = make("tr");
    values.forEach((value, i) => {
        const cell = make(i === 0 ? "th" : "td", typeof value === "object" && value.number ? "n" : "");
        cell.append(value?.number ?? value ?? "");
        row.append(cell);
    });
    body.append(row);
}

export const number = (text) => ({ number: text });

export function signatures(box, keys) {
    box.replaceChildren(...keys.map((key) => {
        const place = make("div");
        place.append(make("b", "", key), make("small", "", "sign_hint"));
        return place;
    }));
}

// The head of a sheet; in a drill it says so in the print too.
export function head(state, key, places) {
    const drill = Boolean(state.election.drill);
    show($("drill"), drill);
    set($("title"), t(key, places));
    set($("of"), `${state.unit.name} (${state.unit.code})`);
    document.title = `${drill ? `[${t("drill")}] ` : ""}${t(key, places)} - ${state.unit.name}`;
}
