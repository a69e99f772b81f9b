// trend.js - turnout at each cut-off, of the units or groups below: a table, and a chart that says the same.
//
// The chart library is Debian's, asked for when a chart is first shown. Points are what the server says of a
// cut-off; where it says nothing there is no point, and no line leads over the gap.
import { $, cells, clock, cutoff_name, dotted, make, num, percent, rows, set, share, show, t } from "./ui.js";
import { part_of, unit_link } from "./words.js";

const WIDE = 1000; // pixels, from which the chart is shown without being asked for
// Seen apart without colour too: each line has its dash and the form of its points. All stand out on white.
const COLOURS = ["#0b5394", "#a61b1b", "#17692f", "#7a4b00", "#5b2a86", "#00646b", "#8a1c5c", "#444b55", "#1f5fbf", "#6b6400",
    "#8b3a00", "#2d5d3a"];
const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]], FORMS = ["circle", "rect", "triangle", "rectRot", "star", "cross"];

let chart = null, library = null, wanted = null, drawn = "", series = null, state = null;

function load() {
    library ??= new Promise((done, failed) => {
        const script = make("script");
        script.src = "chart.min.js";
        script.addEventListener("load", () => done(window.Chart));
        script.addEventListener("error", failed);
        document.head.append(script);
    });
    return library;
}

const lines_of = () => [{ ...series.whole, whole: true }, ...series.rows];
const line_name = (line) => (line.whole ? t("trend_all", { name: line.name }) : line.name);
const whole_point = (point) => point.places >= point.due;

// ---- the table

function point_cell(point, cutoff) {
    const name = cutoff_name(cutoff);
    if (!point.places)
        return { text: point.due ? t("none") : "–", cls: "n none", name };
    const covers = whole_point(point) ? "" : t("mon_covers", { n: num(point.places), of: num(Math.max(point.due, point.places)) });
    return { text: point.voters ? `${num(point.voted)}/${num(point.voters)}` : num(point.voted), cls: "n", name,
        sub: dotted(point.voters ? percent(point.voted, point.voters) : t("base_none"), covers) };
}

function paint_table() {
    rows($("trend-head"), [{ name: t("trend_unit") }, ...state.cutoffs], (c) => `${c.at ?? ""} ${c.name}`, () => make("th"),
        (th, c) => {
            if (!th.firstElementChild)
                th.append(make(c.at ? "a" : "span"), make("small"));
            set(th.firstElementChild, c.at ? cutoff_name(c) : c.name);
            if (c.at)
                th.firstElementChild.href = unit_link(state.unit.code, "turnout", String(state.cutoffs.indexOf(c) + 1));
            set(th.lastElementChild, c.at ? clock(c.at) : "");
            th.className = c.at ? "n" : "";
        });
    rows($("trend-rows"), lines_of(), (line) => `${line.whole ? "*" : ""}${line.code}${line.name}`, () => make("tr"), (row, line) => {
        cells(row, [{ head: true, text: line_name(line), href: line.code && !line.whole ? unit_link(line.code) : undefined },
            ...line.points.map((point, i) => point_cell(point, state.cutoffs[i]))]);
        row.className = line.whole ? "whole" : "";
    });
}

// ---- the chart

const value_of = (point) => (part_of(point) == null ? null : part_of(point) / 100);

function dataset(line, i) {
    const colour = line.whole ? "#1b2430" : COLOURS[(i - 1) % COLOURS.length];
    return {
        label: line_name(line), data: line.points.map((point, k) => ({ x: state.cutoffs[k].at, y: value_of(point) })),
        points: line.points, borderColor: colour, backgroundColor: colour, borderWidth: line.whole ? 4 : 2, tension: 0,
        borderDash: line.whole ? [] : DASHES[(i - 1) % DASHES.length], pointStyle: line.whole ? "circle" : FORMS[(i - 1) % FORMS.length],
        pointRadius: line.whole ? 7 : 5, order: line.whole ? 1 : 0, pointHoverRadius: 8, spanGaps: false, pointBorderWidth: 2,
        pointBackgroundColor: line.points.map((point) => (whole_point(point) ? colour : "#ffffff")),
    };
}

// Times on the axis are the cut-offs and nothing else.
function axis_times(axis) {
    axis.ticks = state.cutoffs.map((c) => ({ value: c.at }));
}

function options() {
    const first = state.cutoffs[0]?.at ?? 0, last = state.cutoffs.at(-1)?.at ?? 1, margin = Math.max(1, (last - first) * 0.04);
    const font = { family: getComputedStyle(document.body).fontFamily, size: 14 };
    return {
        animation: false, responsive: true, maintainAspectRatio: false, font,
        scales: {
            x: { type: "linear", min: first - margin, max: last + margin, afterBuildTicks: axis_times, grid: { color: "#e3e7ec" },
                ticks: { color: "#1b2430", font, autoSkip: true, maxRotation: 0,
                    callback: (at) => state.cutoffs.find((c) => c.at === at)?.name ?? "" } },
            y: { min: 0, max: 100, grid: { color: "#e3e7ec" },
                ticks: { color: "#1b2430", font, stepSize: 25, callback: (n) => `${n} %` } },
        },
        plugins: {
            legend: { position: "bottom", labels: { color: "#1b2430", font, usePointStyle: true, boxHeight: 7 } },
            tooltip: { bodyFont: font, titleFont: font, callbacks: {
                title: (items) => cutoff_name(state.cutoffs[items[0].dataIndex]),
                label: (item) => {
                    const point = item.dataset.points[item.dataIndex];
                    return `${item.dataset.label}: ${share(point.voted, point.voters)}`;
                } } },
        },
    };
}

function draw(Chart) {
    const data = { datasets: lines_of().map(dataset) };
    const now = JSON.stringify([series, state.cutoffs, document.documentElement.lang]);
    if (now === drawn)
        return; // nothing on it has changed
    drawn = now;
    if (!chart) {
        chart = new Chart($("chart"), { type: "line", data, options: options() });
        return;
    }
    chart.data = data;
    chart.options = options();
    chart.update("none");
}

async function paint_chart() {
    set($("chart-button"), t(wanted ? "trend_hide" : "trend_show"));
    $("chart-button").setAttribute("aria-expanded", String(wanted));
    show($("chart-box"), wanted);
    if (!wanted)
        return;
    try {
        draw(await load());
    } catch {
        wanted = false;
        show($("chart-box"), false);
        show($("chart-button"), false);
        show($("chart-note"), true);
        set($("chart-note"), t("trend_no_library"));
    }
}

export function paint_trend(fresh) {
    state = fresh;
    series = fresh.series;
    show($("trend-box"), Boolean(series?.whole.points.length));
    if (!series?.whole.points.length)
        return;
    wanted ??= window.innerWidth >= WIDE;
    paint_table();
    setTimeout(paint_chart); // the figures first
}

export function choose_trend() {
    $("chart-button").addEventListener("click", () => {
        wanted = !wanted;
        paint_chart();
    });
}
