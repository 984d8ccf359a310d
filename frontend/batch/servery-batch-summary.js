import * as common from "#words/common";
import * as say from "#words/batch";
import { html, nothing } from "lit";
import { linesBelow } from "./lines.js";
import {
  inputNamed,
  linesText,
  mostText,
  unwarnedText,
  warningNamed,
  WITHOUT_DATA,
} from "./words.js";
import { PageElement } from "../lib/element.js";
import { whole, count, fitting, withUnit } from "../lib/format.js";
import { share, tenths } from "../lib/rates.js";
import { figures, panel } from "../plots/panel.js";
import { barOf, barsPlot, pairedBarsPlot, predictionsPlot } from "../plots/drawing.js";
import "../plots/servery-plot.js";

/** @typedef {import("../lib/types.js").Predictions} Predictions */
/** @typedef {import("../lib/types.js").Reason} Reason */
/** @typedef {import("../lib/types.js").JobSummary} Summary */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Output} Output */

const MOST_BARS = 12;
/**
 * What there is room for beside a bar; the figures say it in full.
 * @type {Record<string, string>}
 */
const SHORTLY = { "outside-training-range": say.outOfRange, "unknown-category": say.unknownShort };

/** What was predicted and warned of in a file of rows. Properties in: `facts`, `summary`. */
export class ServeryBatchSummary extends PageElement {
  static properties = { facts: { attribute: false }, summary: { attribute: false } };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {Summary | null} */
    this.summary = null;
  }

  render() {
    const { facts, summary } = this;
    if (!facts || !summary) return nothing;
    const { output } = facts.signature;
    const several = outputsOf(summary);
    return html`
      <div class="outcome-grid">
        ${several.map(([name, each]) => predicted(output.outputs?.find((one) => one.name === name) ?? output, each))}
        ${warned(facts, summary)}
        ${summary.drift ? drifted(facts, summary.drift) : nothing}
      </div>
    `;
  }
}

customElements.define("servery-batch-summary", ServeryBatchSummary);

/**
 * @param {Summary} summary
 * @returns {[name: string, Predictions][]} one for each output
 */
function outputsOf({ predictions }) {
  if ("classes" in predictions || "histogram" in predictions) return [["", predictions]];
  return Object.entries(predictions);
}

/**
 * @param {Output} output
 * @param {Predictions} predictions
 */
function predicted(output, { classes, histogram, ...spread }) {
  if (classes?.length) return ofClasses(output, classes);
  if (histogram?.counts.length) return ofQuantities(output, histogram, spread);
  return nothing;
}

/**
 * @param {Output} output
 * @param {NonNullable<import("../lib/types.js").Predictions["classes"]>} classes
 */
function ofClasses(output, classes) {
  const rows = classes.reduce((total, each) => total + each.rows, 0);
  const bars = classes.map((each) => barOf(each.label, each.rows / Math.max(1, rows)));
  const gist = mostText(classes);
  return panel({
    kind: "predictions",
    title: output.label,
    words: html`<p>${gist}</p>`,
    plot: html`<servery-plot .draw=${barsPlot(bars, true)} .gist=${gist}></servery-plot>`,
    table: figures(
      output.label,
      [common.prediction, common.rows, common.share],
      classes.map((each) => [each.label, count(each.rows), whole(each.rows / Math.max(1, rows))]),
    ),
  });
}

/**
 * @param {Output} output
 * @param {import("../lib/types.js").Histogram} histogram
 * @param {Omit<Predictions, "classes" | "histogram">} spread
 */
function ofQuantities({ label, unit, decimals }, histogram, { mean, minimum, maximum }) {
  const { edges, counts } = histogram;
  const width = (edges.at(-1) ?? 0) - (edges[0] ?? 0);
  const shown = (/** @type {number | null | undefined} */ value) =>
    fitting(value ?? 0, decimals, width);
  if (counts.length === 1) {
    const alike = say.inEveryRow(withUnit(shown(minimum), unit));
    return panel({
      kind: "predictions",
      title: label,
      words: html`<p>${alike}</p>`,
      plot: nothing,
    });
  }
  const gist = say.predictedRange(shown(minimum), withUnit(shown(maximum), unit), shown(mean));
  const scale = unit ? `${label} (${unit})` : label;
  return panel({
    kind: "predictions",
    title: label,
    words: html`<p>${gist}</p>`,
    plot: html`<servery-plot .draw=${predictionsPlot(histogram, scale)} .gist=${gist}></servery-plot>`,
    table: figures(
      scale,
      [common.predicted, common.rows],
      counts.map((rows, at) => [common.range(shown(edges[at]), shown(edges[at + 1])), count(rows)]),
    ),
  });
}

/**
 * @param {Facts} facts
 * @param {Summary} summary
 */
function warned(facts, { rows, bad_rows, warned_rows, warned: reasons }) {
  const fit = rows - bad_rows;
  if (warned_rows === 0) {
    return panel({
      kind: "warned",
      title: common.warnings,
      words: html`<p>${unwarnedText(facts)}</p>`,
      plot: nothing,
    });
  }
  const [only, ...others] = reasons;
  const gist = say.warnedRows(warned_rows, fit, share(warned_rows, fit));
  if (only && others.length === 0) {
    const words = html`
      <p>${gist}</p>
      <p>${reasonNamed(facts, only)} <span class="lines">${linesText(only)}</span></p>
    `;
    return panel({ kind: "warned", title: common.warnings, words, plot: nothing });
  }
  const first = reasons.slice(0, MOST_BARS);
  const bars = first.map((each) => barOf(reasonNamed(facts, each, shortly), each.rows));
  return panel({
    kind: "warned",
    title: common.warnings,
    words: html`
      <p>${gist}</p>
      ${first.length < reasons.length ? html`<p class="help">${say.mostCommonReasons(first.length, reasons.length)}</p>` : nothing}
    `,
    plot: html`<servery-plot .draw=${barsPlot(bars)} .gist=${gist}></servery-plot>`,
    table: figures(
      common.warnings,
      [say.warning, common.rows, common.share],
      reasons.map((each) => [reasonNamed(facts, each), count(each.rows), share(each.rows, fit)]),
      (at) => {
        const reason = reasons[at];
        return reason ? linesBelow(reasonNamed(facts, reason), reason) : nothing;
      },
    ),
  });
}

/**
 * @param {Facts} facts
 * @param {NonNullable<Summary["drift"]>} drift
 */
function drifted(facts, { rows, fewest_rows, compared, drifted: found, stable }) {
  const kind = "drift";
  const title = say.comparedWithTraining;
  if (facts.training.rows === null && compared === 0) {
    return panel({ kind, title, words: html`<p>${WITHOUT_DATA}</p>`, plot: nothing });
  }
  if (compared === 0) {
    if (rows >= fewest_rows) return nothing;
    const words = html`<p>${say.tooFewRows(fewest_rows)}</p>`;
    return panel({ kind, title, words, plot: nothing });
  }
  const named = found.map((each) => namedIn(facts, each));
  const others = stable.map((each) => namedIn(facts, each));
  const bins = [...named, ...others].flatMap(({ name, labels, table, training }) =>
    labels.map((label, at) => [`${name}, ${label}`, tenths(table[at]), tenths(training[at])]),
  );
  return panel({
    kind,
    title,
    words:
      found.length === 0
        ? html`<p>${say.noDrift}</p>`
        : html`
            <p>${say.drifted(...counted(found))}</p>
            <ul class="points">${named.map((each) => html`<li>${driftText(each.name, each)}</li>`)}</ul>
          `,
    plot: html`
      ${named.length ? distributions(named) : nothing}
      ${
        others.length
          ? html`<details class="figures">
              <summary>${say.showStable(...counted(stable))}</summary>
              ${distributions(others)}
            </details>`
          : nothing
      }
    `,
    table: figures(title, [say.values, say.thisFile, say.training], bins),
  });
}

/**
 * @template {import("../lib/types.js").Distribution} Found
 * @param {Facts} facts
 * @param {Found} found
 * @returns {Found & { name: string }} with the names that the page shows
 */
function namedIn(facts, found) {
  if (found.input !== null) return { ...found, name: inputNamed(facts, found.input) };
  const labels = found.labels.map((label) => classNamed(facts, label));
  return { ...found, name: say.thePredictions, labels };
}

/** @param {(import("../lib/types.js").Distribution & { name: string })[]} named */
function distributions(named) {
  return html`
    <p class="drift-key"><span>${say.upperBarsThisFile}</span> <span>${say.lowerBarsTraining}</span></p>
    <div class="drift-plots">${named.map((each) => {
      const draw = pairedBarsPlot(...withoutEmptyEnds(each));
      const gist = say.driftCaption(each.name);
      return html`<div><h4>${each.name}</h4><servery-plot .draw=${draw} .gist=${gist}></servery-plot></div>`;
    })}</div>
  `;
}

/**
 * @param {import("../lib/types.js").Distribution[]} found
 * @returns {[inputs: number, predictions: boolean]} how many inputs, and whether the predictions too
 */
function counted(found) {
  const inputs = found.filter(({ input }) => input !== null);
  return [inputs.length, inputs.length < found.length];
}

/**
 * @param {Facts} facts
 * @param {string} value of a class, as text
 */
function classNamed({ signature }, value) {
  const { classes } = signature.output;
  return classes?.find((each) => `${each.value}` === value)?.label ?? value;
}

/**
 * @param {import("../lib/types.js").Distribution} distribution
 * @returns {[labels: string[], table: number[], training: number[]]} the bins from the first to the last with rows
 */
function withoutEmptyEnds({ labels, table, training }) {
  const hasRows = labels.map((_, at) => (table[at] ?? 0) + (training[at] ?? 0) > 0);
  const [from, to] = [hasRows.indexOf(true), hasRows.lastIndexOf(true) + 1];
  return [labels.slice(from, to), table.slice(from, to), training.slice(from, to)];
}

const DRIFTS = { small: say.smallDrift, moderate: say.moderateDrift, large: say.largeDrift };

/**
 * @param {string} name
 * @param {import("../lib/types.js").Drift} drift
 */
function driftText(name, { size, labels, table, training }) {
  const changes = labels.map((_, at) => Math.abs((table[at] ?? 0) - (training[at] ?? 0)));
  const most = changes.indexOf(Math.max(...changes));
  const drift = DRIFTS[size];
  const shares = say.driftAt(labels[most] ?? "", tenths(table[most]), tenths(training[most]));
  return `${drift(name)} ${shares}`;
}

/**
 * @param {Facts} facts
 * @param {Reason} reason
 * @param {(code: string) => string} [named]
 */
function reasonNamed(facts, { input, code }, named = warningNamed) {
  if (input === null) return warningNamed(code);
  return say.reasonOf(inputNamed(facts, input), named(code));
}

/** @param {string} code */
function shortly(code) {
  return SHORTLY[code] ?? warningNamed(code);
}
