// tiles.js - the units that have places below them as equal tiles, and the table that says the same.
//
// The order is the plan's, in groups; nothing is known of where they lie. Colour never stands alone: each tile
// has its figure or word and a sign. Only the one of the two that is looked at is painted.
import { $, cells, dotted, keep, language, link_word, make, num, percent, report_word, rows, set, show, t } from "./ui.js";
import { part_of, turnout_words, unit_cells, unit_columns, unit_link } from "./words.js";

const MODES = ["turnout", "silence", "incidents"], VIEWS = ["tiles", "table"];
const STEPS = [25, 50, 75]; // percent, where the colour of a turnout changes

let mode = MODES.includes(keep("map")) ? keep("map") : MODES[0], view = VIEWS[0];

// ---- a unit in words, a sign and a colour, by what is looked at

function by_turnout(c) {
    const part = part_of(c.turnout);
    if (part == null)
        return { text: t("none"), mark: "none", sign: "" };
    const { places, full, due, voted, voters } = c.turnout;
    const level = full === c.places && c.places ? 4 : STEPS.filter((step) => part >= step * 100).length;
    return { text: percent(voted, voters), mark: `step${level}`, sign: level === 4 ? "✓" : "",
        sub: places < due ? `${num(places)}/${num(due)}` : "" };
}

function by_silence(c) {
    const report = report_word(c.report), link = c.link && c.link.word !== "connected" ? link_word(c.link) : null;
    const mark = report.mark === "bad" ? "bad" : link?.mark === "bad" || report.mark === "warn" || link?.mark === "warn" ? "warn"
        : report.mark;
    return { text: report.text, mark, sign: "", sub: link ? link.text : "" };
}

const by_incidents = (c) => (c.incidents
    ? { text: `${c.severe ? "!" : "▲"} ${num(c.incidents)}`, mark: c.severe ? "bad" : "warn", sign: "",
        sub: c.severe ? t("mon_severe_n", { n: num(c.severe) }) : "" }
    : { text: "·", mark: "calm", sign: "", sub: "" });

const WORD = { turnout: by_turnout, silence: by_silence, incidents: by_incidents };

// What the tile does not show, for who does not see it.
const sentence = (c) => dotted(turnout_words(c.turnout).text, turnout_words(c.turnout).sub, report_word(c.report).text,
    c.link ? link_word(c.link).text : "", c.incidents ? t("mon_incidents_n", { n: num(c.incidents) }) : "");

// ---- tiles

function build_tile() {
    const tile = make("a", "tile");
    tile.append(make("span", "name"), " ", make("b"), " ", make("small"), " ", make("span", "unseen"));
    return tile;
}

function paint_tile(tile, c) {
    const word = WORD[mode](c), cls = `tile ${word.mark}`, href = unit_link(c.code);
    if (tile.className !== cls)
        tile.className = cls;
    if (tile.getAttribute("href") !== href)
        tile.href = href;
    set(tile.children[0], c.name);
    set(tile.children[1], word.sign ? `${word.sign} ${word.text}` : word.text);
    set(tile.children[2], word.sub ?? "");
    set(tile.children[3], sentence(c));
}

function paint_group(box, g) {
    set(box.firstElementChild, g.name);
    show(box.firstElementChild, Boolean(g.name));
    rows(box.lastElementChild, g.rows, (c) => c.code, build_tile, paint_tile);
}

function legend() {
    if (mode === "turnout")
        return [["none", t("none")], ["step0", t("mon_below", { n: STEPS[0] })],
            ...STEPS.map((n, i) => [`step${i + 1}`, t("mon_from", { n })]), ["step4", `✓ ${t("mon_full")}`]];
    if (mode === "silence")
        return ["missing", "late", "due_soon", "on_time", "not_due"].map((word) => [report_word(word).mark, report_word(word).text]);
    return [["bad", `! ${t("mon_by_incidents")}: ${t("severity_3")}, ${t("severity_4")}`], ["warn", `▲ ${t("mon_by_incidents")}`],
        ["calm", `· ${t("mon_incidents_none")}`]];
}

// ---- the table: the same units, and their sum

function build_row() {
    const row = make("tr");
    cells(row, [{ head: true }]);
    return row;
}

const sum_of = (all, name) => all.reduce((n, c) => n + (c[name] ?? 0), 0);

function sum_point(all) {
    const points = all.map((c) => c.turnout).filter(Boolean);
    return points.length ? { voted: sum_of(points, "voted"), voters: sum_of(points, "voters"),
        places: sum_of(points, "places"), due: sum_of(points, "due") } : null;
}

// The sum below the units is added up here, so that it can be held against the total above.
function paint_sum(all, total, due, see) {
    const point = sum_point(all), whole = { places: sum_of(all, "places") };
    const top = total?.turnout?.[due - 1];
    const same = !total || ((!top || (point?.voted === top.voted && point?.places === top.places))
        && sum_of(all, "opened") === total.opened && sum_of(all, "tallied") === total.tallied);
    for (const name of ["opened", "tallied", "waiting", "incidents", "severe"])
        whole[name] = sum_of(all, name);
    const list = unit_cells({ ...whole, turnout: point, report: "not_due", code: "" }, see);
    cells($("behind-sum"), [{ head: true, text: t("mon_sum"), sub: same ? `✓ ${t("mon_sum_same")}` : "" }, { text: "" }, { text: "" },
        ...list.slice(2, -1), { text: "" }]);
}

function paint_table(groups, state, see) {
    const all = groups.flatMap((g) => g.rows.map((c) => ({ ...c, group: g.name })));
    rows($("behind-head"), unit_columns("col_unit"), (c) => c.key, () => make("th"), (th, c) => set(th, t(c.key), c.cls));
    rows($("behind-rows"), all, (c) => c.code, build_row, (row, c) => cells(row, [
        { head: true, text: c.name, sub: dotted(c.code, c.group), href: unit_link(c.code, see) }, ...unit_cells(c, see)]));
    paint_sum(all, state.total, state.cutoff, see);
}

// ---- both

const BESIDE_MAX = 60; // tiles that have room beside the turnout
const count_of = (tiles) => tiles.groups.reduce((n, g) => n + g.rows.length, 0);

export function paint_map(state, see, figure) {
    const { tiles } = state, table = view === "table";
    show($("map-box"), Boolean(tiles));
    $("pair").classList.toggle("beside", Boolean(tiles) && !table && count_of(tiles) <= BESIDE_MAX);
    if (!tiles)
        return;
    set($("map-title"), see && figure ? t("mon_behind", { name: figure }) : t("mon_map_title", { level: (language === "en" && tiles.level_en) || tiles.level }));
    for (const button of document.querySelectorAll("[data-mode]"))
        button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    for (const button of document.querySelectorAll("[data-view]"))
        button.setAttribute("aria-pressed", String(button.dataset.view === view));
    const missing = tiles.groups.flatMap((g) => g.rows).filter((c) => c.report === "missing");
    set($("map-sum"), missing.length ? t("sum_missing", { n: num(missing.length), of: num(count_of(tiles)) }) : "");
    show($("tiles"), !table);
    show($("colour"), !table);
    show($("legend"), !table);
    show($("behind"), table);
    if (table)
        return paint_table(tiles.groups, state, see);
    rows($("tiles"), tiles.groups, (g) => g.name, () => {
        const box = make("div", "group");
        box.append(make("h3"), make("div", "tiles"));
        return box;
    }, paint_group);
    rows($("legend"), legend(), ([, text]) => `${mode} ${text}`, () => make("li"), (item, [mark, text]) => set(item, text, `key ${mark}`));
}

export function look_at(next) {
    view = next;
}

export function choose_map(repaint) {
    for (const button of document.querySelectorAll("[data-mode]"))
        button.addEventListener("click", () => {
            mode = button.dataset.mode;
            keep("map", mode);
            look_at("tiles");
            repaint();
        });
    for (const button of document.querySelectorAll("[data-view]"))
        button.addEventListener("click", () => {
            look_at(button.dataset.view);
            repaint();
        });
}
