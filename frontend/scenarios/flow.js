/** Asks the model every kept question, one after the other, and changes which are kept. */

import * as common from "#words/common";
import * as say from "#words/scenarios";
import { bodyOf, instanceOf } from "../inputs/instance.js";
import { isSame } from "../lib/draft.js";
import { post, predict, Refused } from "../lib/api.js";
import { announced } from "../shell/state.js";
import * as transition from "./state.js";
import { faultsText } from "./words.js";

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/address.js").Kept} Kept */
/** @typedef {import("../lib/address.js").ModelRoute} ModelRoute */
/** @typedef {import("../shell/flow.js").Feature} Feature */

/** @implements {Feature} */
export class ScenariosFlow {
  #asking = new AbortController();

  /** @param {import("../shell/flow.js").Shell} shell */
  constructor({ store, writeAddress }) {
    this.store = store;
    this.writeAddress = writeAddress;
    /** @type {NonNullable<Feature["handlers"]>} */
    this.handlers = {
      "name-kept": ({ at, name }) => this.#change((kept) => transition.renamed(kept, at, name)),
      "move-kept": ({ at, by }) => this.#change((kept) => transition.moved(kept, at, by)),
      "drop-kept": (at) => this.#change((kept) => kept.toSpliced(at, 1), say.scenarioRemoved),
    };
  }

  leave() {
    this.#asking.abort();
  }

  /** @param {Draft} draft to keep beside later ones, or to keep no longer */
  keep(draft) {
    this.#change((kept) => transition.toggled(kept, draft));
    this.follow();
  }

  renewed() {
    this.store.apply(transition.forgotten, undefined);
    this.follow();
  }

  /** Ask what is not known yet: all predictions first, as they say the most. */
  async follow() {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    const { route, model } = this.store.state;
    if (route.page !== "model" || !model.body) return;
    for (const { draft } of route.kept) await this.#predict(route, model.body, draft, signal);
    if (!model.body.capabilities.includes("explanations")) return;
    for (const { draft } of route.kept) await this.#explain(route, model.body, draft, signal);
  }

  /**
   * @param {(kept: Kept[]) => Kept[]} change
   * @param {string} [words] for screen readers
   */
  #change(change, words) {
    const { route } = this.store.state;
    if (route.page !== "model") return;
    this.writeAddress("push", { kept: change(route.kept) });
    if (words) this.store.apply(announced, words);
  }

  /**
   * @param {ModelRoute} route
   * @param {Facts} facts
   * @param {Draft} draft
   * @param {AbortSignal} signal
   */
  async #predict(route, facts, draft, signal) {
    if (signal.aborted || this.#known(draft).prediction) return;
    const { answer } = this.store.state;
    if (answer.status === "ready" && answer.prediction && isSame(answer.asked, draft)) {
      this.#learn(draft, { status: "ready", prediction: answer.prediction });
      return;
    }
    const { members, faults } = instanceOf(facts.signature.inputs, draft);
    if (faults.length > 0) {
      this.#fail(draft, facts, faults, common.doesNotFit);
      return;
    }
    this.#learn(draft, { status: "asking", detail: "" });
    try {
      const prediction = await predict(route, bodyOf(members), signal);
      if (!signal.aborted) this.#learn(draft, { status: "ready", prediction });
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof Refused ? error.problem : null;
      this.#fail(draft, facts, problem?.errors ?? [], problem?.detail ?? say.theServerDidNotAnswer);
    }
  }

  /**
   * @param {Draft} draft
   * @param {Facts} facts
   * @param {readonly import("../lib/types.js").Fault[]} faults
   * @param {string} detail where no fault says more
   */
  #fail(draft, facts, faults, detail) {
    this.#learn(draft, { status: "failed", detail: faultsText(facts, faults) || detail });
  }

  /**
   * Without an explanation, a row has just none.
   * @param {ModelRoute} route
   * @param {Facts} facts
   * @param {Draft} draft
   * @param {AbortSignal} signal
   */
  async #explain(route, facts, draft, signal) {
    const { prediction, explanation } = this.#known(draft);
    if (signal.aborted || !prediction || explanation) return;
    const { members } = instanceOf(facts.signature.inputs, draft);
    try {
      const found = await post(route, "explanations", bodyOf(members), signal);
      if (!signal.aborted) this.#learn(draft, { explanation: found });
    } catch {
      // The prediction stands, and the next look asks again.
    }
  }

  /** @param {Draft} draft */
  #known(draft) {
    return transition.knownOf(this.store.state, draft);
  }

  /**
   * @param {Draft} draft
   * @param {Partial<import("./state.js").Known>} change
   */
  #learn(draft, change) {
    this.store.apply(transition.learned, { draft, change });
  }
}
