// wall.js - the screen on the wall: a few figures in large type, which change where they stand.
//
// It neither turns nor scrolls: what a room speaks of stays in sight. What has no room is counted, not hidden.
import { $, category_name, cells, cutoff_name, dotted, dress, get, life, link_word, live, make, next_cutoff, num, percent, report_word, rows, set,
    severity_word, show, start, t } from "./ui.js";
import { asked, of, since_words, turnout_words } from "./words.js";

const LINES = 12, FEW = 6, SOME = 8; // units with a line of their own; below six and eight others have room too
const NAMES = 8, SEVERE = [4, 2]; // of units that are overdue; incidents
const ROOM = 16, ACROSS = 3; // lines of tiles that the screen holds with nothing else; tiles in a line

let state = null;

// ---- what stands beside the turnout

function boxes() {
    const { total, severe, results: r } = state, units = tiles();
    const missing = units.filter((c) => c.report === "missing"), lost = units.filter((c) => c.link?.word === "silent");
    const list = [
        { name: t("card_opened"), figure: num(total.opened), base: of(total.opened, total.places) },
        { name: t("card_tallied"), figure: num(total.tallied), base: dotted(of(total.tallied, total.places), t("provisional")) },
        { name: t("card_incidents"), figure: num(total.incidents), base: t("card_severe", { n: num(severe.n) }),
            mark: severe.n ? "bad" : total.incidents ? "warn" : "" },
    ];
    if (units.length)
        list.push({ name: t("wall_missing"), figure: num(missing.length), mark: missing.length ? "bad" : "",
            base: t("wall_missing_base", { n: num(units.length) }) },
        { name: t("wall_lost"), figure: num(lost.length), mark: lost.length ? "warn" : "", base: t("wall_missing_base", { n: num(units.length) }) });
    list.push(r ? { name: t("res_elected"), figure: num(r.elected), base: dotted(of(r.elected, r.decided), t("provisional")), mark: "good" }
        : { name: t("card_proven"), figure: num(state.proven_units), base: t("card_told", { n: num(state.told_units) }), mark: state.told_units ? "warn" : "" });
    if (r)
        list.push({ name: t("res_failed"), figure: num(r.none + r.tied + r.partly + r.no_quorum),
            base: t("wall_failed_base", { n: num(r.no_quorum) }), mark: r.none + r.tied + r.partly + r.no_quorum ? "warn" : "" },
        { name: t("res_reruns"), figure: num(r.reruns), base: t("res_reruns_base"), mark: r.reruns ? "warn" : "" },
        { name: t("res_waiting"), figure: num(r.contests - r.decided), base: t("res_waiting_base", { n: num(r.contests) }) });
    return list;
}

const tiles = () => state.tiles?.groups.flatMap((g) => g.rows) ?? [];
const SIGNS = { bad: "! ", warn: "▲ " };

function paint_boxes() {
    rows($("figures"), boxes(), (b) => b.name, () => {
        const box = make("div", "tally");
        box.append(make("div", "name"), make("div", "figure"), make("div", "base"));
        return box;
    }, (box, b) => {
        const cls = `tally ${b.mark ?? ""}`.trim();
        if (box.className !== cls)
            box.className = cls;
        set(box.children[0], b.name);
        set(box.children[1], `${SIGNS[b.mark] ?? ""}${b.figure}`);
        set(box.children[2], b.base);
    });
}

// ---- units, or groups of them; of a commune its places

function lines() {
    const { series, children, cutoff } = state;
    if (children.length && children.every((c) => c.place))
        return children.map((c) => ({ name: c.name, point: { voted: c.turnout?.voted, voters: c.turnout?.eligible ?? c.voters,
            places: c.turnout?.state === "value" ? 1 : 0, due: c.turnout?.due ? 1 : 0 }, word: report_word(c.report) }));
    if (series.rows.length && cutoff)
        return series.rows.map((line) => ({ name: line.name, point: line.points[cutoff - 1],
            word: series.by === "group" ? word_of_group(line.name) : word_of(line.code) }));
    return children.map((c) => ({ name: c.name, point: c.turnout, word: word_of(c.code) }))
        .filter((line, i) => series.by === "unit" || i < LINES);
}

function word_of(code) {
    const unit = state.children.find((c) => c.code === code);
    return unit?.link && unit.link.word !== "connected" ? link_word(unit.link) : unit ? report_word(unit.report) : null;
}

// Of a group only what is overdue in it.
function word_of_group(name) {
    const missing = state.tiles?.groups.find((g) => g.name === name)?.rows.filter((c) => c.report === "missing").length;
    return missing ? { text: t("wall_missing_n", { n: num(missing) }), mark: "bad" } : null;
}

function paint_units() {
    const all = lines().map((line, i) => ({ ...line, key: `${i} ${line.name}` })), shown = all.slice(0, LINES), more = state.children.length + state.more - shown.length;
    set($("units-title"), dotted(t("wall_units"), state.cutoff ? cutoff_name(state.cutoffs[state.cutoff - 1]) : ""));
    const many = shown.length > SOME; // then the part of the places stands beside the figure, not below it
    const columns = ["col_unit", "turnout", shown.some((line) => line.word) ? "col_report" : null].filter(Boolean);
    rows($("units-head"), columns, (key) => key, () => make("th"),
        (th, key) => set(th, t(key), key === "turnout" ? "n" : ""));
    rows($("units"), shown, (line) => line.key, () => make("tr"), (row, line) => {
        const words = turnout_words(line.point), point = line.point, whole = point?.places && point.places >= point.due;
        const covers = !many ? words.sub : point?.places ? `${num(point.places)}/${num(point.due)}` : "";
        cells(row, [{ head: true, text: line.name },
            { text: words.text, cls: "n figure", sub: whole ? "" : covers },
            ...(columns.length < 3 ? [] : [line.word ? { text: line.word.text, mark: line.word.mark } : { text: "" }])]);
    });
    $("units").parentElement.classList.toggle("many", many);
    paint_severe(shown.length <= FEW ? SEVERE[0] : shown.length <= SOME ? SEVERE[1] : 0);
    paint_wall_tiles(shown.length);
    set($("units-more"), state.series.by !== "group" && more > 0 ? t("wall_more", { n: num(more) }) : "");
}

function paint_severe(room) {
    const { matters, n } = state.severe, shown = matters.slice(0, room);
    const lines = shown.map((m) => ({ key: `${m.log} ${m.n}`, sign: severity_word(m.fields.severity).text,
        text: dotted(m.place, m.within === state.unit.name ? "" : m.within, m.text || category_name(state.election, m.fields.category)) }));
    if (n > shown.length && shown.length)
        lines.push({ key: "more", sign: "", text: t("wall_more_matters", { n: num(n - shown.length) }) });
    show($("severe"), lines.length > 0);
    rows($("severe"), lines, (line) => line.key, () => {
        const item = make("li");
        item.append(make("b"), make("span"));
        return item;
    }, (item, line) => {
        set(item.children[0], line.sign);
        set(item.children[1], line.text);
    });
}

function paint_wall_tiles(lines_shown) {
    const all = tiles(), severe = lines_shown <= FEW ? Math.min(SEVERE[0] + 1, state.severe.n) : 0;
    const room = lines_shown <= FEW && all.length > lines_shown
        && 1.6 * lines_shown + 1.2 * severe + Math.ceil(all.length / ACROSS) <= ROOM;
    show($("tiles"), room);
    $("tiles").parentElement.classList.toggle("few", lines_shown <= FEW);
    $("tiles").parentElement.classList.toggle("bare", lines_shown <= FEW && !room);
    rows($("tiles"), room ? all : [], (c) => c.code, () => {
        const tile = make("div", "tile");
        tile.append(make("span"), make("b"));
        return tile;
    }, (tile, c) => {
        const missing = c.report === "missing", point = c.turnout, cls = `tile ${missing ? "bad" : c.severe ? "warn" : ""}`.trim();
        if (tile.className !== cls)
            tile.className = cls;
        set(tile.children[0], c.name);
        set(tile.children[1], missing ? report_word("missing").text : point?.places && point.voters
            ? `${c.severe ? "▲ " : ""}${percent(point.voted, point.voters)}` : t("none"));
    });
}

function paint() {
    if (!state)
        return;
    const { unit, election, total, cutoff } = state, point = cutoff && total ? total.turnout[cutoff - 1] : null;
    dress(state);
    set($("unit"), unit.name);
    set($("election"), election.title || election.label);
    set($("standing"), state.recognised ? `✓ ${t("mon_final")}` : t("provisional"), `chip ${state.recognised ? "good" : "warn"}`);
    set($("turnout-name"), dotted(t("wall_turnout"), cutoff ? cutoff_name(state.cutoffs[cutoff - 1]) : ""));
    set($("turnout"), point?.places && point.voters ? percent(point.voted, point.voters) : t("none"));
    set($("turnout-base"), point?.places ? `${num(point.voted)}/${num(point.voters)}` : "");
    set($("turnout-due"), turnout_words(point).sub ?? "");
    set($("since"), state.since ? since_words(state.since) : "");
    if (total)
        paint_boxes();
    paint_units();
    const missing = tiles().filter((c) => c.report === "missing").map((c) => c.name);
    const named = dotted(missing.slice(0, NAMES).join(", "), missing.length > NAMES ? t("wall_more", { n: num(missing.length - NAMES) }) : "");
    set($("missing"), missing.length ? `! ${t("mon_missing_units", { names: named })}` : tiles().length ? `✓ ${t("mon_missing_none")}` : "");
    tick();
}

function tick() {
    if (state)
        set($("next"), next_cutoff(state.cutoffs));
}

async function read() {
    const code = asked().code;
    const fresh = await get(`api/monitor${code ? `?unit=${encodeURIComponent(code)}` : ""}`);
    state = fresh;
    paint();
    return fresh.turn;
}

async function main() {
    await start(paint);
    const refresh = live(read, (event) => !event.units || !state || event.units.includes(state.unit.code), life);
    window.addEventListener("hashchange", () => refresh(true));
    setInterval(tick, 1000);
}

main();
