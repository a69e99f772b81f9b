// outbox.js - what was entered and is not known to be kept: held by the browser until the node has answered.
//
// One entry for each act, under a name of its own, so that two tabs do not write over each other. The very
// same bytes go again until there is an answer; the act makes that safe. What the node asks or refuses
// stays until the clerk decides. Never shown with a tick.
import { error_words, post } from "./ui.js";
import { person } from "./who.js";

const MOST = 200;       // entries; beyond that nothing is taken before some are gone
const AGAIN_MS = 3000;  // between two rounds while there is no answer
const BODY_MOST = 8000; // characters of one

let prefix = null;         // with the unit: many nodes may share one host
let timer = 0;
const entries = new Map(); // by act
const busy = new Set();    // acts under way
const owners = new Map();  // by kind: who is told of the answer
const forms = new Set();   // acts of forms that are open, and send them by themselves
let changed = () => {};

export const waiting = () => [...entries.values()];
export const on_outbox = (call) => {
    changed = call;
};
// `told(entry, answer)`: answer null where nobody knows.
export const own = (kind, told) => owners.set(kind, told);
export const with_form = (act) => forms.add(act);

function store(entry) {
    try {
        localStorage.setItem(prefix + entry.act, JSON.stringify(entry));
        return true;
    } catch {
        return false; // it is kept while the page is open
    }
}

// Of this unit: what another visit left behind.
export function open_outbox(unit) {
    if (prefix !== null)
        return;
    prefix = `dantin.out.${unit}.`;
    try {
        for (let i = 0; i < localStorage.length; i++) {
            const key = localStorage.key(i);
            if (key.startsWith(prefix))
                take(localStorage.getItem(key));
        }
    } catch {
        // a browser that keeps nothing
    }
    window.addEventListener("storage", (event) => {
        if (!event.key?.startsWith(prefix))
            return;
        if (event.newValue === null)
            entries.delete(event.key.slice(prefix.length)); // another tab has its answer
        else
            take(event.newValue);
        changed();
    });
    window.addEventListener("online", () => send_all());
}

function take(text) {
    try {
        const entry = JSON.parse(text);
        if (/^[0-9a-f]{16}$/.test(entry.act) && typeof entry.body === "string" && entries.size < MOST)
            entries.set(entry.act, entry);
    } catch {
        // not ours
    }
}

// {act, kind, body, at, ...}: false where there is no room.
export function hold(entry) {
    if ((entries.size >= MOST && !entries.has(entry.act)) || entry.body.length > BODY_MOST)
        return false;
    entries.set(entry.act, entry);
    entry.kept = store(entry);
    changed();
    return true;
}

export function drop(act) {
    entries.delete(act);
    forms.delete(act);
    try {
        localStorage.removeItem(prefix + act);
    } catch {
        // it was never kept
    }
    changed();
}

// The clerk has to decide: it goes no further by itself.
export function stop(entry, how) {
    Object.assign(entry, how);
    store(entry);
    changed();
}

// A node that has no answer yet, or no room on its disk, is asked again.
const later = (answer) => answer === null || answer.status >= 500 || answer.status === 429
    || answer.status === 401 || answer.confirm; // nobody has logged in, or given the PIN again: it waits for them

export async function send(entry) {
    if (busy.has(entry.act))
        return undefined;
    busy.add(entry.act);
    let answer = null;
    try {
        answer = await post("api/say", entry.body);
    } catch {
        // nobody knows whether it arrived
    }
    busy.delete(entry.act);
    entry.tried = true;
    if (forms.has(entry.act))
        return answer; // the form says what became of it
    if (later(answer))
        again();
    else if (answer.ok)
        drop(entry.act);
    const told = owners.get(entry.kind);
    if (told)
        told(entry, later(answer) ? null : answer);
    else if (!later(answer) && !answer.ok)
        stop(entry, { refused: error_words(answer) });
    changed();
    return later(answer) ? null : answer;
}

function again() {
    clearTimeout(timer);
    timer = setTimeout(send_all, AGAIN_MS);
}

const goes = (entry) => !entry.ask && !entry.newer && entry.refused === undefined && is_mine(entry);

// What one person typed is not sent in the name of another who has come since.
export const is_mine = (entry) => !person() || new URLSearchParams(entry.body).get("by") === person().id;

// One after the other, so that a line that has just come back is not flooded.
export async function send_all() {
    clearTimeout(timer);
    for (const entry of waiting().filter((e) => goes(e) && !busy.has(e.act) && !forms.has(e.act)))
        if ((await send(entry)) === null)
            return;
}
