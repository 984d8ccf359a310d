/** Lists measured rows, a page at a time, and fills the form with the one that is picked. */

import * as say from "#words/known";
import { call, modelPath, Refused } from "../lib/api.js";
import { draftOf } from "../inputs/instance.js";
import * as transition from "./state.js";

/** @typedef {import("../lib/types.js").KeptRow} KeptRow */
/** @typedef {import("../shell/flow.js").Feature} Feature */
/** @typedef {import("./state.js").Listing} Listing */

/** @implements {Feature} */
export class KnownFlow {
  #asking = new AbortController();

  /** @param {import("../shell/flow.js").Shell} shell */
  constructor({ store }) {
    this.store = store;
    /** @type {NonNullable<Feature["handlers"]>} */
    this.handlers = {
      "list-known": (change) => this.#list(change),
      "pick-known": (row) => this.#pick(row),
    };
  }

  leave() {
    this.#asking.abort();
    if (transition.knownOf(this.store.state).status === "asking") this.#learn({ status: "none" });
  }

  /** Another version keeps other rows. */
  renewed() {
    this.#asking.abort();
    this.#learn({ status: "none", rows: [], picked: null });
  }

  /** @param {Partial<Listing>} change */
  async #list(change) {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    const { route } = this.store.state;
    if (route.page !== "model") return;
    const listing = transition.relisted(transition.knownOf(this.store.state).listing, change);
    this.#learn({ status: "asking", listing, detail: "" });
    const { sort, order, outcome, offset } = listing;
    const query = new URLSearchParams({
      sort,
      order,
      offset: String(offset),
      limit: String(transition.PAGE_ROWS),
      ...(outcome && { outcome }),
    });
    try {
      const { rows, total } = await call(`${modelPath(route)}/kept-rows?${query}`, { signal });
      if (!signal.aborted) this.#learn({ status: "ready", rows, total });
    } catch (error) {
      if (signal.aborted) return;
      const detail = error instanceof Refused ? error.problem.detail : say.unreachable;
      this.#learn({ status: "failed", detail });
    }
  }

  /** @param {KeptRow} row that now fills the form */
  #pick(row) {
    const { body } = this.store.state.model;
    if (body) this.#learn({ picked: { row, draft: draftOf(body.signature.inputs, row.inputs) } });
  }

  /** @param {Partial<import("./state.js").Known>} change */
  #learn(change) {
    this.store.apply(transition.learned, change);
  }
}
