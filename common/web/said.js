// said.js - a statement in words: what it says, of which place, by whom.
import { category_name, clock, cutoff_name, date_of, dotted, language, num, t, when } from "./ui.js";

// As a record numbers them, from 1; and as a clerk looks for them.
export const STEP_NUMBERS = ["list_frozen", "opened", "interrupted", "resumed", "closed", "no_quorum",
    "household_ballots", "counting", "postponed", "early", "annulled"];
export const STEPS = ["opened", "closed", ...STEP_NUMBERS.filter((s) => s !== "opened" && s !== "closed")];
export const step_word = (what) => t(`step_${typeof what === "number" ? what : STEP_NUMBERS.indexOf(what) + 1}`);
export const ASPECTS = ["order", "weather", "roads", "lines"]; // of a situation

export const place_of = (state, code) =>
    state.places.find((p) => p.code === code)?.name ?? (code === state.unit.code ? state.unit.name : code);

const cutoff_of = (state, n) => cutoff_name(state.cutoffs[n - 1] ?? { name: n });

function tally_words(s) {
    const f = s.fields, votes = [];
    for (let i = 0; i + 1 < (s.list?.length ?? 0) && s.list[i] < 2 ** 32; i += 2)
        votes.push(`${s.list[i]}: ${num(s.list[i + 1])}`);
    return t("said_tally", { valid: num(f.valid), invalid: num(f.invalid), votes: votes.join("; ") || t("none") });
}

const WORDS = {
    step: (s) => step_word(s.fields.what),
    turnout: (s, state) => t("said_turnout", { voted: num(s.fields.voted), cutoff: cutoff_of(state, s.fields.cutoff) }),
    tally: tally_words,
    list_change: (s) => dotted(t("kind_list_change"), s.fields.added ? `+${num(s.fields.added)}` : "",
        s.fields.removed ? `−${num(s.fields.removed)}` : "",
        s.fields.eligible == null ? "" : t("said_eligible", { n: num(s.fields.eligible) })),
    minutes: (s) => dotted(t("kind_minutes"), s.fields.number, s.fields.signed == null ? "" : t("said_signed",
        { n: num(s.fields.signed) }), s.fields.complaints ? t("said_complaints", { n: num(s.fields.complaints) }) : ""),
    decision: (s) => dotted(t(`decision_${s.fields.what}`), s.fields.number && t("said_number", { n: s.fields.number }),
        s.fields.date ? date_of(s.fields.date) : "", s.fields.signatory,
        s.fields.on ? t("said_on", { date: date_of(s.fields.on) }) : ""),
    incident: (s, state) => dotted(category_name(state.election, s.fields.category), t(`severity_${s.fields.severity}`),
        t(`incident_state_${s.fields.state}`), s.fields.actor && t("said_actor", { who: s.fields.actor })),
    complaint: (s) => dotted(t(`complaint_sort_${s.fields.sort}`), t(`complaint_state_${s.fields.state}`),
        s.fields.passed_to && t("said_passed", { to: s.fields.passed_to }),
        s.fields.actor && t("said_actor", { who: s.fields.actor })),
    situation: (s, state) => dotted(cutoff_of(state, s.fields.cutoff),
        ...ASPECTS.map((a) => `${t(`f_situation_${a}`)}: ${t(`situation_${s.fields[a]}`)}`)),
    instruction: (s) => dotted(t("kind_instruction"), s.fields.due ? t("said_due", { at: when(s.fields.due) }) : ""),
    verdict: (s) => t(`verdict_${s.fields.word}`),
    ready: (s) => dotted(t("kind_ready"), s.fields.decision),
    shift: (s) => t("said_shift", { to: s.fields.to }),
    sealed: (s) => t("said_sealed", { n: s.fields.number }),
};

export const said_words = (state, s) => (s.fields && WORDS[s.kind] ? WORDS[s.kind](s, state) : t(`kind_${s.kind}`));

// The level of the unit above that said it, in the plan's word: "huyện".
export const level_word = (tier) => (language === "en" && tier?.level_en) || tier?.level || t("above");
export const level_of = (state, s) => level_word(state.tiers.find((tier) => tier.code === s.author));

// "214 - huyện ghi qua điện thoại, 10:58"; of the unit's own people: who, how and when.
export function by_words(state, s) {
    const at = s.kind === "step" || !s.entered ? s.at : s.entered;
    return s.parent || (s.author && s.author !== state.unit.code)
        ? t("said_above", { level: level_of(state, s), how: t(`how_${s.how}`), at: clock(at) })
        : dotted(s.by, t(`how_${s.how}`), when(at));
}

// What the unit above has stated for a slot of a ballot, so that the clerk sees it; "" where nothing.
export const relay_words = (state, standing, slot) =>
    (standing?.[slot] ?? []).filter((s) => s.parent).map((s) => t("relayed", { level: level_of(state, s),
        figure: s.kind === "turnout" ? num(s.fields.voted) : s.kind === "step" ? clock(s.at) : said_words(state, s),
        how: t(`how_${s.how}`), at: clock(s.entered) })).join("\n");
