// rows.js - the page: nothing is touched that did not change. Text is always set as text.
import { t } from "./text.js";

export const $ = (id) => document.getElementById(id);

export function set(node, text, cls) {
    if (node.textContent !== String(text))
        node.textContent = text;
    if (cls !== undefined && node.className !== cls)
        node.className = cls;
}

export function show(node, shown) {
    if (node.hidden === shown)
        node.hidden = !shown;
}

export function make(tag, cls, key) {
    const node = document.createElement(tag);
    if (cls)
        node.className = cls;
    if (key) {
        node.dataset.t = key;
        node.textContent = t(key);
    }
    return node;
}

// One child of `body` for each item: made once, kept while its key is there, moved only if it must.
export function rows(body, items, key_of, create, update) {
    const old = body.kept ?? new Map();
    const kept = new Map();
    for (const item of items) {
        const key = String(key_of(item));
        kept.set(key, old.get(key) ?? create(item));
    }
    for (const [key, node] of old)
        if (!kept.has(key))
            node.remove();
    body.kept = kept;
    let at = body.firstElementChild;
    items.forEach((item) => {
        const node = kept.get(String(key_of(item)));
        if (node === at)
            at = at.nextElementSibling;
        else
            body.insertBefore(node, at);
        update(node, item);
    });
}

// The text of a cell, as a link where there is something to open.
function anchor(cell, href) {
    const tag = href ? "A" : "SPAN";
    if (cell.firstElementChild.tagName !== tag)
        cell.firstElementChild.replaceWith(make(tag));
    if (href && cell.firstElementChild.getAttribute("href") !== href)
        cell.firstElementChild.setAttribute("href", href);
}

// The cells of a row: {text, sub, cls, name, mark, href, label}. `name` is the column's, shown where columns
// fold up; `label` is what a screen reader says of the link.
export function cells(row, specs) {
    while (row.children.length > specs.length)
        row.lastElementChild.remove();
    specs.forEach((spec, i) => {
        let cell = row.children[i];
        if (!cell) {
            cell = row.appendChild(make(spec.head ? "th" : "td"));
            cell.append(make("span"), make("small"));
            if (spec.head)
                cell.scope = "row";
        }
        anchor(cell, spec.href);
        set(cell.firstElementChild, spec.text, spec.mark ? `chip ${spec.mark}` : "");
        if (spec.href && spec.label && cell.firstElementChild.getAttribute("aria-label") !== spec.label)
            cell.firstElementChild.setAttribute("aria-label", spec.label);
        set(cell.lastElementChild, spec.sub ?? "");
        if (cell.className !== (spec.cls ?? ""))
            cell.className = spec.cls ?? "";
        if (spec.name && cell.dataset.name !== spec.name)
            cell.dataset.name = spec.name;
    });
}
