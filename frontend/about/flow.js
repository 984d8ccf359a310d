/** What was measured of a version, fetched once About is open. */

import { showEvaluation } from "../lib/api.js";
import { Fetcher } from "../lib/fetched.js";
import { hasFailed } from "../lib/retry.js";
import * as transition from "./state.js";

/** @typedef {import("../shell/flow.js").Feature} Feature */

/** @implements {Feature} */
export class AboutFlow {
  /** @param {import("../shell/flow.js").Shell} shell */
  constructor({ store }) {
    this.store = store;
    this.fetcher = new Fetcher(
      (evaluation) => store.apply(transition.evaluationFetched, evaluation),
      () => this.enter(),
    );
    /** @type {NonNullable<Feature["handlers"]>} */
    this.handlers = {
      threshold: (threshold) => store.apply(transition.thresholdTried, threshold),
    };
  }

  enter() {
    const { route, model } = this.store.state;
    if (route.page !== "model" || route.panel !== "about") return;
    if (transition.aboutOf(this.store.state).evaluation.body) return;
    if (!model.body?.capabilities.includes("evaluation")) return;
    const { name, version } = model.body;
    this.fetcher.load((signal) => showEvaluation({ name, version }, signal));
  }

  renewed() {
    this.store.apply(transition.cleared, undefined);
    this.enter();
  }

  retry() {
    if (hasFailed(transition.aboutOf(this.store.state).evaluation.status)) this.enter();
  }

  leave() {
    this.fetcher.abort();
  }
}
