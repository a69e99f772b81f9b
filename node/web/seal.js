// seal.js - the sheet of a seal: the head of the commune's log, its villages as they stood, room for signatures.
import { $, date_time, draw_act, error_words, form_line, get, keep, label, make, num, post, reason_words, set, show, start, state_word, t } from "./ui.js";
import { facts, head, line, number, qr, signatures, typed, typed_line } from "./paper.js";

let state = null, wanted = new URLSearchParams(location.search).get("number"), act = draw_act();

function votes_of(ballot) {
    return ballot.candidates.map((c, i) => ballot.tally.votes[i] == null ? "" : `${c.number}: ${num(ballot.tally.votes[i])}`)
        .filter(Boolean).join("; ") || t("none");
}

function paint_place(place, b) {
    const { tally } = b, reasons = reason_words(tally.reasons);
    const word = tally.state === "value" ? t(`life_${b.life}`) : state_word(tally.state).text;
    const name = make("span");
    set(name, place.ballots.length > 1 ? `${place.name}: ${b.contest_name || b.contest}` : place.name);
    line($("places"), [name, number(num(b.voters)), number(num(tally.attended)),
        number(num(tally.returned)), number(num(tally.valid)), number(num(tally.invalid)),
        votes_of(b), reasons ? `${word}: ${reasons}` : word]);
}

function paint_sheet(s) {
    head(state, "seal_title", { n: s.number });
    facts($("facts"), [
        ["sheet_election", state.election.title || state.election.label],
        ["sheet_kind", t(state.election.drill ? "sheet_drill" : "sheet_real")],
        ["seal_at", date_time(s.at)], ["seal_who", s.by], ["seal_n", num(s.n)],
        ["sheet_key", typed_line(s.key)], ["sheet_program", `dantin-node ${state.program}`]]);
    $("head").replaceChildren(typed(s.seal));
    const box = $("head").closest(".big");
    box.querySelector("img")?.remove();
    box.append(qr(s.seal));
    show($("after"), state.after > 0);
    set($("after"), t("seal_after_n", { n: num(state.after), number: s.number }));
    $("places").replaceChildren();
    for (const place of state.places ?? [])
        for (const ballot of place.ballots)
            paint_place(place, ballot);
    show($("hidden"), state.kinds_hidden > 0);
    signatures($("signs"), ["sign_sealed", "sign_checked", "sign_head"]);
}

function paint() {
    if (!state)
        return;
    const { seal, seals } = state;
    label(document);
    show($("sheet"), Boolean(seal));
    show($("print"), Boolean(seal));
    show($("which-label"), seals.length > 1);
    $("which").replaceChildren(...seals.map((s) => Object.assign(make("option"),
        { value: s.number, textContent: `${s.number} (${date_time(s.at)})`, selected: s.number === seal?.number })));
    set($("seal"), t("seal_do", { n: Math.max(0, ...seals.map((s) => s.number)) + 1 }));
    if (seal)
        paint_sheet(seal);
    else
        set($("note"), t("seal_none"), "note");
}

async function read() {
    state = await get(wanted ? `api/seal?number=${encodeURIComponent(wanted)}` : "api/seal");
    paint();
}

async function seal(event) {
    event.preventDefault();
    const by = $("by").value.trim();
    if (!by) {
        set($("note"), t("need_by"), "note bad");
        $("by").focus();
        return;
    }
    $("seal").disabled = true;
    const answer = await post("api/seal", form_line({ by, act })).catch(() => null);
    $("seal").disabled = false;
    if (answer?.ok) {
        act = draw_act();
        wanted = answer.number;
        keep("by", by);
        await read().catch(() => null);
    }
    set($("note"), answer?.ok ? t("seal_done", { n: answer.number }) : error_words(answer, "unsent"),
        answer?.ok ? "note good" : "note bad");
}

async function main() {
    await start(paint);
    if (!$("by").readOnly) // else it is who has logged in
        $("by").value = keep("by") ?? "";
    $("print").addEventListener("click", () => print());
    $("which").addEventListener("change", () => {
        wanted = $("which").value;
        read().catch(() => set($("note"), t("page_never"), "note bad"));
    });
    $("tools").addEventListener("submit", seal);
    await read().catch((e) => set($("note"), e.message, "note bad"));
}

main();
