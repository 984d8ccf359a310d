/** Sends the request that the code shows, once the model has answered the question in the form. */

import * as say from "#words/code";
import { call, Refused } from "../lib/api.js";
import * as transition from "./state.js";

/** @typedef {import("../shell/flow.js").Feature} Feature */

/** @implements {Feature} */
export class CodeFlow {
  #asking = new AbortController();

  /** @param {import("../shell/flow.js").Shell} shell */
  constructor({ store }) {
    this.store = store;
    /** @type {NonNullable<Feature["handlers"]>} */
    this.handlers = {
      "choose-code": (change) => store.apply(transition.changed, change),
    };
    store.subscribe(() => this.#follow());
  }

  leave() {
    this.#asking.abort();
    const { response } = transition.codeOf(this.store.state);
    if (response.status === "asking") this.#respond("none", "", "");
  }

  #follow() {
    const { state } = this.store;
    const { route } = state;
    if (route.page !== "model" || route.panel !== "api" || !transition.isAnswered(state)) return;
    const shown = transition.shownOf(state);
    if (!shown) return;
    const key = transition.keyOf(shown.snippet.request);
    if (key !== transition.codeOf(state).response.key) this.#send(shown.snippet.request, key);
  }

  /**
   * @param {import("./snippets.js").Snippet["request"]} request
   * @param {string} key
   */
  async #send({ path, body }, key) {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    const { text } = transition.codeOf(this.store.state).response;
    this.#respond("asking", key, text);
    const headers = { "Content-Type": "application/json" };
    try {
      const response = await call(path, { method: "POST", headers, body, signal });
      if (!signal.aborted) this.#respond("ready", key, JSON.stringify(response, null, 2));
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof Refused ? error.problem : null;
      this.#respond(
        "failed",
        key,
        problem ? `${problem.status} ${problem.detail}` : say.noResponse,
      );
    }
  }

  /**
   * @param {import("./state.js").Response["status"]} status
   * @param {string} key
   * @param {string} text
   */
  #respond(status, key, text) {
    this.store.apply(transition.changed, { response: { status, key, text } });
  }
}
