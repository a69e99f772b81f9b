// deskring.js - whom to ring first, what came of the calls, and the telephone numbers, edited during the day.
import { $, cells, clock, cutoff_name, dotted, error_words, form_line, link_word, make, num, post, report_word, rows, set, share,
    show, span, now, t } from "./ui.js";
import { act, by, desk } from "./deskcore.js";
import { of } from "./words.js";

const CONTACT_ROWS = 4; // at least so many lines to fill in

// ---- telephone numbers

// Who, and by what numbers: a link for each.
export function phone_list(list, contacts) {
    rows(list, contacts, (c) => `${c.role} ${c.name} ${c.phone?.dial} ${c.phone2?.dial}`, () => {
        const item = make("li");
        item.append(make("a"), make("a"), make("span"));
        return item;
    }, (item, c) => {
        [c.phone, c.phone2].forEach((phone, i) => {
            const link = item.children[i];
            show(link, Boolean(phone));
            set(link, phone ? `☎ ${phone.text}` : "");
            if (phone && link.getAttribute("href") !== `tel:${phone.dial}`)
                link.setAttribute("href", `tel:${phone.dial}`);
        });
        set(item.lastElementChild, dotted(c.name, c.role));
    });
}

let editing = null;

export function edit_contacts(unit) {
    editing = unit;
    set($("contacts-title"), t("duty_contacts_of", { unit: unit.name }));
    set($("contacts-note"), "", "note");
    const have = unit.contacts, n = Math.max(CONTACT_ROWS, have.length + 1);
    $("contacts-rows").replaceChildren(...Array.from({ length: Math.min(8, n) }, (_, i) => {
        const row = make("div"), c = have[i];
        for (const [name, value] of [["role", c?.role], ["name", c?.name], ["phone", c?.phone?.text],
            ["phone2", c?.phone2?.text]]) {
            const field = make("input");
            field.setAttribute("aria-label", `${t(`duty_c_${name}`)} ${i + 1}`);
            field.placeholder = t(`duty_c_${name}`);
            field.value = value ?? "";
            field.maxLength = 60;
            row.append(field);
        }
        return row;
    }));
    $("contacts").showModal();
    $("contacts-rows").querySelector("input").focus();
}

export function wire_contacts() {
    $("contacts-close").addEventListener("click", () => $("contacts").close());
    $("contacts-form").addEventListener("submit", async (event) => {
        event.preventDefault();
        const clean = (text) => text.replaceAll(/[\t\r\n]/g, " ").trim();
        const lines = [...$("contacts-rows").children].map((row) =>
            [...row.children].map((field) => clean(field.value))).filter((row) => row.some(Boolean));
        const answer = await act(() => post("api/desk/contacts", form_line({ unit: editing.code, by: by(),
            contacts: lines.map((row) => row.join("\t")).join("\n") })), t("duty_saved"));
        if (answer?.ok)
            $("contacts").close();
        else
            set($("contacts-note"), answer ? dotted(t("refused"), error_words(answer)) : t("need_by"), "note bad");
    });
}

// ---- calls

export function call_words(calls) {
    const last = calls.last, words = [];
    if (last)
        words.push(t(`duty_call_${last.what}`, { at: clock(last.at), by: last.by,
            until: last.until ? clock(last.until) : "" }));
    if (calls.promised && last?.what !== "promised")
        words.push(t("duty_promised", { at: clock(calls.promised) }));
    if (calls.held)
        words.push(t("duty_held_by", { by: calls.held.by, at: clock(calls.held.at) }));
    return words.join(" · ") || t("duty_no_call");
}

export function reason_of(unit) {
    const { ring, missing } = unit;
    const age = ring.since ? span(Math.max(0, now() - ring.since)) : "";
    const places = missing.cutoff == null ? "" : t("duty_missing", { n: num(missing.places), of: num(missing.due),
        cutoff: cutoff_name({ name: missing.cutoff }) });
    const key = ring.asleep ? "duty_r_asleep" : `duty_r_${ring.reason}`;
    return t(key, { places, age, at: clock(ring.since), until: clock(unit.calls.promised),
        link: link_word(unit.link).sub });
}

const send_call = (unit, what, until) =>
    act(() => post("api/desk/call", form_line({ unit: unit.code, what, until, by: by() })),
        t("duty_call_kept", { unit: unit.name }));

function doing(unit_of) {
    const box = make("div", "doing"), promise = make("form", "promise"), until = make("input");
    const button = (key, press) => {
        const b = make("button", "", key);
        b.type = "button";
        b.addEventListener("click", press);
        return b;
    };
    until.maxLength = 8;
    until.autocomplete = "off";
    until.addEventListener("focus", () => until.select());
    const late = make("button", "", "duty_do_promised");
    promise.append(until, late);
    promise.addEventListener("submit", async (event) => {
        event.preventDefault();
        const answer = await send_call(unit_of(), "promised", until.value);
        if (answer?.ok)
            until.value = "";
        else
            until.focus();
    });
    const hold = button("duty_do_held", () =>
        send_call(unit_of(), unit_of().calls.held ? "left" : "held"));
    box.append(button("duty_do_reached", () => send_call(unit_of(), "reached")),
        button("duty_do_no_answer", () => send_call(unit_of(), "no_answer")), promise, hold,
        button("duty_do_contacts", () => edit_contacts(unit_of())));
    return { box, until, hold };
}

function build_row(unit) {
    const row = make("li"), who = make("div"), phones = make("div");
    const parts = { unit, ...doing(() => parts.unit) };
    who.append(make("div", "name"), make("div", "reason"), make("div", "chips"));
    who.children[2].append(make("span"), make("span"));
    phones.append(make("ul", "phones"), make("p", "calls"));
    row.append(who, phones, parts.box);
    row.parts = parts;
    row.dataset.unit = unit.code;
    return row;
}

function paint_row(row, unit) {
    row.parts.unit = unit;
    const [who, phones] = row.children;
    set(who.children[0], dotted(unit.name, unit.code));
    set(who.children[1], reason_of(unit));
    const link = link_word(unit.link), report = report_word(unit.report);
    set(who.children[2].children[0], dotted(link.text, link.sub), `chip ${link.mark}`);
    set(who.children[2].children[1], report.text, `chip ${report.mark}`);
    phone_list(phones.children[0], unit.contacts);
    set(phones.children[1], unit.contacts.length ? call_words(unit.calls)
        : dotted(t("duty_no_phone"), call_words(unit.calls)));
    const key = unit.calls.held ? "duty_do_left" : "duty_do_held";
    set(row.parts.hold, t(key));
    row.parts.hold.dataset.t = key;
    for (const button of row.parts.box.querySelectorAll("button"))
        button.setAttribute("aria-label", `${button.textContent}: ${unit.name}`);
    row.parts.until.placeholder = t("duty_until");
    row.parts.until.setAttribute("aria-label", `${t("duty_until_label")}: ${unit.name}`);
}

// ---- all units

function unit_cells(unit) {
    const total = unit.totals[0], turnout = total?.turnout?.[desk.state.due - 1];
    const link = link_word(unit.link), waiting = unit.totals.reduce((n, x) => n + x.quarantined + x.conflicts, 0);
    const incidents = unit.totals.reduce((n, x) => n + x.incidents, 0);
    return [
        { head: true, text: unit.name, sub: dotted(unit.code, unit.group) },
        { ...link, name: t("col_link") },
        { ...report_word(unit.report), name: t("col_report"),
            sub: unit.missing.places ? t("duty_missing_short", { n: num(unit.missing.places),
                of: num(unit.missing.due) }) : "" },
        { text: of(total?.opened, total?.places), cls: "n", name: t("col_opened") },
        { text: turnout?.places ? share(turnout.voted, turnout.voters) : t("none"), cls: "n", name: t("turnout"),
            sub: turnout?.due ? t("of_due", { n: num(turnout.places), of: num(Math.max(turnout.due, turnout.places)) })
                : "" },
        { text: of(total?.tallied, total?.places), cls: "n", name: t("col_tallied") },
        { text: num(waiting), mark: waiting ? "warn" : "", cls: "n", name: t("col_waiting") },
        { text: num(incidents), mark: incidents ? "warn" : "", cls: "n", name: t("col_incidents") },
    ];
}

function build_unit(unit) {
    const row = make("tr"), edit = make("button", "plain", "duty_do_contacts");
    row.unit = unit;
    cells(row, [...unit_cells(unit), {}]);
    edit.type = "button";
    edit.addEventListener("click", () => edit_contacts(row.unit));
    row.lastElementChild.firstElementChild.after(make("ul", "phones"), edit);
    return row;
}

function paint_units(units) {
    rows($("units"), units, (u) => u.code, build_unit, (row, unit) => {
        row.unit = unit;
        cells(row, [...unit_cells(unit), { text: "", name: t("duty_phone") }]);
        const [, phones, edit] = row.lastElementChild.children;
        phone_list(phones, unit.contacts.slice(0, 1).map((c) => ({ ...c, phone2: null })));
        if (edit.getAttribute("aria-label") !== `${t("duty_do_contacts")}: ${unit.name}`)
            edit.setAttribute("aria-label", `${t("duty_do_contacts")}: ${unit.name}`);
    });
}

// Of all units shown together: of a group where one is chosen.
function paint_totals({ group, totals, due }) {
    const total = totals[0], at = total?.turnout?.[due - 1];
    set($("totals"), dotted(group, `${t("col_opened")} ${of(total?.opened, total?.places)}`,
        at?.places ? `${t("turnout")} ${share(at.voted, at.voters)}, ${t("of_due", { n: num(at.places),
            of: num(Math.max(at.due, at.places)) })}` : `${t("turnout")} ${t("none")}`,
        `${t("col_tallied")} ${of(total?.tallied, total?.places)}`));
}

export function paint_ring(state) {
    const at = new Map(state.units.map((u) => [u.code, u]));
    const listed = (codes) => codes.map((code) => at.get(code)).filter(Boolean);
    const working = document.activeElement?.closest?.(".to-ring > li");
    rows($("ring"), listed(state.ring), (u) => u.code, build_row, paint_row);
    rows($("asleep"), listed(state.asleep), (u) => u.code, build_row, paint_row);
    if (working && document.activeElement === document.body) // its row is done with: on to the first one
        ($("ring").querySelector("a[href], button") ?? $("title")).focus();
    show($("asleep-box"), state.asleep.length > 0);
    set($("ring-sum"), state.ring.length ? t("duty_ring_sum", { n: num(state.ring.length) }) : t("duty_ring_none"));
    paint_units(state.units);
    paint_totals(state);
}
