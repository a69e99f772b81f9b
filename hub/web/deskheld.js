// deskheld.js - figures in no total: all versions side by side, why each is held, and who may let one count.
import { $, cutoff_name, dotted, form_line, language, make, num, post, reason_words, rows, set, show, state_word, t,
    when } from "./ui.js";
import { act, by } from "./deskcore.js";

const FIGURES = ["eligible", "attended", "issued", "spoiled", "returned", "valid", "invalid"];

// What a version says, in the words of its kind.
export function figure_of(v) {
    const f = v.fields;
    if (v.kind === "turnout")
        return dotted(num(f.voted), f.eligible == null ? "" : t("said_eligible", { n: num(f.eligible) }));
    if (v.kind === "tally") {
        const votes = [];
        for (let i = 0; i + 1 < v.list.length; i += 2)
            if (v.list[i] < 4294967296) // the first column: votes
                votes.push(`${v.list[i]}: ${num(v.list[i + 1])}`);
        return dotted(...FIGURES.filter((name) => f[name] != null).map((name) => `${t(`n_${name}`)} ${num(f[name])}`),
            votes.length ? t("duty_votes", { votes: votes.join(", ") }) : "");
    }
    if (v.kind === "step")
        return t(`duty_step_${f.what}`);
    return dotted(...Object.entries(f).filter(([, x]) => x !== "" && x != null)
        .map(([name, x]) => `${name}: ${typeof x === "number" ? num(x) : x}`));
}

const found_words = (v) => v.findings.filter((f) => f.holds)
    .map((f) => dotted(f.formula ? `${f.rule}: ${f.formula}` : f.rule, language === "en" ? f.words_en : f.words));

function build_version(item_of) {
    const box = make("div"), release = make("form", "release"), why = make("input"), send = make("button");
    box.append(make("span"), make("b"), make("small"), make("ul", "findings"), release);
    why.maxLength = 300;
    release.append(why, send);
    const parts = { version: null, release, why, send };
    release.addEventListener("submit", (event) => {
        event.preventDefault();
        decide(item_of(), parts.version, why);
    });
    box.parts = parts;
    return box;
}

// Of several versions one is chosen, the others named; of one that a rule holds, the rule is waived.
function decide(item, v, why) {
    const words = { by: by(), why: why.value.trim() };
    if (!words.why) {
        why.setAttribute("aria-invalid", "true");
        why.focus();
        return;
    }
    const others = item.versions.filter((x) => x.act !== v.act && x.state === "conflict").map((x) => x.act);
    const send = item.state === "conflict"
        ? () => post("api/say", form_line({ ...words, kind: "verdict", about: item.unit, word: "chosen", of: v.act,
            among: [v.act, ...others].join(",") }))
        : () => post("api/release", form_line({ ...words, unit: item.unit, act: v.act, rules: v.waivable.join(",") }));
    act(send, t(item.state === "conflict" ? "duty_chosen" : "duty_released", { place: item.place }));
}

function paint_version(box, v, item) {
    const { release, why, send } = box.parts, state = state_word(v.state);
    box.parts.version = v;
    set(box.children[0], state.text, `chip ${state.mark}`);
    set(box.children[1], figure_of(v));
    set(box.children[2], dotted(t(`how_${v.how}`), v.above ? t("above") : "", v.by, v.behalf, when(v.at),
        v.why ? t("said_why", { why: v.why }) : ""));
    const words = found_words(v);
    rows(box.children[3], words.length ? words : v.reasons.length ? [reason_words(v.reasons)] : [], (w) => w,
        () => make("li", "hold"), (li, w) => set(li, w));
    const open = ["quarantined", "conflict"].includes(v.state), conflict = item.state === "conflict";
    const may = open && item.mine && (conflict || v.waivable.length > 0) && (conflict || !v.own);
    show(release, may);
    why.placeholder = t("duty_why_release");
    why.setAttribute("aria-label", `${t("duty_why_release")}: ${figure_of(v)}`);
    set(send, t(conflict ? "duty_choose" : "duty_release"));
    send.setAttribute("aria-label", `${send.textContent}: ${item.place}, ${figure_of(v)}`);
    const cls = [v.state === "replaced" && "replaced", v.kind !== "turnout" && "long"].filter(Boolean).join(" ");
    if (box.className !== cls)
        box.className = cls;
}

function note_of(item) {
    const waiting = item.versions.filter((v) => v.state === "quarantined");
    if (!item.mine)
        return t("duty_not_mine");
    if (item.state !== "conflict" && waiting.some((v) => v.own))
        return t("duty_own");
    if (item.state !== "conflict" && waiting.every((v) => v.waivable.length === 0))
        return t("duty_no_release");
    return "";
}

export function paint_held(state, held) {
    rows($("held"), held.items, (i) => `${i.unit} ${i.key}`, () => {
        const item = make("li");
        item.append(make("div", "name"), make("div", "soft"), make("div", "sides"), make("p", "note"));
        return item;
    }, (li, item) => {
        li.item = item;
        const conflict = state_word(item.state);
        set(li.children[0], dotted(item.place, item.within));
        set(li.children[1], dotted(t(`kind_${item.kind}`), item.cutoff ? cutoff_name({ name: item.cutoff }) : "",
            conflict.text, item.voters == null ? "" : `${t("col_voters")} ${num(item.voters)}`));
        rows(li.children[2], item.versions, (v) => `${v.log} ${v.n}`, () => build_version(() => li.item),
            (box, v) => paint_version(box, v, item));
        set(li.children[3], note_of(item), "note warn");
    });
    set($("held-sum"), dotted(t("held_sum", { n: num(held.n) }),
        held.n > held.items.length ? t("shown_first", { n: num(held.items.length) }) : ""));
}
