// desk.js - the district's duty desk: whom to ring, figures by telephone, what waits for a decision, incidents.
//
// Every list comes in its order, with its reasons, from the program. The list shown is read again after an
// event; the telephone's list always is, since it says what is to be done.
import { $, crossed, dotted, dress, get, keep, life, live, make, next_cutoff, num, rows, set, show, start, t }
    from "./ui.js";
import { desk, may_operate, tell } from "./deskcore.js";
import { may_sound, ring_bell, wire_sound } from "./desksound.js";
import { paint_ring, wire_contacts } from "./deskring.js";
import { paint_relay, wire_relay } from "./deskrelay.js";
import { paint_held } from "./deskheld.js";
import { paint_incidents } from "./deskincidents.js";
import { paint_heat, paint_machines, paint_ready } from "./desklists.js";
import { paint_results } from "./results.js";

const TABS = ["ring", "relay", "held", "incidents", "heat", "results", "machines", "ready"];
const READS = { held: "held", incidents: "incidents", heat: "heat", machines: "machines", ready: "ready" };

const group = () => $("group").value;
const asking = () => (group() ? `?group=${encodeURIComponent(group())}` : "");

// ---- tabs

function counts(state) {
    const waiting = state.totals.reduce((n, x) => n + x.quarantined + x.conflicts, 0);
    const open = state.totals.reduce((n, x) => n + x.incidents, 0);
    return { ring: [state.ring.length, state.ring.length > 0], held: [waiting, waiting > 0],
        incidents: [open, state.unseen > 0] };
}

function paint_tabs() {
    const n = desk.state ? counts(desk.state) : {};
    rows($("tabs"), TABS, (name) => name, (name) => {
        const button = make("button");
        button.type = "button";
        button.id = `to-${name}`;
        button.append(make("kbd"), make("span"), make("span", "count"));
        button.addEventListener("click", () => go(name));
        return button;
    }, (button, name) => {
        const [count, urgent] = n[name] ?? [0, false];
        set(button.children[0], TABS.indexOf(name) + 1);
        set(button.children[1], t(`duty_tab_${name}`));
        set(button.children[2], count ? `${urgent ? "▲ " : ""}${num(count)}` : "");
        button.setAttribute("aria-pressed", String(desk.tab === name));
    });
    for (const name of TABS)
        show($(`tab-${name}`), desk.tab === name);
}

export function go(name) {
    desk.tab = name;
    keep("desk.tab", name);
    paint_tabs();
    tell("");
    const first = $(`tab-${name}`).querySelector("input:not([hidden]), select, button, a");
    first?.focus();
    desk.refresh(true);
}

// ---- head

function paint_groups(groups) {
    const names = ["", ...groups];
    show($("group").parentElement.parentElement, groups.length > 0);
    rows($("group"), names, (name) => name, (name) => Object.assign(make("option"), { value: name }),
        (option, name) => set(option, name || t("duty_group_all")));
}

function paint_faults(faults) {
    show($("faults"), faults.length > 0);
    set($("faults"), faults.map((f) => t("duty_fault", { file: f.file ?? "", line: f.line, text: f.text })).join("\n"));
}

function paint_head(state) {
    dress(state);
    set($("title"), t("duty_title", { unit: state.unit.name }));
    set($("election"), dotted(state.election?.title || state.election?.label, state.unit.code));
    document.title = `${state.election?.drill ? `[${t("drill")}] ` : ""}${$("title").textContent} - Dantin`;
    show($("full"), state.taking !== "taking");
    set($("full"), t(`bar_${state.taking}`));
    show($("by-box"), !state.person);
    paint_groups(state.groups);
    paint_faults(state.faults);
    show($("alarm"), state.alarms > 0);
    set($("alarm"), state.alarms ? t("duty_alarm", { n: num(state.alarms) }) : "");
}

// ---- live

let pending = 0;

// What changes by the clock alone: an alarm, the end of a promise.
function wait_for(at) {
    clearTimeout(pending);
    const left = at ? at - desk.state.as_of : null;
    if (left !== null && left < 86400000)
        pending = setTimeout(() => desk.refresh(), Math.max(500, left + 300));
}

async function read_shown(asked) {
    if (desk.tab === "results") {
        const results = await get(`api/desk/results${asked}`);
        const bulletin = await get(`api/desk/bulletin${asked}`);
        return { tab: "results", results, bulletin };
    }
    const path = READS[desk.tab];
    return path ? { tab: desk.tab, list: await get(`api/desk/${path}${asked}`) } : { tab: desk.tab };
}

function paint_shown() {
    const { shown, state } = desk;
    if (shown?.tab !== desk.tab)
        return;
    if (shown.tab === "held")
        paint_held(state, shown.list);
    else if (shown.tab === "incidents")
        paint_incidents(state, shown.list);
    else if (shown.tab === "heat")
        paint_heat(shown.list);
    else if (shown.tab === "machines")
        paint_machines(shown.list);
    else if (shown.tab === "ready")
        paint_ready(shown.list);
    else if (shown.tab === "results") {
        paint_results(shown.results);
        if ($("bulletin").value !== shown.bulletin.text)
            $("bulletin").value = shown.bulletin.text;
    }
}

function tick() {
    if (!desk.state)
        return;
    set($("next"), next_cutoff(desk.state.cutoffs));
    if (crossed(desk.state.cutoffs, desk.state.as_of) && !tick.asked) {
        tick.asked = true;
        setTimeout(() => desk.refresh(), Math.random() * 1000);
    }
}

function paint() {
    const { state } = desk;
    if (!state)
        return;
    paint_head(state);
    paint_tabs();
    paint_ring(state);
    paint_relay(state);
    paint_shown();
    tick();
    may_sound();
}

async function read() {
    const asked = asking();
    if (!await may_operate()) {
        show($("no-right"), true);
        set($("no-right"), t("duty_no_right"));
        return 0;
    }
    show($("no-right"), false);
    const fresh = await get(`api/desk${asked}`);
    const shown = await read_shown(asked);
    if (asked !== asking())
        return fresh.turn;
    desk.state = fresh;
    desk.shown = shown;
    tick.asked = false;
    wait_for(fresh.next);
    paint();
    if (fresh.alarms > 0)
        ring_bell();
    return fresh.turn;
}

// A digit opens a list, where nobody is writing; Escape ends the writing.
function on_key(event) {
    if (event.key === "Escape" && !event.target.closest?.("dialog"))
        $("title").focus();
    const writing = event.target.closest?.("input, select, textarea, dialog");
    if (writing || event.ctrlKey || event.altKey || event.metaKey)
        return;
    const name = TABS[Number(event.key) - 1];
    if (name) {
        event.preventDefault();
        go(name);
    } else if (event.key === "0") {
        location.href = $("to-handover").href;
    }
}

async function main() {
    await start(paint);
    $("by").value = keep("desk.by") ?? "";
    $("by").addEventListener("change", () => keep("desk.by", $("by").value.trim()));
    $("group").addEventListener("change", () => {
        $("to-handover").href = `handover.html${asking()}`;
        desk.refresh(true);
    });
    $("bulletin-choose").addEventListener("click", () => {
        $("bulletin").focus();
        $("bulletin").select();
    });
    document.addEventListener("keydown", on_key);
    if (TABS.includes(keep("desk.tab")))
        desk.tab = keep("desk.tab");
    paint_tabs();
    wire_sound();
    wire_contacts();
    wire_relay();
    desk.refresh = live(read, () => true, life);
    setInterval(tick, 1000);
}

main();
