/** Plots of what was measured: plain values and a width in, an SVG out. Colours are the page's own. */

import * as Plot from "@observablehq/plot";
import { shareRange, whole } from "./evaluation.js";
import { quantity } from "./format.js";

/** @typedef {(width: number) => Element} Draw what a plot looks like in a given width */

const ACCENT = "var(--color-accent)";
const QUIET = "var(--color-quiet)";
const LINE = "var(--color-line)";
const EDGE = "var(--color-edge)";
const BAR = "var(--color-bar)";
const SQUARE = 400;
const QUARTERS = [0, 0.25, 0.5, 0.75, 1];
/** How wide a letter of the axes is, at most. */
const LETTER = 7.2;

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
    marks: [
      ...shareGrid(),
      ...marks,
    ],
  });
}

function shareGrid() {
  const lines = { stroke: LINE, strokeOpacity: 1, ticks: QUARTERS };
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
 * @param {import("./types.js").CalibrationBin[]} bins
 * @returns {Draw}
 */
export const calibrationPlot = (bins) => (width) =>
  squareOfShares(width, { x: "Probability it says", y: "Share that came true" }, [
    diagonal(),
    Plot.ruleX(bins, {
      x: "predicted",
      y1: (bin) => shareRange(bin.observed, bin.rows)[0],
      y2: (bin) => shareRange(bin.observed, bin.rows)[1],
      stroke: ACCENT,
      strokeOpacity: 0.45,
      strokeWidth: 1.5,
    }),
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
 * @param {import("./types.js").CoverageLevel[]} levels
 * @param {number} rows
 * @returns {Draw}
 */
export const coveragePlot = (levels, rows) => (width) =>
  squareOfShares(width, { x: "Coverage it states", y: "Coverage measured" }, [
    diagonal(),
    Plot.ruleX(levels, {
      x: "stated",
      y1: (level) => shareRange(level.measured, rows)[0],
      y2: (level) => shareRange(level.measured, rows)[1],
      stroke: ACCENT,
      strokeOpacity: 0.45,
      strokeWidth: 1.5,
    }),
    Plot.line(levels, { x: "stated", y: "measured", stroke: ACCENT, strokeOpacity: 0.6 }),
    Plot.dot(levels, { x: "stated", y: "measured", r: 4, fill: ACCENT }),
  ]);

/** @typedef {import("./evaluation.js").Called} Called */

/**
 * @param {Called[]} calls one for each threshold
 * @param {Called} at
 * @returns {Draw}
 */
export const rocPlot = (calls, at) => (width) =>
  squareOfShares(width, { x: "False alarms among the others", y: "Hits among the class" }, [
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
  squareOfShares(
    width,
    { x: "Hits among the class (recall)", y: "Hits among the called (precision)" },
    [
      Plot.ruleY([base], { stroke: EDGE, strokeDasharray: "4 4" }),
      Plot.line(
        calls.filter((each) => each.precision !== null),
        { x: "recall", y: "precision", stroke: ACCENT, strokeWidth: 2 },
      ),
      ...(at.precision === null ? [] : marked(at.recall, at.precision)),
    ],
  );

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
 * @param {import("./types.js").Residuals} residuals
 * @param {number | null} band how far an interval reaches to each side, on average
 * @returns {Draw}
 */
export const residualPlot =
  ({ points, unit }, band) =>
  (width) => {
    const side = Math.min(width, SQUARE);
    const all = points.flatMap(({ predicted, actual }) => [predicted, actual]);
    const domain = [Math.min(...all), Math.max(...all)];
    const axis = { domain, nice: true, ticks: 5, tickSize: 0 };
    const ends = domain.map((value) => ({ value }));
    const within = unit ? `, ${unit}` : "";
    return drawn({
      width: side,
      height: side,
      marginLeft: 12 + LETTER * Math.max(...domain.map((end) => quantity(end, null).length)),
      marginRight: 18,
      marginTop: 30,
      marginBottom: 42,
      x: {
        ...axis,
        label: `Predicted${within}`,
        labelAnchor: "center",
        labelArrow: "none",
        labelOffset: 38,
      },
      y: { ...axis, label: `Actual${within}`, labelArrow: "none" },
      marks: [
        Plot.gridX({ stroke: LINE, strokeOpacity: 1, ticks: 5 }),
        Plot.gridY({ stroke: LINE, strokeOpacity: 1, ticks: 5 }),
        band === null
          ? null
          : Plot.areaY(ends, {
              x: "value",
              y1: (end) => end.value - band,
              y2: (end) => end.value + band,
              fill: ACCENT,
              fillOpacity: 0.12,
              clip: true,
            }),
        Plot.line(ends, { x: "value", y: "value", stroke: EDGE, strokeDasharray: "4 4" }),
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
 * @param {Bar[]} bars largest first
 * @returns {Draw}
 */
export const barsPlot = (bars) => (width) => {
  const low = Math.min(0, ...bars.map((bar) => bar.low));
  return drawn({
    width,
    height: 26 * bars.length + 40,
    ...sidesFor(bars, width),
    marginTop: 8,
    marginBottom: 32,
    x: {
      domain: [low, Math.max(...bars.map((bar) => bar.high)) || 1],
      nice: true,
      ticks: 4,
      label: null,
      tickSize: 0,
    },
    y: { domain: bars.map((bar) => bar.label), label: null, padding: 0.32 },
    marks: [
      Plot.gridX({ stroke: LINE, strokeOpacity: 1, ticks: 4 }),
      labelsY(bars, width),
      Plot.barX(bars, { x: "value", y: "label", fill: ACCENT, fillOpacity: 0.8, rx: 2 }),
      Plot.ruleX([0], { stroke: EDGE }),
      whiskers(bars),
    ],
  });
};

/**
 * Shares as dots with whiskers, against a line where they ought to lie.
 * @param {Bar[]} dots
 * @param {number | null} target
 * @returns {Draw}
 */
export const dotsPlot = (dots, target) => (width) =>
  drawn({
    width,
    height: 30 * dots.length + 40,
    ...sidesFor(dots, width),
    marginTop: 8,
    marginBottom: 32,
    x: {
      domain: [0, 1],
      ticks: QUARTERS,
      tickFormat: whole,
      label: null,
      tickSize: 0,
    },
    y: { domain: dots.map((dot) => dot.label), label: null },
    marks: [
      Plot.gridX({ stroke: LINE, strokeOpacity: 1, ticks: QUARTERS }),
      labelsY(dots, width),
      target === null ? null : Plot.ruleX([target], { stroke: EDGE, strokeDasharray: "4 4" }),
      whiskers(dots),
      Plot.dot(dots, { x: "value", y: "label", r: 5, fill: ACCENT }),
    ],
  });

/**
 * @param {Bar[]} bars
 * @param {number} width
 */
function sidesFor(bars, width) {
  const longest = Math.max(...bars.map((bar) => bar.label.length));
  return { marginLeft: Math.min(longest * LETTER + 14, 0.42 * width), marginRight: 20 };
}

/**
 * @param {Bar[]} bars
 * @param {number} width
 */
function labelsY(bars, width) {
  const { marginLeft } = sidesFor(bars, width);
  return Plot.axisY({
    tickSize: 0,
    tickPadding: 10,
    label: null,
    textOverflow: "ellipsis",
    lineWidth: (marginLeft - 12) / 13,
  });
}

/** @param {Bar[]} bars */
function whiskers(bars) {
  const whiskered = bars.filter(({ low, high }) => high > low);
  return Plot.ruleY(whiskered, {
    x1: "low",
    x2: "high",
    y: "label",
    stroke: "currentColor",
    strokeWidth: 1.5,
    marker: "tick",
  });
}

/** @typedef {{label: string, part: string, count: number}} Part of a whole, and what became of it */

/**
 * Wholes split in parts, each as long as its share; the accent marks what `isGood` names.
 * @param {Part[]} parts
 * @param {Set<string>} accented
 * @returns {Draw}
 */
export const splitPlot = (parts, accented) => (width) => {
  const labels = [...new Set(parts.map((part) => part.label))];
  return drawn({
    width,
    height: 54 * labels.length,
    margin: 0,
    x: { axis: null },
    y: { domain: labels, axis: null, padding: 0.1 },
    marks: [
      Plot.barX(
        parts,
        Plot.stackX({
          offset: "normalize",
          x: "count",
          y: "label",
          insetTop: 24,
          insetRight: 1,
          fill: (/** @type {Part} */ part) => (accented.has(part.part) ? ACCENT : BAR),
        }),
      ),
      Plot.text(labels, {
        y: (label) => label,
        text: (label) => label,
        frameAnchor: "left",
        dy: -14,
        fill: "currentColor",
      }),
    ],
  });
};

/**
 * How numbers are spread, without axes: the ends stand below.
 * @param {import("./types.js").Histogram} histogram
 * @returns {Draw}
 */
export const histogramPlot = (histogram) => (width) => {
  const bins = histogram.counts.map((rows, index) => ({
    low: histogram.edges[index] ?? 0,
    high: histogram.edges[index + 1] ?? 0,
    rows,
  }));
  return drawn({
    width,
    height: SMALL,
    margin: 0,
    marginBottom: 1,
    x: { axis: null },
    y: { axis: null },
    marks: [
      Plot.rectY(bins, {
        x1: "low",
        x2: "high",
        y: "rows",
        fill: BAR,
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
      Plot.ruleY([0], { stroke: EDGE }),
    ],
  });
};

/** How high a small multiple is. */
export const SMALL = 96;

/**
 * @param {{label: string, rows: number}[]} kinds at most five
 * @returns {Draw}
 */
export const kindsPlot = (kinds) => (width) => {
  const marginLeft = 0.46 * width;
  return drawn({
    width,
    height: SMALL + 20,
    marginLeft,
    marginRight: 0,
    marginTop: 0,
    marginBottom: 0,
    x: { axis: null },
    y: { domain: kinds.map((kind) => kind.label), label: null, axis: null, padding: 0.3 },
    marks: [
      Plot.axisY({
        tickSize: 0,
        tickPadding: 8,
        label: null,
        textOverflow: "ellipsis",
        lineWidth: (marginLeft - 8) / 13,
      }),
      Plot.barX(kinds, { x: "rows", y: "label", fill: BAR, rx: 2 }),
    ],
  });
};
