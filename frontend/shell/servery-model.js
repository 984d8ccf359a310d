import { html, nothing } from "lit";
import { hashOf, PANELS } from "../lib/address.js";
import { PageElement } from "../lib/element.js";
import "../about/servery-about.js";
import "../ask/servery-answer.js";
import "../ask/servery-answer-bar.js";
import "./servery-copy.js";
import "../ask/servery-form.js";
import "./servery-picture.js";
import "./servery-problem.js";
import "../snippets/servery-snippets.js";

/** @typedef {import("./state.js").State} State */
/** @typedef {import("../lib/types.js").Facts} Facts */

/** @type {Record<string, string>} */
const TITLES = { ask: "Ask", batch: "Batch", api: "API", about: "About" };

/** One model: its form, its answer, its code, its card. Property in: `state`. */
export class ServeryModel extends PageElement {
  static properties = { state: { attribute: false } };

  constructor() {
    super();
    /** @type {State | null} */
    this.state = null;
  }

  render() {
    const state = this.state;
    if (state?.route.page !== "model") return nothing;
    const { body, status, problem } = state.model;
    if (status === "refused") return html`<servery-problem .problem=${problem}></servery-problem>`;
    if (status === "unreachable" && !body) {
      return html`<servery-problem kind="unreachable"></servery-problem>`;
    }
    if (!body) return skeleton();
    return html`
      ${masthead(body)} ${state.route.version ? pinned(state.route, body, state.draft) : nothing}
      <nav class="panels" aria-label="This model">
        ${PANELS.filter((panel) => isOffered(state.route, body, panel)).map((panel) =>
          this.#panelLink(state, panel),
        )}
        <servery-copy .text=${addressOf(state)} label="Share" what="Address"></servery-copy>
      </nav>
      ${this.#panel(state, body)}
    `;
  }

  /**
   * @param {State} state
   * @param {import("../lib/address.js").Panel} panel
   */
  #panelLink({ route, draft, batch }, panel) {
    if (route.page !== "model") return nothing;
    const current = route.panel === panel ? "page" : nothing;
    const job = (batch?.status === "shown" && batch.job?.id) || null;
    return html`<a href=${hashOf({ ...route, panel, job, draft })} aria-current=${current}>${TITLES[panel]}</a>`;
  }

  /**
   * @param {State} state
   * @param {Facts} facts
   */
  #panel(state, facts) {
    const panel = state.route.page === "model" && state.route.panel;
    if (panel === "about") return about(state, facts);
    if (panel !== "batch") return this.#bench(state, facts);
    if (!state.batch) return html`<div class="skeleton skeleton-answer" aria-busy="true"></div>`;
    if (state.batch.status !== "lost") return html`<servery-batch .state=${state}></servery-batch>`;
    return html`<p role="alert">
      This panel did not come.
      <button type="button" @click=${() => this.wish("retry")}>Try again</button>
    </p>`;
  }

  /**
   * @param {State} state
   * @param {Facts} facts
   */
  #bench(state, facts) {
    const { route, draft, answer, notice } = state;
    if (route.page !== "model") return nothing;
    const isApi = route.panel === "api";
    return html`
      <div class="bench">
        <servery-form .facts=${facts} .draft=${draft} .faults=${answer.faults}
          .insisted=${answer.insisted} .notice=${notice} .pointed=${state.pointed}></servery-form>
        ${
          isApi
            ? html`<servery-snippets .facts=${facts} .version=${route.version} .draft=${draft}></servery-snippets>`
            : html`<div class="answer-column">
                <servery-answer .facts=${facts} .answer=${answer} .pin=${route.pin}></servery-answer>
                <servery-insight .state=${state} data-awaited=${facts.capabilities?.length ? "" : nothing}></servery-insight>
              </div>
              <servery-outlook .state=${state}></servery-outlook>`
        }
      </div>
      ${isApi ? nothing : html`<servery-answer-bar .facts=${facts} .answer=${answer}></servery-answer-bar>`}
    `;
  }
}

customElements.define("servery-model", ServeryModel);

/**
 * @param {import("../lib/address.js").Route} route
 * @param {Facts} facts
 * @param {import("../lib/address.js").Panel} panel
 */
function isOffered(route, { capabilities }, panel) {
  const isOpen = route.page === "model" && route.panel === panel;
  return isOpen || panel !== "batch" || capabilities?.includes("batches");
}

/**
 * @param {State} state
 * @param {Facts} facts
 */
function about({ evaluation, threshold }, facts) {
  return html`<servery-about .facts=${facts} .evaluation=${evaluation}
    .threshold=${threshold}></servery-about>`;
}

/**
 * @param {State} state
 * @returns {string} the address that asks the very question on screen
 */
function addressOf({ route, draft }) {
  const hash = route.page === "model" ? hashOf({ ...route, draft }) : "";
  return new URL(hash, location.href).href;
}

/** @param {Facts} facts */
function masthead(facts) {
  return html`
    <div class="masthead">
      <servery-picture .name=${facts.name} .source=${facts.picture}></servery-picture>
      <h1>${facts.title}</h1>
      <p>${facts.summary}</p>
    </div>
  `;
}

/**
 * @param {import("../lib/address.js").ModelRoute} route
 * @param {Facts} facts
 * @param {import("../lib/types.js").Draft} draft
 */
function pinned({ name, panel, pin }, { version, served }, draft) {
  const link = (/** @type {string} */ words) =>
    html`<a href=${hashOf({ name, panel, draft, pin })}>${words}</a>`;
  return html`
    <p class="pinned">
      <strong>Version ${version}</strong>
      ${served === version ? html`is also ${link("the one served")}.` : "is shown here, not the one served."}
      ${served && served !== version ? html`${link(`Go to version ${served}`)}` : nothing}
    </p>
  `;
}

function skeleton() {
  return html`
    <div aria-busy="true">
      <h1 class="visually-hidden">Loading the model</h1>
      <div class="skeleton skeleton-masthead"></div>
      <div class="bench">
        <div class="skeleton skeleton-form"></div>
        <div class="skeleton skeleton-answer"></div>
      </div>
    </div>
  `;
}
