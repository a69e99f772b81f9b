// deskcore.js - what the desk's lists share: the state that was read, who acts, and how something is sent.
import { $, dotted, error_words, set, t } from "./ui.js";
import { ask_who } from "./who.js";

export const desk = { state: null, shown: null, tab: "ring", refresh: () => {} };

// Who acts: known by name where one logs in, else as written in the head of the page.
export const by = () => (desk.state?.person ? "" : $("by").value.trim());

// Asked of the program until it says yes: nothing of the desk is shown to anybody else.
let allowed = false;
export async function may_operate() {
    allowed = allowed || (await ask_who()).rights.includes("operate");
    return allowed;
}

export function tell(text, mark = "") {
    set($("note"), text, `note ${mark}`.trim());
}

function need_by() {
    if (desk.state?.person || by())
        return true;
    tell(t("need_by"), "bad");
    $("by").focus();
    return false;
}

// Sends something of the desk; true where the program took it. A refusal is said at the top of the page.
export async function act(send, done) {
    if (!need_by())
        return null;
    let answer;
    try {
        answer = await send();
    } catch {
        tell(t("check_unanswered"), "bad");
        return null;
    }
    if (!answer.ok) {
        tell(dotted(t("refused"), error_words(answer)), "bad");
        return answer;
    }
    if (done)
        tell(done, "good");
    desk.refresh(true);
    return answer;
}
