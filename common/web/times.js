// times.js - times are always those of Vietnam, whatever the zone of this machine; the clock is the server's.
import { t } from "./text.js";

const ZONE_MS = 7 * 3600000;
let skew_ms = 0; // the server's clock less this machine's

export const now = () => Date.now() + skew_ms;

export function set_skew(ms) {
    skew_ms = ms;
}

function parts(ms) {
    const [date, clock] = new Date(ms + ZONE_MS).toISOString().split("T");
    return { date: date.split("-").reverse().join("/"), clock: clock.slice(0, 5), full: clock.slice(0, 8) };
}

export const clock = (ms) => ms ? parts(ms).clock : t("none");
export const seconds = (ms) => parts(ms).full;
export const date_time = (ms) => ms ? `${parts(ms).date} ${parts(ms).clock}` : t("none");

// Today's times go without their date.
export function when(ms) {
    return ms && parts(ms).date === parts(now()).date ? clock(ms) : date_time(ms);
}

// A day as it was typed stays as it is.
export const date_of = (ms) => typeof ms === "string" ? ms : ms ? parts(ms).date : t("none");

// Whether a cut-off, or its grace, has passed since: words on the screen change without any event.
export const crossed = (cutoffs, since) =>
    cutoffs.some((c) => [c.at, c.at + c.grace].some((edge) => since < edge && edge <= now()));

// A name that is a time is said with its word, as in "mốc 9:00".
export const cutoff_name = (c) => (/^\d/.test(c.name) ? t("at_cutoff", { name: c.name }) : c.name);

export function next_cutoff(cutoffs) {
    const open = cutoffs.find((c) => c.at <= now() && now() < c.at + c.grace);
    const next = cutoffs.find((c) => c.at > now());
    if (open)
        return t("cutoff_open", { name: open.name, left: span(open.at + open.grace - now()) });
    if (!next)
        return t(cutoffs.length ? "cutoff_over" : "none");
    return t("cutoff_next", { name: next.name, left: span(next.at - now()) });
}

export function span(ms) {
    const s = Math.max(0, Math.floor(ms / 1000));
    if (s < 60)
        return t("span_s", { s });
    if (s < 3600)
        return t("span_m", { m: Math.floor(s / 60) });
    if (s < 86400)
        return t("span_h", { h: Math.floor(s / 3600), m: Math.floor(s / 60) % 60 });
    return t("span_d", { d: Math.floor(s / 86400), h: Math.floor(s / 3600) % 24 });
}
