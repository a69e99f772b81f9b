// sheet.js - one act of a clerk on its way to the node, and what the clerk is told of it.
import { $, draw_act, error_words, form_line, language, make, now, set, t } from "./ui.js";
import { drop, hold, send, with_form } from "./outbox.js";

// Drawn when its form is opened, kept until the node has answered.
export class Sheet {
    act = draw_act();
    entry = null;
    busy = false;

    // The node's answer, or null where nobody knows whether it arrived: then the very same bytes go
    // again, and the node answers the second time with what it did the first time. Until then the
    // browser holds them, so that a closed page loses nothing.
    async send(fields) {
        this.entry ??= { act: this.act, kind: "form", of: fields.kind, place: fields.place, at: now(),
            body: form_line({ ...fields, act: this.act }) };
        with_form(this.act);
        if (!hold(this.entry)) {
            this.entry = null;
            return { ok: false, error: t("outbox_full") };
        }
        this.busy = true;
        const answer = await send(this.entry) ?? null;
        this.busy = false;
        if (answer !== null) {
            drop(this.act);
            this.entry = null;
        }
        if (answer?.ok)
            this.act = draw_act();
        return answer;
    }
    get stuck() {
        return this.entry !== null && !this.busy;
    }
}

// What stands in a slot of a ballot or of the unit: acts that a form has seen when it is opened.
export const acts_in = (standing, slot) => (standing?.[slot] ?? []).map((s) => s.act).join(",");

export function findings_of(answer) {
    return (answer.said ?? []).flatMap((s) => s.findings ?? []);
}

// One that holds the figure back is told from one that is only pointed out: by sign and word.
export const finding_words = (f) =>
    `${f.holds ? "✗" : "△"} ${t(f.holds ? "finding_hold" : "finding_note")} (${f.rule}): `
    + `${(language === "en" && f.words_en) || f.words}${f.formula ? `  [${f.formula}]` : ""}`;
export const hard_first = (findings) => [...findings].sort((a, b) => b.holds - a.holds);
export const finding_lines = (findings) => hard_first(findings).map(finding_words).join("\n");

export function tell(note, answer) {
    if (!answer)
        return set(note, t("unsent"), "note bad");
    if (!answer.ok)
        return set(note, error_words(answer), "note bad");
    const said = answer.said[0];
    const findings = findings_of(answer);
    const word = said.match ? t("same_stands") : t(said.again ? "recorded_before" : "recorded", { n: said.n });
    return set(note, [`✓ ${word}`, said.match ? "" : finding_lines(findings)].join("\n").trim(),
        findings.length && !said.match ? "note warn" : "note good");
}

// Who enters: without a name nothing is sent.
export function who(note) {
    const by = $("by").value.trim();
    if (!by) {
        set(note, t("need_by"), "note bad");
        $("by").focus();
        return null;
    }
    return { by, how: $("how").value };
}

export function unclash(note) {
    note.clash?.remove();
    note.clash = null;
}

// Somebody stated another figure since the form was opened: both are shown large, and the clerk says
// which one stands. theirs, mine: {text, sub}.
export function clash(note, theirs, mine, on_replace, on_keep) {
    unclash(note);
    const box = make("div", "clash"), sides = make("div", "sides"), acts = make("div", "actions");
    box.setAttribute("role", "alertdialog");
    box.append(make("p", "", "clash_title"), sides, acts);
    for (const [key, side] of [["clash_theirs", theirs], ["clash_mine", mine]]) {
        const card = make("div");
        card.append(make("small", "", key), Object.assign(make("b"), { textContent: side.text }),
            Object.assign(make("small"), { textContent: side.sub ?? "" }));
        sides.append(card);
    }
    for (const [key, act] of [["clash_replace", on_replace], ["clash_keep", on_keep]]) {
        const button = make("button", "", key);
        button.type = "button";
        button.addEventListener("click", () => {
            unclash(note);
            act();
        });
        acts.append(button);
    }
    note.clash = box;
    note.after(box);
    set(note, "", "note"); // the cursor stays where it is: an Enter meant for the next line must decide nothing
}

// Sends a whole form: its fields stay as they are, and shut, until it is known what became of it.
export async function deliver(sheet, fields, name, on_recorded) {
    const note = $(`${name}-note`), shut = $(`${name}-fields`);
    unclash(note);
    set(note, t("sending"), "note");
    shut.disabled = true;
    const answer = await sheet.send(fields);
    shut.disabled = answer === null;
    if (answer?.ok)
        on_recorded();
    if (answer?.status === 409 && answer.newer)
        set(note, "", "note");
    else
        tell(note, answer);
    return answer;
}
