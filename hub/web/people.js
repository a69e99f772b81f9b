// people.js - who works at this hub: an administrator adds, changes and removes persons.
//
// What may be a role, a scope or a password the hub decides; here its answer is shown.
import { $, cells, error_words, form_line, get, make, post, rows, set, show, span, start, t } from "./ui.js";
import { ask_who } from "./who.js";

const ROLES = ["", "viewer", "operator", "auditor", "administrator"];

let people = [], who = null, chosen = null; // chosen: the id of whom is changed

function options(select, items) {
    rows(select, items, (i) => i[0], (i) => Object.assign(make("option"), { value: i[0] }), (o, i) => set(o, i[1]));
}

function fill(p) {
    chosen = p?.id ?? null;
    $("id").value = p?.id ?? "";
    $("id").readOnly = Boolean(p);
    $("name").value = p?.name ?? "";
    $("role").value = p?.role ?? "";
    $("scope").value = p?.scope ?? "";
    $("restricted").value = p?.restricted ? "yes" : "no";
    $("password").value = "";
    set($("note"), "", "note");
    paint_form();
}

function paint_form() {
    set($("form-title"), chosen ? t("people_change_of", { id: chosen }) : t("people_new"));
}

function build(p) {
    const row = make("tr");
    cells(row, [{ head: true, text: "" }, { text: "" }, { text: "" }, { text: "" }, { text: "" }]);
    const cell = row.appendChild(make("td", "noprint")), acts = make("div", "acts");
    for (const [key, act] of [["people_change", () => change(row.person)], ["people_remove", () => remove(row)]]) {
        const button = make("button", "plain", key);
        button.type = "button";
        button.addEventListener("click", act);
        acts.append(button);
    }
    cell.append(acts);
    row.person = p;
    return row;
}

function state_cell(p) {
    if (p.locked_ms > 0)
        return { text: `▲ ${t("people_locked", { time: span(p.locked_ms) })}`, mark: "warn" };
    return p.secret ? { text: `✓ ${t("people_can")}`, mark: "good" } : { text: t("people_cannot"), mark: "calm" };
}

// The cells without the last one, which has the buttons.
function paint_row(row, p) {
    row.person = p;
    const values = [[p.name || p.id, p.id], [p.role ? t(`role_${p.role}`) : t("none")], [p.scope || t("people_all")],
        [t(p.restricted ? "people_yes" : "people_no")], [state_cell(p).text]];
    values.forEach(([text, sub], i) => {
        const cell = row.children[i];
        set(cell.firstElementChild, text, i === 4 ? `chip ${state_cell(p).mark}` : "");
        set(cell.lastElementChild, sub ?? "");
        if (i > 0)
            cell.dataset.name = t(["", "people_role", "people_scope", "people_restricted", "people_state"][i]);
    });
}

function paint() {
    if (!who)
        return;
    set($("unit"), `${who.unit.name} (${who.unit.code})`);
    show($("drill"), Boolean(who.election?.drill));
    document.title = `${who.election?.drill ? `[${t("drill")}] ` : ""}${t("people_title")} - ${who.unit.name}`;
    options($("role"), ROLES.map((r) => [r, r ? t(`role_${r}`) : t("people_no_role")]));
    options($("restricted"), [["no", t("people_no")], ["yes", t("people_yes")]]);
    rows($("people"), people, (p) => p.id, build, paint_row);
    paint_form();
}

async function read() {
    people = (await get("api/people")).people;
    paint();
}

async function say(fields, note) {
    const answer = await post("api/person", form_line(fields)).catch(() => null);
    set(note, answer?.ok ? t("people_kept") : error_words(answer, "unsent"), answer?.ok ? "note good" : "note bad");
    if (answer?.ok)
        await read().catch(() => null);
    return Boolean(answer?.ok);
}

function change(p) {
    fill(p);
    $("name").focus();
}

// Asked on the button itself: the first press says what the second does.
async function remove(row) {
    const button = row.querySelector(".acts button:last-child");
    if (button.dataset.t !== "people_remove_sure") {
        button.dataset.t = "people_remove_sure";
        set(button, t("people_remove_sure"));
        return;
    }
    button.dataset.t = "people_remove";
    set(button, t("people_remove"));
    if (await say({ act: "remove", id: row.person.id }, $("said")))
        fill(null);
}

async function save(event) {
    event.preventDefault();
    const words = ["id", "name", "role", "scope", "restricted"].map((f) => `${f}=${encodeURIComponent($(f).value.normalize("NFC"))}`);
    if ($("password").value)
        words.push(`password=${encodeURIComponent($("password").value)}`);
    const answer = await post("api/person", ["act=put", ...words].join("&")).catch(() => null);
    if (!answer?.ok) {
        set($("note"), error_words(answer, "unsent"), "note bad");
        return;
    }
    await read().catch(() => null);
    fill(null);
    set($("said"), t("people_kept"), "note good");
}

async function main() {
    await start(paint);
    $("form").addEventListener("submit", save);
    $("clear").addEventListener("click", () => {
        fill(null);
        $("id").focus();
    });
    who = await ask_who();
    paint();
    fill(null);
    if (!who.rights.includes("admin")) {
        set($("said"), t("people_not"), "note");
        show($("form").closest(".panel"), false);
        return;
    }
    await read().catch((e) => set($("said"), e.message, "note bad"));
}

main();
