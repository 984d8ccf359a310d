import * as common from "#words/common";
import * as say from "#words/about";
import { html, nothing } from "lit";
import { PageElement } from "../lib/element.js";
import { fewText } from "./words.js";
import "./servery-calibration.js";
import "./servery-confusion.js";
import "./servery-coverage.js";
import "./servery-groups.js";
import "./servery-importance.js";
import "./servery-residuals.js";
import "./servery-sets.js";
import "./servery-spread.js";
import "./servery-thresholds.js";

/** @typedef {import("../lib/types.js").Evaluation} Evaluation */
/** @typedef {import("../lib/types.js").Facts} Facts */

/**
 * Plots of how good a version is and of what it was fitted on. Properties in: `facts`,
 * `evaluation` as far as it came, `threshold` that is tried. Emits `servery:retry`.
 */
export class ServeryEvaluation extends PageElement {
  static properties = {
    facts: { attribute: false },
    evaluation: { attribute: false },
    threshold: { attribute: false },
  };

  constructor() {
    super();
    /** @type {Facts | null} */
    this.facts = null;
    /** @type {import("./state.js").About["evaluation"] | null} */
    this.evaluation = null;
    /** @type {number | null} */
    this.threshold = null;
  }

  render() {
    const { facts } = this;
    if (!facts) return nothing;
    return html`
      ${facts.capabilities.includes("evaluation") ? this.#fetched(facts) : absent()} ${groups(facts)}
      <servery-spread .inputs=${facts.signature.inputs}></servery-spread>
    `;
  }

  /** @param {Facts} facts */
  #fetched(facts) {
    const { body, status, problem } = this.evaluation ?? {};
    if (body) return this.#measured(facts, body);
    if (status === "refused" || status === "unreachable") return this.#failed(problem);
    return html`
      <section aria-busy="true">
        <h2 class="visually-hidden">${say.loadingWhatWasMeasured}</h2>
        <div class="panels-grid"><div class="skeleton"></div><div class="skeleton"></div></div>
      </section>
    `;
  }

  /** @param {import("../lib/types.js").Problem | null | undefined} problem */
  #failed(problem) {
    return html`
      <section class="failed" role="alert">
        <h2>${problem?.title ?? say.evaluationFailed}</h2>
        <p>${problem?.detail ?? say.unreachableRetrying}</p>
        <p><button type="button" @click=${() => this.emit("retry")}>${common.tryAgainNow}</button></p>
      </section>
    `;
  }

  /**
   * @param {Facts} facts
   * @param {Evaluation} evaluation
   */
  #measured(facts, evaluation) {
    const { confusion, thresholds, calibration, sets, residuals, coverage, importance } =
      evaluation;
    const few = fewText(evaluation.rows);
    return html`
      ${few ? html`<p class="caution">${few}</p>` : nothing}
      ${
        confusion || thresholds
          ? section(say.whereItIsWrong, [
              confusion &&
                html`<servery-confusion .facts=${facts} .measured=${confusion}></servery-confusion>`,
              thresholds &&
                html`<servery-thresholds .facts=${facts} .measured=${thresholds} .threshold=${this.threshold}></servery-thresholds>`,
            ])
          : nothing
      }
      ${
        residuals || coverage
          ? section(say.howFarOffItIs, [
              residuals &&
                html`<servery-residuals .facts=${facts} .measured=${residuals} .coverage=${coverage}></servery-residuals>`,
              coverage &&
                html`<servery-coverage .facts=${facts} .measured=${coverage}></servery-coverage>`,
            ])
          : nothing
      }
      ${
        calibration || sets
          ? section(say.howFarToTrustIts, [
              calibration &&
                html`<servery-calibration .facts=${facts} .measured=${calibration}></servery-calibration>`,
              sets && html`<servery-sets .facts=${facts} .measured=${sets}></servery-sets>`,
            ])
          : nothing
      }
      ${
        importance && importance.inputs.length > 1
          ? section(say.whichInputsMatter, [
              html`<servery-importance .facts=${facts} .measured=${importance}></servery-importance>`,
            ])
          : nothing
      }
    `;
  }
}

customElements.define("servery-evaluation", ServeryEvaluation);

/**
 * @param {string} title
 * @param {unknown[]} panels those that there are
 */
function section(title, panels) {
  return html`
    <section>
      <h2>${title}</h2>
      <div class="panels-grid">${panels.filter(Boolean)}</div>
    </section>
  `;
}

function absent() {
  return html`
    <p class="help">
      ${say.notEvaluated(html`<code>--test rows.csv</code>`, html`<code>--cv 5</code>`)}
    </p>
  `;
}

/** @param {Facts} facts */
function groups(facts) {
  const all = facts.metrics?.groups ?? [];
  if (all.length === 0) return nothing;
  return html`
    <section>
      <h2>${say.errorsByGroup}</h2>
      ${all.map((group) => html`<servery-groups .facts=${facts} .measured=${group}></servery-groups>`)}
    </section>
  `;
}
