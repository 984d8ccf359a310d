/** Plots of what was measured: plain values and a width in, an SVG out. Colours are the page's own. */

import * as common from "#words/common";
import * as say from "#words/plots";
import * as Plot from "@observablehq/plot";
import { shareRange } from "./share-range.js";
import { whole, quantity } from "../lib/format.js";

/** @typedef {(width: number) => Element} Draw what a plot looks like in a given width */

const ACCENT = "var(--color-selected)";
const QUIET = "var(--color-quiet)";
const LINE = "var(--color-line)";
const EDGE = "var(--color-edge)";
const BAR = "var(--color-bar)";
const SQUARE = 460;
/** How high a small multiple is. */
const SMALL = 96;
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];
const HALVES = [0, 0.5, 1];
/** How a range is drawn in which a share may well lie. */
const RANGE = { stroke: ACCENT, strokeOpacity: 0.5, strokeWidth: 2 };
/** How wide a letter and an em of the axes are, at most. */
const LETTER = 7.4;
const EM = 13;

/**
 * @param {import("@observablehq/plot").PlotOptions} options
 * @returns {Element}
 */
function drawn(options) {
  const plot = Plot.plot({ ...options, className: "plotted" });
  // The page's policy allows no style sheet within a page; ours says the same.
  plot.querySelector("style")?.remove();
  return plot;
}

/**
 * A square of shares against shares.
 * @param {number} width
 * @param {{x: string, y: string}} labels
 * @param {import("@observablehq/plot").Markish[]} marks
 */
function squareOfShares(width, { x, y }, marks) {
  const side = Math.min(width, SQUARE);
  const axis = { domain: [0, 1], ticks: QUARTERS, tickFormat: whole, tickSize: 0 };
  return drawn({
    width: side,
    height: side,
    marginLeft: 44,
    marginRight: 18,
    marginTop: 30,
    marginBottom: 42,
    x: { ...axis, label: x, labelAnchor: "center", labelArrow: "none", labelOffset: 38 },
    y: { ...axis, label: y, labelArrow: "none" },
    r: { range: [0, 6.5] },
    marks: [...gridOf(QUARTERS), ...marks],
  });
}

/** @param {number | number[]} ticks */
function gridOf(ticks) {
  const lines = { stroke: LINE, strokeOpacity: 1, ticks };
  return [Plot.gridX(lines), Plot.gridY(lines)];
}

const diagonal = () =>
  Plot.line(
    [
      [0, 0],
      [1, 1],
    ],
    { stroke: EDGE, strokeDasharray: "4 4" },
  );

/**
 * @template Row
 * @param {Row[]} rows
 * @param {string} x
 * @param {(row: Row) => [low: number, high: number]} range
 */
function ranges(rows, x, range) {
  return Plot.ruleX(rows, { x, y1: (row) => range(row)[0], y2: (row) => range(row)[1], ...RANGE });
}

/**
 * @param {import("../lib/types.js").CalibrationBin[]} bins
 * @returns {Draw}
 */
export const calibrationPlot = (bins) => (width) =>
  squareOfShares(width, { x: say.probabilityItSays, y: say.shareThatCameTrue }, [
    diagonal(),
    ranges(bins, "predicted", (bin) => shareRange(bin.observed, bin.rows)),
    Plot.dot(bins, {
      x: "predicted",
      y: "observed",
      r: "rows",
      fill: ACCENT,
      fillOpacity: 0.75,
      stroke: "var(--color-raised)",
    }),
  ]);

/**
 * @param {import("../lib/types.js").CoverageLevel[]} levels
 * @param {number} rows
 * @returns {Draw}
 */
export const coveragePlot = (levels, rows) => (width) =>
  squareOfShares(width, { x: say.coverageItStates, y: say.coverageMeasured }, [
    diagonal(),
    ranges(levels, "stated", (level) => shareRange(level.measured, rows)),
    Plot.line(levels, { x: "stated", y: "measured", stroke: ACCENT, strokeOpacity: 0.6 }),
    Plot.dot(levels, { x: "stated", y: "measured", r: 4, fill: ACCENT }),
  ]);

/** @typedef {import("../about/words.js").Called} Called */

/**
 * @param {Called[]} calls one for each threshold
 * @param {Called} at
 * @returns {Draw}
 */
export const rocPlot = (calls, at) => (width) =>
  squareOfShares(width, { x: say.falseAlarmsAmongTheOthers, y: say.hitsAmongTheClass }, [
    diagonal(),
    Plot.line(calls, { x: "falseAlarmRate", y: "recall", stroke: ACCENT, strokeWidth: 2 }),
    ...marked(at.falseAlarmRate, at.recall),
  ]);

/**
 * @param {Called[]} calls one for each threshold
 * @param {Called} at
 * @param {number} base the share of the class among all rows
 * @returns {Draw}
 */
export const precisionPlot = (calls, at, base) => (width) =>
  squareOfShares(width, { x: say.hitsAmongTheClassRecall, y: say.hitsAmongTheCalledPrecision }, [
    Plot.ruleY([base], { stroke: EDGE, strokeDasharray: "4 4" }),
    Plot.line(
      calls.filter((each) => each.precision !== null),
      { x: "recall", y: "precision", stroke: ACCENT, strokeWidth: 2 },
    ),
    ...(at.precision === null ? [] : marked(at.recall, at.precision)),
  ]);

/**
 * @param {number} x
 * @param {number} y
 */
function marked(x, y) {
  return [
    Plot.ruleX([x], { y1: 0, y2: y, stroke: QUIET, strokeDasharray: "2 3" }),
    Plot.ruleY([y], { x1: 0, x2: x, stroke: QUIET, strokeDasharray: "2 3" }),
    Plot.dot([[x, y]], { r: 6.5, fill: ACCENT, stroke: "var(--color-raised)", strokeWidth: 2.5 }),
  ];
}

/**
 * @param {import("../lib/types.js").Residuals} residuals
 * @param {string | null | undefined} unit
 * @param {{predicted: number, low: number, high: number}[]} band intervals along the predictions
 * @returns {Draw}
 */
export const residualPlot =
  ({ points }, unit, band) =>
  (width) => {
    const side = Math.min(width, SQUARE);
    const all = points.flatMap(({ predicted, actual }) => [predicted, actual]);
    const domain = [Math.min(...all), Math.max(...all)];
    const axis = { domain, nice: true, ticks: 5, tickSize: 0 };
    const [low = 0, high = 0] = domain;
    // Beyond what is shown: both are cut at the frame.
    const ends = [2 * low - high, 2 * high - low].map((value) => ({ value }));
    return drawn({
      width: side,
      height: side,
      marginLeft: 12 + LETTER * Math.max(...domain.map((end) => quantity(end, null).length)),
      marginRight: 18,
      marginTop: 30,
      marginBottom: 42,
      x: {
        ...axis,
        label: unit ? say.predictedIn(unit) : common.predicted,
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: 38,
      },
      y: { ...axis, label: unit ? say.actualIn(unit) : common.actual, labelArrow: "none" },
      marks: [
        ...gridOf(5),
        Plot.areaY(band, {
          x: "predicted",
          y1: "low",
          y2: "high",
          fill: ACCENT,
          fillOpacity: 0.12,
          clip: true,
        }),
        Plot.line(ends, {
          x: "value",
          y: "value",
          stroke: EDGE,
          strokeDasharray: "4 4",
          clip: true,
        }),
        Plot.dot(points, {
          x: "predicted",
          y: "actual",
          r: points.length > 150 ? 2.4 : 3.4,
          fill: ACCENT,
          fillOpacity: points.length > 150 ? 0.5 : 0.75,
        }),
      ],
    });
  };

/** @typedef {{label: string, value: number, low: number, high: number}} Bar with its whiskers */

/**
 * @param {string} label
 * @param {number} value
 * @returns {Bar} without whiskers
 */
export function barOf(label, value) {
  return { label, value, low: value, high: value };
}

/**
 * @param {Bar[]} bars
 * @param {boolean} [isShare] of a whole
 * @returns {Draw}
 */
export const barsPlot =
  (bars, isShare = false) =>
  (width) => {
    const ends = [
      Math.min(0, ...bars.map(({ low }) => low)),
      Math.max(...bars.map(({ high }) => high)) || 1,
    ];
    const x = isShare
      ? shares(width)
      : { domain: ends, nice: true, ticks: ticksOf(bars), label: null, tickSize: 0 };
    const { mark, sink, ...room } = named(bars, width);
    return drawn({
      width,
      ...room,
      x,
      y: { domain: bars.map((bar) => bar.label), label: null, axis: null, padding: 0.32 },
      marks: [
        Plot.gridX({ stroke: LINE, strokeOpacity: 1, ticks: x.ticks }),
        mark,
        Plot.barX(bars, {
          x: "value",
          y: "label",
          fill: ACCENT,
          fillOpacity: 0.8,
          rx: 2,
          insetTop: 2 * sink,
        }),
        Plot.ruleX([0], { stroke: EDGE }),
        whiskers(bars, { stroke: "currentColor", marker: "tick", dy: sink }),
      ],
    });
  };

/**
 * Shares of one whole above those of another.
 * @param {string[]} labels
 * @param {number[]} upper
 * @param {number[]} lower
 * @returns {Draw}
 */
export const pairedBarsPlot = (labels, upper, lower) => (width) => {
  const bars = labels.map((label, at) => barOf(label, upper[at] ?? 0));
  const others = labels.map((label, at) => barOf(label, lower[at] ?? 0));
  const { mark, sink, height, ...room } = named(bars, width);
  const high = height + 10 * bars.length;
  const padding = 0.32;
  const band = (1 - padding) * ((high - room.marginTop - room.marginBottom) / bars.length);
  const half = band / 2 - sink;
  const most = Math.max(...upper, ...lower) || 1;
  return drawn({
    width,
    ...room,
    height: high,
    x: {
      domain: [0, most],
      nice: true,
      ticks: width < 360 ? 2 : 4,
      tickFormat: whole,
      label: null,
      tickSize: 0,
    },
    y: { domain: labels, label: null, axis: null, padding },
    marks: [
      Plot.gridX({ stroke: LINE, strokeOpacity: 1, ticks: width < 360 ? 2 : 4 }),
      mark,
      Plot.barX(bars, {
        x: "value",
        y: "label",
        fill: ACCENT,
        fillOpacity: 0.8,
        insetTop: 2 * sink,
        insetBottom: half,
      }),
      Plot.barX(others, { x: "value", y: "label", fill: EDGE, insetTop: 2 * sink + half + 1 }),
      Plot.ruleX([0], { stroke: EDGE }),
    ],
  });
};

/**
 * @param {Bar[]} bars
 * @returns {number} of what is counted there is no half
 */
function ticksOf(bars) {
  const isCounted = bars.every(({ value }) => Number.isInteger(value));
  return isCounted ? Math.min(4, Math.max(...bars.map(({ value }) => value))) : 4;
}

/**
 * Names before their bars, or above them where the room is too narrow for whole ones.
 * @param {Bar[]} bars
 * @param {number} width
 */
function named(bars, width) {
  const sides = sidesFor(bars, Infinity);
  const { height, ...ends } = rowsHigh(bars.length);
  if (sides.marginLeft < 0.55 * width)
    return { ...sides, ...ends, height, sink: 0, mark: labelsY(sides.marginLeft) };
  const mark = Plot.text(bars, {
    y: "label",
    text: "label",
    frameAnchor: "left",
    textAnchor: "start",
    dx: 2,
    dy: -11,
    textOverflow: "ellipsis",
    lineWidth: (width - 32) / EM,
  });
  return {
    ...ends,
    marginLeft: 12,
    marginRight: 20,
    height: height + 18 * bars.length,
    sink: 7,
    mark,
  };
}

/** @param {number} count of rows */
function rowsHigh(count) {
  return { height: 26 * count + 40, marginTop: 8, marginBottom: 32 };
}

/** @param {number} width */
function shares(width) {
  const ticks = width < 360 ? HALVES : QUARTERS;
  return { domain: [0, 1], ticks, tickFormat: whole, label: null, tickSize: 0 };
}

/**
 * Shares as dots with whiskers, against a line where they ought to lie.
 * @param {Bar[]} dots
 * @param {number | null} target
 * @returns {Draw}
 */
export const dotsPlot = (dots, target) => (width) => {
  const sides = sidesFor(dots, width);
  return drawn({
    width,
    ...sides,
    ...rowsHigh(dots.length),
    x: shares(width),
    y: { domain: dots.map((dot) => dot.label), label: null },
    marks: [
      Plot.gridX({ stroke: LINE, strokeOpacity: 1, ticks: shares(width).ticks }),
      labelsY(sides.marginLeft),
      target === null ? null : Plot.ruleX([target], { stroke: EDGE, strokeDasharray: "4 4" }),
      whiskers(dots, RANGE),
      Plot.dot(dots, { x: "value", y: "label", r: 5, fill: ACCENT }),
    ],
  });
};

/**
 * @param {Bar[]} bars
 * @param {number} width
 */
function sidesFor(bars, width) {
  const longest = Math.max(...bars.map((bar) => bar.label.length));
  return {
    marginLeft: Math.min(Math.max(longest * LETTER + 18, 56), 0.42 * width),
    marginRight: 20,
  };
}

/** @param {number} room to the left of the bars */
function labelsY(room) {
  return Plot.axisY({
    tickSize: 0,
    tickPadding: room,
    textAnchor: "start",
    label: null,
    textOverflow: "ellipsis",
    lineWidth: (room - 10) / EM,
  });
}

/**
 * @param {Bar[]} bars
 * @param {import("@observablehq/plot").RuleYOptions} look
 */
function whiskers(bars, look) {
  const whiskered = bars.filter(({ low, high }) => high > low);
  return Plot.ruleY(whiskered, {
    x1: "low",
    x2: "high",
    y: "label",
    strokeWidth: 1.5,
    ...look,
  });
}

/**
 * What went right of a whole, in the accent, and what went wrong.
 * @param {number} right
 * @param {number} wrong
 * @returns {Draw}
 */
export const splitPlot = (right, wrong) => (width) =>
  drawn({
    width,
    height: 20,
    margin: 0,
    x: { axis: null, domain: [0, Math.max(1, right + wrong)] },
    marks: [
      Plot.barX([right], { x1: 0, x2: (rows) => rows, fill: ACCENT }),
      Plot.barX([wrong], { x1: right, x2: right + wrong, fill: BAR }),
    ],
  });

/**
 * How numbers are spread, without axes: the ends stand below.
 * @param {import("../lib/types.js").Histogram} histogram
 * @returns {Draw}
 */
export const histogramPlot = (histogram) => (width) =>
  drawn({
    width,
    height: SMALL,
    margin: 0,
    marginBottom: 1,
    x: { axis: null },
    y: { axis: null },
    marks: columns(histogram, { fill: BAR }),
  });

/**
 * How predicted quantities are spread, on their own scale.
 * @param {import("../lib/types.js").Histogram} histogram
 * @param {string} label of the scale
 * @returns {Draw}
 */
export const predictionsPlot = (histogram, label) => (width) => {
  const axis = { tickSize: 0, labelArrow: /** @type {const} */ ("none") };
  return drawn({
    width,
    height: 240,
    marginLeft: 56,
    marginRight: 12,
    marginTop: 28,
    marginBottom: 42,
    x: { ...axis, label, labelAnchor: "center", labelOffset: 38, ticks: Math.floor(width / 90) },
    y: { ...axis, label: common.rows, ticks: 4 },
    marks: [
      Plot.gridY({ stroke: LINE, strokeOpacity: 1, ticks: 4 }),
      ...columns(histogram, { fill: ACCENT, fillOpacity: 0.8 }),
    ],
  });
};

/**
 * @param {import("../lib/types.js").Histogram} histogram
 * @param {import("@observablehq/plot").RectYOptions} look
 */
function columns({ edges, counts }, look) {
  const bins = counts.map((rows, at) => ({ low: edges[at] ?? 0, high: edges[at + 1] ?? 0, rows }));
  const place = { x1: "low", x2: "high", y: "rows", insetLeft: 0.5, insetRight: 0.5 };
  return [Plot.rectY(bins, { ...place, ...look }), Plot.ruleY([0], { stroke: EDGE })];
}

/**
 * @param {{label: string, rows: number}[]} kinds at most five
 * @returns {Draw}
 */
export const kindsPlot = (kinds) => (width) => {
  const marginLeft = 0.5 * width;
  return drawn({
    width,
    height: 22 * kinds.length,
    margin: 0,
    marginLeft,
    x: { axis: null },
    y: { domain: kinds.map((kind) => kind.label), axis: null, padding: 0.3 },
    marks: [labelsY(marginLeft), Plot.barX(kinds, { x: "rows", y: "label", fill: BAR, rx: 2 })],
  });
};
