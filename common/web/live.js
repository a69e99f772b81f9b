// live.js - talking to the program, and a live stream that admits when it is dead.
//
// Addresses are relative, since many programs may share one host.
import { error_words, keep, language, speak, t } from "./text.js";
import { date_time, now, seconds, set_skew } from "./times.js";
import { $, set, show } from "./rows.js";
import { answered, open_who, repaint_who } from "./who.js";

let program = ""; // which start of the program answered last: its turns count from there

export async function get(path) {
    const asked = Date.now();
    const reply = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(15000) });
    const date = Date.parse(reply.headers.get("Date") ?? "");
    // The header has whole seconds, and the answer took its time: below two seconds it says nothing.
    if (Number.isFinite(date)) {
        const off = date + 500 - (asked + Date.now()) / 2;
        set_skew(Math.abs(off) > 2000 ? off : 0);
    }
    program = reply.headers.get("X-Dantin-Start") ?? program;
    const body = await reply.json();
    if (!reply.ok && await answered(reply.status, body))
        return get(path);
    if (!reply.ok)
        throw Object.assign(new Error(body.error ? error_words(body) : reply.statusText), { status: reply.status });
    return body;
}

export function form_line(fields) {
    return Object.entries(fields)
        .filter(([name, value]) => name === "seen" || (value !== undefined && value !== null && value !== ""))
        .map(([name, value]) => `${name}=${encodeURIComponent(String(value).normalize("NFC"))}`)
        .join("&");
}

// Rejects only where nobody knows whether it arrived; any answer of the program is returned.
export async function post(path, body) {
    const reply = await fetch(path, {
        method: "POST", body, signal: AbortSignal.timeout(15000),
        headers: { "X-Dantin": "1", "Content-Type": "application/x-www-form-urlencoded" },
    });
    const answer = await reply.json();
    if (!reply.ok && await answered(reply.status, answer))
        return post(path, body);
    return { ...answer, ok: reply.ok, status: reply.status };
}

// A figure as it was typed, read by the program: {number, text} with its dots, or {words}; null: no answer.
export async function read_figure(text, kind = "") {
    try {
        const reply = await fetch(`api/figure?text=${encodeURIComponent(text)}&kind=${kind}`,
            { cache: "no-store", signal: AbortSignal.timeout(5000) });
        const answer = await reply.json();
        return reply.ok ? answer : { words: error_words(answer) };
    } catch {
        return null;
    }
}

// A field that was left shows its figure as the program reads it, if nobody types there again.
export async function figure_back(input, kind = "") {
    const typed = input.value;
    const answer = typed.trim() ? await read_figure(typed, kind) : null;
    if (answer?.text !== undefined && input.value === typed)
        input.value = answer.text;
    return answer;
}

export function draw_act() {
    return Array.from(crypto.getRandomValues(new Uint8Array(8)), (b) => b.toString(16).padStart(2, "0")).join("");
}

// ---- live: the state first, then the stream from that turn on

const QUIET_MS = 35000; // two beats missed: a stream may be dead without the browser saying so
const SPREAD_MS = 300;  // so that a thousand pages do not ask in the same instant
const REST_MS = 1000;   // between two readings
const AGE_MS = 60000;   // nothing is shown for longer without being read again, whatever events say

// read(): reads the state, paints it, returns its turn. concerns(data): whether an event is about what
// is shown. on_life(since, as_of, why): since is null while alive, else the time of what is shown; why: as the program said.
export function live(read, concerns, on_life) {
    let stream = null, turn = 0, heard = 0, asked = 0, reading = false, again = false, fresh = 0, tries = 0;
    let timer = 0, due = 0, hurry = false;

    function later(ms) { // one pending reading at most
        clearTimeout(timer);
        timer = setTimeout(refresh, ms);
    }
    function soon() { // something has changed
        if (!due)
            due = setTimeout(() => {
                due = 0;
                refresh();
            }, Math.random() * SPREAD_MS);
    }
    function still() { // what is shown is still what holds
        if (again || reading || due)
            return;
        fresh = now();
        on_life(null, fresh);
    }
    async function refresh(at_once) { // at_once: a person asked for it
        again = true;
        hurry = hurry || at_once === true;
        if (reading)
            return;
        reading = true;
        while (again) {
            const rest = hurry ? 0 : asked + REST_MS - Date.now();
            if (rest > 0)
                await new Promise((go) => setTimeout(go, rest));
            again = hurry = false;
            asked = Date.now();
            try {
                turn = await read();
                fresh = now();
                tries = 0;
                on_life(null, fresh);
                follow();
                heard = Date.now();
            } catch (error) {
                on_life(fresh, 0, error.status ? error.message : "");
                later(Math.min(15000, 1000 * 2 ** tries++));
            }
        }
        reading = false;
    }
    function follow() {
        if (stream && stream.readyState !== EventSource.CLOSED && Date.now() - heard < QUIET_MS)
            return;
        stream?.close(); // one that said nothing for so long is dead, whatever the browser believes
        stream = new EventSource(`api/events?after=${turn}${program && `.${program}`}`);
        stream.onopen = () => {
            heard = Date.now();
        };
        stream.onmessage = (event) => {
            heard = Date.now();
            const data = JSON.parse(event.data);
            if (data.turn > turn && concerns(data))
                soon();
            else
                still();
        };
        stream.addEventListener("reset", soon);
        stream.addEventListener("beat", () => {
            heard = Date.now();
            still();
        });
        stream.onerror = () => {
            on_life(fresh);
            if (!reading)
                later(1000 + Math.random() * 3000);
        };
    }
    setInterval(() => {
        const silent = Date.now() - heard > QUIET_MS, age = Date.now() - asked;
        if (!document.hidden && (age > AGE_MS || (silent && age > QUIET_MS)))
            refresh();
    }, 5000);
    document.addEventListener("visibilitychange", () => {
        if (!document.hidden)
            refresh();
    });
    refresh();
    return refresh;
}

// The head of both pages: language, drill, the word about a dead stream.
export function dress(state) {
    const drill = Boolean(state.election?.drill);
    document.body.classList.toggle("drill", drill);
    show($("drill"), drill);
    document.title = `${drill ? `[${t("drill")}] ` : ""}${state.unit.name} - Dantin`;
}

export function life(since, as_of, why) {
    if (since === null)
        set($("as-of"), date_time(as_of));
    document.body.classList.toggle("dead", since !== null);
    show($("dead"), since !== null);
    if (since !== null)
        set($("dead"), since ? t("page_dead", { since: seconds(since) }) : why || t("page_never"));
}

// Starts a page: the sentences in the language chosen last, and the button that switches.
export async function start(repaint) {
    const wanted = keep("language") === "en" ? "en" : "vi";
    for (let tries = 0; ; tries++) {
        try {
            await speak(wanted);
            break;
        } catch {
            await new Promise((go) => setTimeout(go, Math.min(15000, 1000 * 2 ** tries)));
        }
    }
    open_who();
    $("language").addEventListener("click", async () => {
        const other = language === "vi" ? "en" : "vi";
        await speak(other);
        keep("language", other);
        repaint_who();
        repaint();
    });
}
