/** What is asked beside an answer, and when: it follows the answer and never hides it. */

import * as common from "#words/common";
import { post, Refused } from "../lib/api.js";
import { bodyOf, instanceOf } from "../inputs/instance.js";
import { announced } from "../shell/state.js";
import { waysText } from "./measure.js";
import * as transition from "./state.js";

/** @typedef {import("./state.js").Part} Part */
/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Facts} Facts */

/** @type {Record<Part, import("../lib/api.js").Resource>} */
const RESOURCES = {
  explanation: "explanations",
  curve: "curves",
  changes: "counterfactuals",
  nearest: "nearest-rows",
};

/** @typedef {import("../shell/flow.js").Feature} Feature */

/** Few versions keep rows: what shows them is loaded with the first answer of one that does. */
const NEAREST = { name: "nearest", load: () => import("../nearest/nearest.js") };
const KNOWN = { name: "known", load: () => import("../known/known.js") };

/** @implements {Feature} */
export class InsightFlow {
  /** @type {Partial<Record<Part, AbortController>>} */
  #asking = {};

  /** @param {import("../shell/flow.js").Shell} shell */
  constructor({ store, load }) {
    this.store = store;
    this.load = load;
    /** @type {NonNullable<Feature["handlers"]>} */
    this.handlers = {
      explain: (output) => this.#explainOther(output),
      look: (part) => this.#look(part),
      seek: (target) => this.#seekTarget(target),
    };
  }

  /**
   * An answer came: what belongs to it is asked now.
   *
   * @param {string | null} chosen the input that was chosen before there was an answer
   */
  answered(chosen = null) {
    const facts = this.#facts();
    if (!facts) return;
    if (chosen !== null) this.#take(facts, chosen);
    if (facts.capabilities.includes("explanations")) this.#explain(facts);
    else this.#draw(facts);
    if (!facts.capabilities.includes("nearest-rows")) return;
    this.load(NEAREST);
    this.load(KNOWN);
    // Once they were asked for, the rows follow the answer.
    if (transition.insightOf(this.store.state).nearest.status !== "none") this.#look("nearest");
  }

  /** @param {string} name of the input whose curve is wanted */
  choose(name) {
    const facts = this.#facts();
    if (!facts || !this.#take(facts, name)) return;
    if (this.store.state.answer.status === "ready") this.#draw(facts);
  }

  /** @param {import("../lib/types.js").Scalar | null} output of which the answer is explained */
  #explainOther(output) {
    this.store.apply(transition.explained, output);
    const facts = this.#facts();
    if (facts && this.store.state.answer.status === "ready") this.#explain(facts);
  }

  /** @param {import("../lib/types.js").Target} target */
  async #seekTarget(target) {
    this.store.apply(transition.sought, target);
    await this.#seek();
  }

  /** @param {Part} part to ask, once more if it did not come */
  #look(part) {
    const facts = this.#facts();
    if (!facts) return;
    if (part === "explanation") this.#explain(facts);
    if (part === "curve") this.#draw(facts);
    if (part === "changes") this.#seek();
    if (part === "nearest") this.#ask(part, this.store.state.answer.asked);
  }

  /** The question is about to change: what was under way for the older one is let go. */
  drop() {
    this.#asking.explanation?.abort();
    this.#asking.curve?.abort();
    this.#asking.nearest?.abort();
  }

  /** Another page. */
  leave() {
    for (const each of Object.values(this.#asking)) each.abort();
    if (transition.insightOf(this.store.state).changes.status === "asking") {
      this.store.apply(transition.looked, { part: "changes", change: { status: "none" } });
    }
  }

  #facts() {
    return this.store.state.model.body;
  }

  /**
   * @param {Facts} facts
   * @param {string} name
   * @returns {boolean} whether another curve is wanted now
   */
  #take(facts, name) {
    const input = facts.signature.inputs.find((each) => each.name === name);
    if (!input || !transition.isCurved(input)) return false;
    if (transition.insightOf(this.store.state).chosen === name) return false;
    this.store.apply(transition.chosen, name);
    return true;
  }

  /** @param {Facts} facts */
  async #explain(facts) {
    const { asked } = this.store.state.answer;
    // Where an input is chosen already, its curve need not wait.
    if (transition.insightOf(this.store.state).chosen) this.#draw(facts);
    const wasAsked = await this.#ask("explanation", asked, this.#wanted());
    if (wasAsked && !transition.insightOf(this.store.state).chosen) this.#draw(facts);
  }

  async #seek() {
    const { answer } = this.store.state;
    const insight = transition.insightOf(this.store.state);
    const wasAsked = await this.#ask("changes", answer.asked, { target: insight.target });
    const found = transition.insightOf(this.store.state).changes.body?.counterfactuals;
    if (wasAsked && found) this.store.apply(announced, waysText(found.length));
  }

  /** @param {Facts} facts */
  #draw(facts) {
    const { answer } = this.store.state;
    const insight = transition.insightOf(this.store.state);
    const name = transition.inputOfCurve(facts, insight);
    if (!facts.capabilities.includes("curves") || name === null) return;
    const { status, body, of } = insight.curve;
    const isSame = status === "ready" && body?.input === name;
    if (isSame && transition.differsOnlyIn(name, of, answer.asked)) return;
    this.store.apply(transition.chosen, name);
    this.#ask("curve", answer.asked, { input: name, ...this.#wanted() });
  }

  #wanted() {
    const { output } = transition.insightOf(this.store.state);
    return output === null ? {} : { output };
  }

  /**
   * @param {Part} part
   * @param {Draft} draft
   * @param {Record<string, unknown>} [beside]
   * @returns {Promise<boolean>} whether no newer question took its place
   */
  async #ask(part, draft, beside) {
    this.#asking[part]?.abort();
    const { signal } = (this.#asking[part] = new AbortController());
    const { route, model } = this.store.state;
    if (route.page !== "model" || !model.body) return false;
    const { members, faults } = instanceOf(model.body.signature.inputs, draft);
    /** @param {Partial<import("./state.js").Look<any>>} change */
    const apply = (change) => this.store.apply(transition.looked, { part, change });
    apply({ status: "asking", detail: "" });
    if (faults.length > 0) {
      apply({ status: "failed", of: draft, detail: common.doesNotFit });
      return true;
    }
    try {
      const body = await post(route, RESOURCES[part], bodyOf(members, beside), signal);
      if (signal.aborted) return false;
      apply({ status: "ready", body, of: draft });
    } catch (error) {
      if (signal.aborted) return false;
      apply({ status: "failed", detail: error instanceof Refused ? error.problem.detail : "" });
    }
    return true;
  }
}
