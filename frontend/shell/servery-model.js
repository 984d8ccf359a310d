import * as common from "#words/common";
import * as say from "#words/shell";
import { html, nothing } from "lit";
import { hashOf } from "../lib/address.js";
import { baseOf } from "../lib/draft.js";
import { StateElement } from "../lib/element.js";
import { linkAddress } from "../lib/origin.js";
import { ASK, PANELS } from "./pages.js";
import "./servery-copy.js";

/** @typedef {import("../lib/address.js").ModelRoute} ModelRoute */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("./pages.js").Panel} Panel */
/** @typedef {import("./state.js").State} State */

/** One model: its name, the way to its panels, and one of them. Property in: `state`. */
export class ServeryModel extends StateElement {
  render() {
    const state = this.state;
    if (state?.route.page !== "model") return nothing;
    const { route, draft, code } = state;
    const { body, status, problem } = state.model;
    if (status === "refused") return html`<servery-problem .problem=${problem}></servery-problem>`;
    if (status === "unreachable" && !body) {
      return html`<servery-problem kind="unreachable"></servery-problem>`;
    }
    if (!body || !code[ASK.name]) return skeleton();
    return html`
      ${masthead(body)} ${route.version ? pinned(route, body, draft) : nothing}
      ${
        route.isEmbedded
          ? nothing
          : html`<nav class="panels" aria-label=${say.thisModel}>
        ${PANELS.filter((panel) => isOffered(route, body, panel)).map((panel) => link(state, route, panel))}
        <servery-copy .text=${addressOf(state, route)} label=${say.share} what=${say.address}></servery-copy>
      </nav>`
      }
      ${this.#panel(state, route.panel)}
    `;
  }

  /**
   * @param {State} state
   * @param {string} name
   */
  #panel(state, name) {
    const status = state.code[ASK.name] === "failed" ? "failed" : state.code[name];
    if (status === "ready") return PANELS.find((panel) => panel.name === name)?.show(state);
    if (!status) return html`<div class="skeleton skeleton-answer" aria-busy="true"></div>`;
    return html`<p role="alert">
      ${say.couldNotLoadThisPanel}
      <button type="button" @click=${() => this.emit("retry")}>${common.tryAgain}</button>
    </p>`;
  }
}

customElements.define("servery-model", ServeryModel);

/**
 * @param {ModelRoute} route
 * @param {Facts} facts
 * @param {Panel} panel
 */
function isOffered(route, { capabilities }, { name, capability }) {
  return route.panel === name || !capability || capabilities.includes(capability);
}

/**
 * @param {State} state
 * @param {ModelRoute} route
 * @param {Panel} panel
 */
function link({ draft, model, panels }, route, { name, title, load }) {
  // What a panel shows is part of its address.
  const part =
    panels[name]?.status === "shown" ? panels[name].job.id : (panels[name]?.part ?? null);
  // Its code is there by the time that the link is followed.
  const loadAhead = () => load().catch(() => null);
  return html`<a href=${hashOf({ ...route, panel: name, part, draft }, baseOf(model.body))} @pointerenter=${loadAhead}
    @focus=${loadAhead} aria-current=${route.panel === name ? "page" : nothing}>${title}</a>`;
}

/**
 * @param {State} state
 * @param {ModelRoute} route
 * @returns {string} the address that asks the question on screen
 */
function addressOf({ draft, model }, route) {
  return new URL(hashOf({ ...route, draft }, baseOf(model.body)), location.href).href;
}

/** @param {Facts} facts */
function masthead(facts) {
  return html`
    <div class="masthead">
      ${facts.picture ? html`<img src=${linkAddress(facts.picture)} alt="" width="320" height="200" />` : nothing}
      <h1>${facts.title}</h1>
      <p>${facts.summary}</p>
    </div>
  `;
}

/**
 * @param {ModelRoute} route
 * @param {Facts} facts
 * @param {import("../lib/types.js").Draft} draft
 */
function pinned({ name, panel, kept }, facts, draft) {
  const { version, served } = facts;
  const link = (/** @type {string} */ words) =>
    html`<a href=${hashOf({ name, panel, draft, kept }, baseOf(facts))}>${words}</a>`;
  return html`
    <p class="pinned">
      <strong>${say.version(version)}</strong>
      ${served === version ? say.alsoServed(link) : say.notServed}
      ${served && served !== version ? html`${link(say.goToVersion(served))}` : nothing}
    </p>
  `;
}

function skeleton() {
  return html`
    <div aria-busy="true">
      <h1 class="visually-hidden">${say.loadingTheModel}</h1>
      <div class="skeleton skeleton-masthead"></div>
      <div class="bench">
        <div class="skeleton skeleton-form"></div>
        <div class="skeleton skeleton-answer"></div>
      </div>
    </div>
  `;
}
