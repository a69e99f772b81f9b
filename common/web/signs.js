// signs.js - words that carry a colour and a symbol too, so that none of the three is needed alone.
import { has, language, t } from "./text.js";
import { now, span } from "./times.js";

const LINKS = { connected: ["●", "good"], stuck: ["◐", "warn"], silent: ["○", "bad"], never_seen: ["◌", "calm"] };
const REPORTS = { not_due: ["·", "calm"], due_soon: ["◔", "calm"], on_time: ["✓", "good"],
    late: ["▲", "warn"], missing: ["!", "bad"], done: ["✓", "good"], postponed: ["‖", "calm"] };
const STATES = { value: ["✓", "good"], quarantined: ["▲", "warn"], conflict: ["!", "bad"],
    replaced: ["↺", "calm"], held: ["■", "warn"], missing: ["", "calm"] };

function sign([symbol, mark] = ["", "calm"], word) {
    return { text: symbol ? `${symbol} ${word}` : word, mark };
}

export function link_word(link) {
    if (!link)
        return { text: "", sub: "" };
    const age = link.since ? span(now() - link.since) : "";
    return { ...sign(LINKS[link.word], t(`link_${link.word}`)), sub: age };
}
export const report_word = (word) => sign(REPORTS[word], t(`report_${word}`));
export const state_word = (word) => sign(STATES[word], t(`state_${word}`));

// Of an incident, from 1: by a word, a colour and a sign.
const SEVERITIES = [["·", "calm"], ["·", "calm"], ["△", "calm"], ["▲", "warn"], ["!", "bad"]];
export const severity_word = (n) => sign(SEVERITIES[n], t(`severity_${n}`));

// Categories are the plan's; 0, and any that it does not have, is "other".
export function category_name(election, n) {
    const c = election?.categories?.[n - 1];
    return c ? (language === "en" && c.english) || c.name : t("category_other");
}

export const reason_words = (reasons = []) =>
    reasons.map((r) => `${r}: ${t(has(`short_${r}`) ? `short_${r}` : r)}`).join("; ");
