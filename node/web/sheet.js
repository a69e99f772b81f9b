// sheet.js - one act of a clerk on its way to the node, and what the clerk is told of it.
import { $, draw_act, form_line, language, post, set, t } from "./ui.js";

// Drawn when its form is opened, kept until the node has answered.
export class Sheet {
    act = draw_act();
    body = null;
    busy = false;

    // The node's answer, or null where nobody knows whether it arrived: then the very same bytes go
    // again, and the node answers the second time with what it did the first time.
    async send(fields) {
        this.body ??= form_line({ ...fields, act: this.act });
        this.busy = true;
        try {
            const answer = await post("api/say", this.body);
            this.body = null;
            if (answer.ok)
                this.act = draw_act();
            return answer;
        } catch {
            return null;
        } finally {
            this.busy = false;
        }
    }
    get stuck() {
        return this.body !== null && !this.busy;
    }
}

export function findings_of(answer) {
    return (answer.said ?? []).flatMap((s) => s.findings ?? []);
}

export const finding_lines = (findings) =>
    findings.map((f) => `▲ ${(language === "en" && f.words_en) || f.words} (${f.rule})`).join("\n");

export function tell(note, answer) {
    if (!answer)
        return set(note, t("unsent"), "note bad");
    if (!answer.ok)
        return set(note, answer.error ?? t("refused"), "note bad");
    const said = answer.said[0];
    const findings = findings_of(answer);
    const word = t(said.again ? "recorded_before" : "recorded", { n: said.n });
    return set(note, [`✓ ${word}`, finding_lines(findings)].join("\n").trim(),
        findings.length ? "note warn" : "note good");
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

// Sends a whole form: its fields stay as they are, and shut, until it is known what became of it.
export async function deliver(sheet, fields, name, on_recorded) {
    const note = $(`${name}-note`), shut = $(`${name}-fields`);
    set(note, t("sending"), "note");
    shut.disabled = true;
    const answer = await sheet.send(fields);
    shut.disabled = answer === null;
    if (answer?.ok)
        on_recorded();
    tell(note, answer);
    return answer;
}
