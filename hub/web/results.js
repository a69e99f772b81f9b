// results.js - what opens below: the provisional results, the targets, the figures that are in no total.
import { $, cells, dotted, make, num, reason_words, rows, set, share, show, state_word, t, when } from "./ui.js";
import { of, record_link } from "./words.js";

const SHOWN_MAX = 200; // contests, held figures

// ---- provisional results

const OUTCOMES = { elected: ["★", "good"], partly: ["★", "warn"], not_elected: ["○", "calm"], tie: ["=", "warn"],
    no_quorum: ["▲", "warn"], confidence: ["●", "good"], low: ["▲", "warn"], lowest: ["!", "bad"], open: ["", "calm"] };

// Before a decision recognises it, nothing is said of a result without "provisional".
const standing_word = (c) => (c.recognised >= c.places_in_all && c.places_in_all > 0 ? t("life_recognised")
    : dotted(t("provisional"), c.tallied && c.signed < c.tallied ? t("not_signed") : ""));

function paint_votes(list, contest) {
    rows(list, contest.candidates, (c) => c.number, () => {
        const item = make("li");
        item.append(make("span"), make("span"));
        return item;
    }, (item, c) => {
        const elected = contest.elected?.includes(c.number);
        set(item.children[0], `${elected ? "★ " : ""}${c.number}. ${c.name}`);
        set(item.children[1], c.votes == null || !contest.tallied ? "" : share(c.votes, contest.base));
        item.className = elected ? "elected" : "";
    });
}

function paint_contest(row, c, unit) {
    const [symbol, mark] = OUTCOMES[c.outcome] ?? OUTCOMES.open;
    const word = `${symbol} ${t(`outcome_${c.outcome}`)}`.trim();
    const stated = c.valid?.places ?? 0;
    const valid = { text: stated ? num(c.valid.sum) : t("none"),
        sub: stated ? t("of_places", { n: num(stated), of: num(c.places_in_all) }) : "" };
    const specs = [
        { text: c.name, sub: dotted(c.within === unit.name ? "" : c.within, t(`contest_${c.kind}`),
            t("seats", { n: num(c.seats) })) },
        { text: of(c.tallied, c.places_in_all), sub: "", name: t("col_counted") },
        { ...valid, name: t("n_valid") },
        null,
        { text: word, mark, name: t("col_outcome"),
            sub: dotted(standing_word(c), c.need == null ? "" : t("need", { n: num(c.need) }),
                c.quorum === false ? t("outcome_no_quorum") : "") },
    ];
    specs.forEach((spec, i) => {
        if (!spec) {
            paint_votes(row.children[i].firstElementChild, c);
            return set(row.children[i].lastElementChild, c.votes_open ? "" : t("votes_closed"));
        }
        set(row.children[i].children[0], spec.text, spec.mark ? `chip ${spec.mark}` : "");
        set(row.children[i].children[1], spec.sub);
        row.children[i].dataset.name = spec.name ?? "";
    });
}

function build_contest() {
    const row = make("tr");
    cells(row, [{ head: true }, { cls: "n" }, { cls: "n" }, {}, {}]);
    row.firstElementChild.removeAttribute("data-name");
    row.children[3].replaceChildren(make("ul", "votes"), make("small"));
    return row;
}

export function paint_results(results) {
    const { contests, unit } = results, shown = contests.slice(0, SHOWN_MAX);
    rows($("results"), shown, (c) => c.contest, build_contest, (row, c) => paint_contest(row, c, unit));
    // Of an answer that holds the first ones only, it says how many there are.
    const n = results.n ?? contests.length;
    const done = results.done ?? contests.filter((c) => c.tallied >= c.places_in_all && c.places_in_all > 0).length;
    const words = [t("results_sum", { n: num(done), of: num(n) })];
    if (n > shown.length)
        words.push(t("shown_first", { n: num(shown.length) }));
    set($("results-sum"), words.join(" · "));
}

// ---- those elected, against the plan's targets; statistics null: no traits are here

export function paint_targets(targets, statistics) {
    const names = statistics ? Object.keys(statistics).filter((name) => statistics[name]?.known != null)
        : targets.map((x) => x.what);
    show($("targets-note"), !statistics);
    set($("targets-note"), t("targets_none"));
    rows($("targets"), names, (name) => name, () => make("tr"), (row, name) => {
        const s = statistics?.[name], wanted = s?.target ?? targets.find((x) => x.what === name)?.percent;
        cells(row, [
            { head: true, text: t(`stat_${name}`) },
            { text: s?.known ? share(s.n, s.known) : t("none"), cls: "n", name: t("targets_known"),
                sub: s?.known && s.known < statistics.elected ? t("n_of", { n: num(s.known), of: num(statistics.elected) }) : "" },
            { text: wanted == null ? "–" : t("target_at_least", { n: num(wanted) }), cls: "n", name: t("targets_wanted"),
                sub: s?.reached == null ? "" : s.reached ? `✓ ${t("target_reached")}` : `▲ ${t("target_short")}` },
        ]);
    });
}

// ---- figures in no total

export function paint_held(held) {
    const shown = held.items.slice(0, SHOWN_MAX);
    rows($("held"), shown, (i) => `${i.unit} ${i.act} ${i.log} ${i.n}`, () => make("tr"), (row, i) => cells(row, [
        { head: true, text: i.subject || i.unit, sub: i.contest || `#${i.n}` },
        { text: t(`kind_${i.kind}`), name: t("col_said"), href: i.act ? record_link({ unit: i.unit, act: i.act }) : undefined },
        { ...state_word(i.state), sub: reason_words(i.reasons), name: t("col_state") },
        { text: i.by, name: t("col_by") },
        { text: when(i.at), name: t("col_at") },
    ]));
    const words = [t("held_sum", { n: num(held.n) })];
    if (held.items.length > shown.length)
        words.push(t("shown_first", { n: num(shown.length) }));
    set($("held-sum"), words.join(" · "));
}
