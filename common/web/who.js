// who.js - who is at the keyboard: the bar that always says it, the way in, and the secret asked again.
//
// The program decides who may what; here it is only asked, and its answer is said. A page that is
// told to log in, or to give the secret again, asks over what is being typed: nothing of it is lost.
import { dotted, error_words, keep, t } from "./text.js";
import { $, make, rows, set, show } from "./rows.js";

const PUT_OFF_MS = 60000; // whoever will not log in now is not asked at each reading

const LINKS = [["enter", "shift.html", "who_shift"], ["admin", "people.html", "people_link"]]; // by right

let who = null; // the program's answer, as shown
let put_off = 0;
let asking = null; // one dialog at a time: whoever else needs it waits for the same

export const person = () => who?.person ?? null;
export const may = (right) => Boolean(who?.person && who.rights.includes(right));

async function send(path, fields) {
    const reply = await fetch(path, {
        method: "POST", body: new URLSearchParams(fields), signal: AbortSignal.timeout(60000),
        headers: { "X-Dantin": "1", "Content-Type": "application/x-www-form-urlencoded" },
    });
    return { ...await reply.json(), ok: reply.ok, status: reply.status };
}

export async function ask_who() {
    const reply = await fetch("api/who", { cache: "no-store", signal: AbortSignal.timeout(15000) });
    if (!reply.ok)
        throw new Error(reply.statusText);
    who = await reply.json();
    paint();
    return who;
}

// ---- forms: who, and the secret

function refused(answer) {
    if (answer.status === 429)
        return t("who_locked", { s: Math.ceil(answer.wait_ms / 1000) });
    return answer.status === 403 ? t("who_wrong") : t("who_busy");
}

function field(key, input) {
    const label = make("label");
    label.append(make("span", "", key), input);
    return label;
}

function secret_input() {
    const input = Object.assign(make("input"), { type: "password", required: true, maxLength: 128, name: "secret" });
    input.autocomplete = who?.pin ? "off" : "current-password";
    if (who?.pin)
        input.inputMode = "numeric";
    return input;
}

// A form that sends its fields to `path`, says what was refused, and calls `done` when it was taken.
function secret_form(path, before, done) {
    const form = make("form", "secret"), secret = secret_input(), note = make("p", "note");
    const button = Object.assign(make("button", "main", before ? "who_login" : "who_confirm"), { type: "submit" });
    note.setAttribute("role", "alert");
    form.append(...(before ? [field("who_name", before)] : []), field(who?.pin ? "who_pin" : "who_password", secret),
        note, button);
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        button.disabled = true;
        let answer;
        try {
            answer = await send(path, { person: before?.value ?? "", secret: secret.value });
        } catch {
            answer = { ok: false, status: 0 };
        }
        button.disabled = false;
        secret.value = "";
        if (answer.ok) {
            if (before)
                keep("person", before.value);
            await ask_who();
            done();
            return;
        }
        set(note, refused(answer), "note bad");
        secret.focus();
    });
    return form;
}

// Where the program tells the names, one is chosen; else it is typed.
function name_input() {
    const last = keep("person") ?? "";
    if (!who.names.length) {
        const input = Object.assign(make("input"), { required: true, maxLength: 64, name: "person", value: last });
        input.autocomplete = "username";
        input.spellcheck = false;
        return input;
    }
    const select = make("select");
    for (const { id, name } of who.names)
        select.append(Object.assign(make("option"), { value: id, textContent: name || id, selected: id === last }));
    return select;
}

export function login_form(state, done) {
    who = state;
    const box = make("div");
    if (who.nobody)
        box.append(make("p", "note bad", "who_nobody"));
    box.append(secret_form("api/login", name_input(), done));
    return box;
}

// ---- dialogs

function dialog(title, words, fill) {
    const box = make("dialog", "ask"), cancel = make("button", "plain", "who_cancel");
    return new Promise((answer) => {
        const end = (value) => {
            box.close();
            box.remove();
            answer(value);
        };
        cancel.type = "button";
        cancel.addEventListener("click", () => end(false));
        box.addEventListener("cancel", () => answer(false));
        box.addEventListener("close", () => box.remove());
        const head = Object.assign(make("h2", "", title), { id: "ask-title" });
        box.setAttribute("aria-labelledby", "ask-title");
        box.append(head, make("p", "soft", words), fill(() => end(true)), cancel);
        document.body.append(box);
        box.showModal();
        box.querySelector("form select, form input")?.focus();
    });
}

async function once(question) {
    asking ??= question().finally(() => {
        asking = null;
    });
    return asking;
}

export const ask_login = () => once(async () => {
    try {
        await ask_who();
    } catch {
        return false;
    }
    if (!who.guarded || who.person) // somebody has, in another tab
        return true;
    if (Date.now() < put_off)
        return false;
    const came = await dialog("who_login_title", "who_again", (done) => login_form(who, done));
    put_off = came ? 0 : Date.now() + PUT_OFF_MS;
    return came;
});

export const ask_secret = () => once(() =>
    dialog("who_confirm_title", "who_confirm_words", (done) => secret_form("api/confirm", null, done)));

// A new secret, typed twice; the old one is asked for like for everything that asks again.
function change_form(done) {
    const form = make("form", "secret"), one = secret_input(), two = secret_input(), note = make("p", "note");
    const button = Object.assign(make("button", "main", "who_confirm"), { type: "submit" });
    note.setAttribute("role", "alert");
    form.append(field("who_new", one), field("who_new_again", two), note, button);
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        if (one.value !== two.value) {
            set(note, t("who_differ"), "note bad");
            return;
        }
        const words = { password: one.value };
        let answer = await send("api/secret", words).catch(() => ({ ok: false, error: t("who_busy") }));
        if (answer.confirm && await ask_secret())
            answer = await send("api/secret", words).catch(() => ({ ok: false, error: t("who_busy") }));
        set(note, answer.ok ? "" : error_words(answer, "who_busy"), "note bad");
        if (answer.ok)
            done();
    });
    return form;
}

async function change_secret() {
    if (await dialog("who_change_title", "who_change_words", change_form))
        location.reload(); // logins by the old secret have ended
}

// Whether an answer of the program is a question that a person answered: then it is worth asking again.
export function answered(status, body) {
    if (status === 401)
        return ask_login();
    return status === 403 && body.confirm ? ask_secret() : false;
}

// ---- the bar

export async function leave() {
    await send("api/logout", {});
    location.reload(); // a page is not left to the next person with what the last one was shown
}

function bar() {
    let box = $("whobar");
    if (box || !document.querySelector("header, .tools"))
        return box;
    box = Object.assign(make("div", "whobar noprint"), { id: "whobar" });
    const name = make("b"), role = make("span", "soft"), out = make("button", "plain", "who_leave");
    out.type = "button";
    out.addEventListener("click", leave);
    const own = make("button", "plain", "who_change");
    own.type = "button";
    own.addEventListener("click", change_secret);
    box.append(make("span", "", "who_is"), name, role, make("span", "links"), own, out);
    document.body.prepend(box);
    const drill = $("drill");
    if (drill?.classList.contains("drill-band")) // a paper has its own, within the sheet
        document.body.prepend(drill);
    return box;
}

function paint() {
    const box = bar();
    if (!box)
        return;
    const [, name, role, links, own, out] = box.children, p = who.person;
    show(box, true);
    set(name, p ? p.name || p.id : t(who.guarded ? "who_none" : "who_desk"));
    set(role, p ? dotted(p.id, t(`role_${p.role}`), scope_words()) : "");
    show(out, Boolean(p));
    show(own, Boolean(p));
    rows(links, p ? LINKS.filter(([right]) => who.rights.includes(right)) : [], (l) => l[1],
        (l) => Object.assign(make("a", "", l[2]), { href: l[1] }), () => {});
    const by = $("by"); // where a form names who enters: it is who has logged in
    if (by && p) {
        by.value = p.id;
        by.readOnly = true;
    }
}

function scope_words() {
    const units = who.units?.map((u) => u.name) ?? [];
    return units.length ? t("who_scope", { units: units.join(", ") }) : "";
}

// Of every page but the entrance; said again in another language, and when somebody comes or goes.
export async function open_who() {
    try {
        await ask_who();
    } catch {
        // the page itself says that nothing answers; it is asked again with the next need
    }
}
export const repaint_who = () => who && paint();
