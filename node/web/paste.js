// paste.js - rows out of a spreadsheet or lines of a message: read by the node, shown, confirmed once.
import { $, error_words, form_line, language, make, num, post, rows, set, show, t } from "./ui.js";
import { who } from "./sheet.js";
import { ballots_of } from "./grid.js";

let about = () => null;
let enter = () => false;
let read = null; // the node's answer, and for which cut-off

const words_in = (x) => (language === "en" && x.words_en) || x.words;

function cell(tr, i, text, cls) {
    set(tr.children[i], text, cls);
}

function row_of(n) {
    const tr = make("tr");
    for (let i = 0; i < n; i++)
        tr.append(make(i === 0 ? "th" : "td"));
    return tr;
}

function paint() {
    const taken = read?.rows ?? [], left = read?.left ?? [], fresh = taken.filter((r) => !r.same);
    show($("paste-read"), Boolean(read));
    rows($("paste-rows"), taken, (r) => `${r.place}|${r.line}`, () => row_of(4), (tr, r) => {
        cell(tr, 0, `${r.number}. ${r.name}`);
        cell(tr, 1, r.last == null ? "–" : num(r.last), "n");
        cell(tr, 2, r.voted, "n figure");
        cell(tr, 3, r.same ? t("same_stands") : r.ask ? words_in(r.ask) : t("paste_will"), r.ask ? "warn" : "");
    });
    show($("paste-left-title"), left.length > 0);
    rows($("paste-left"), left, (r) => `${r.line}${r.text}`, () => make("li"), (item, r) =>
        set(item, `${t("paste_line", { n: r.line })}: “${r.text}” – ${words_in(r)}`));
    set($("paste-go"), t("paste_go", { n: fresh.length, cutoff: about().words }));
    $("paste-go").disabled = fresh.length === 0;
}

async function understand() {
    const { cutoff } = about(), text = $("paste-text").value;
    if (!text.trim())
        return;
    set($("paste-note"), t("checking"), "note");
    try {
        const answer = await post("api/paste", form_line({ cutoff, text }));
        read = answer.ok ? { ...answer, cutoff } : null;
        set($("paste-note"), answer.ok ? t("paste_sum", { n: answer.rows.length, left: answer.left.length })
            : error_words(answer), answer.ok ? "note" : "note bad");
    } catch {
        read = null;
        set($("paste-note"), t("check_unanswered"), "note bad");
    }
    paint();
    (read && !$("paste-go").disabled ? $("paste-go") : $("paste-text")).focus();
}

// Each line is an append of its own, through the same way as one that was typed: what must be asked, is.
function record() {
    const { state } = about(), person = who($("paste-note")), ballots = ballots_of(state);
    if (!person || !read)
        return;
    for (const r of read.rows.filter((x) => !x.same)) {
        const ballot = ballots.find((b) => b.place.code === r.place && b.contest === r.contest);
        if (ballot && !enter(ballot, read.cutoff, r.voted, r.seen, person)) {
            set($("paste-note"), t("outbox_full"), "note bad");
            return;
        }
    }
    read = null;
    $("paste-text").value = "";
    set($("paste-note"), "", "note");
    paint();
    show($("paste-box"), false);
    $("find").focus();
}

export function open_paste(about_what, enter_figure) {
    about = about_what;
    enter = enter_figure;
    $("paste-open").addEventListener("click", () => {
        show($("paste-box"), $("paste-box").hidden);
        if (!$("paste-box").hidden)
            $("paste-text").focus();
    });
    $("paste-check").addEventListener("click", understand);
    $("paste-go").addEventListener("click", record);
    $("paste-text").addEventListener("input", () => {
        read = null;
        paint();
    });
    $("paste-text").addEventListener("keydown", (event) => {
        if (event.key === "Enter" && event.ctrlKey) {
            event.preventDefault();
            understand();
        }
    });
    // Several lines pasted where a village is looked for are meant for this box.
    $("find").addEventListener("paste", (event) => {
        const text = event.clipboardData?.getData("text/plain") ?? "";
        if (!/[\t\n]/.test(text.trim()))
            return;
        event.preventDefault();
        show($("paste-box"), true);
        $("paste-text").value = text;
        understand();
    });
}
