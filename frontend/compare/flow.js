/** Asks another version or model whatever is asked in the form. */

import * as say from "#words/compare";
import { loadNeeds } from "../ask/needs.js";
import { bodyOf, instanceOf } from "../inputs/instance.js";
import { listModels, predict, Refused, showModel } from "../lib/api.js";
import { faultsText } from "../scenarios/words.js";
import * as transition from "./state.js";
import { missingText, versionText } from "./words.js";

/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../shell/flow.js").Feature} Feature */
/** @typedef {import("./state.js").Choice} Choice */

/** Of so many other models, the inputs are looked up for the menu. */
const MOST_LOOKED_UP = 24;

/** @implements {Feature} */
export class CompareFlow {
  #choosing = new AbortController();
  #asking = new AbortController();

  /** @param {import("../shell/flow.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    this.store = shell.store;
    /** @type {NonNullable<Feature["handlers"]>} */
    this.handlers = { "compare-with": (part) => this.#choose(part, "push") };
    this.store.subscribe(() => this.#follow());
  }

  /** The panel is open: show what its address names, else the newest other version. */
  async enter() {
    const { route, model } = this.store.state;
    if (route.page !== "model" || route.panel !== "compare" || !model.body) return;
    this.#listChoices(model.body);
    const { version, versions, name } = model.body;
    const newest = versions.filter((each) => each !== version).at(-1);
    const part = route.part ?? (newest ? `${name}@${newest}` : null);
    if (part === transition.comparisonOf(this.store.state).part) this.#follow();
    else await this.#choose(part, "replace");
  }

  leave() {
    this.#choosing.abort();
    this.#asking.abort();
    const { status, prediction } = transition.comparisonOf(this.store.state);
    if (status === "loading") this.store.apply(transition.chosen, null);
    if (status === "asking") this.#learn({ status: prediction ? "ready" : "loading", asked: {} });
  }

  /** @param {Facts} facts */
  async #listChoices({ name, version, versions, served, signature }) {
    if (transition.comparisonOf(this.store.state).choices) return;
    const { signal } = new AbortController();
    const { models } = await listModels(signal).catch(() => ({ models: [] }));
    const others = models.filter((each) => each.name !== name);
    const known = await Promise.all(
      others
        .slice(0, MOST_LOOKED_UP)
        .map((each) => showModel({ name: each.name, version: null }, signal).catch(() => null)),
    );
    if (this.store.state.model.body?.name !== name) return;
    /** @type {Choice[]} */
    const choices = [
      ...versions
        .filter((each) => each !== version)
        .map((each) => ({
          part: `${name}@${each}`,
          name,
          version: each,
          title: versionText(served, each),
          fits: null,
        }))
        .toReversed(),
      ...others.map((each, at) => {
        const wanted = known[at]?.signature.inputs;
        const fits = wanted
          ? transition.missingInputs(signature.inputs, wanted).length === 0
          : null;
        return { part: each.name, name: each.name, version: null, title: each.title, fits };
      }),
    ];
    this.#learn({ choices });
  }

  /**
   * @param {string | null} part
   * @param {"push" | "replace"} how the address changes
   */
  async #choose(part, how) {
    this.#choosing.abort();
    this.#asking.abort();
    const { signal } = (this.#choosing = new AbortController());
    const ours = this.store.state.model.body;
    this.store.apply(transition.chosen, part);
    this.shell.writeAddress(how, { part });
    if (!part || !ours) return;
    try {
      const facts = await showModel(transition.askedOf(part), signal);
      await loadNeeds(facts);
      if (signal.aborted) return;
      const { inputs } = ours.signature;
      const missing = transition.missingInputs(inputs, facts.signature.inputs);
      if (missing.length > 0) {
        this.#learn({ status: "failed", detail: missingText(facts.title, missing, inputs) });
        return;
      }
      this.#learn({ facts });
      this.#follow();
    } catch (error) {
      if (signal.aborted) return;
      const detail = error instanceof Refused ? error.problem.detail : say.unreachable;
      this.#learn({ status: "failed", detail });
    }
  }

  /** What was answered here is asked there. */
  #follow() {
    const { route, answer } = this.store.state;
    const { facts, part, asked } = transition.comparisonOf(this.store.state);
    if (route.page !== "model" || route.panel !== "compare" || !part || !facts) return;
    if (answer.status === "ready" && answer.asked !== asked) this.#ask(part, facts, answer.asked);
  }

  /**
   * @param {string} part
   * @param {Facts} facts
   * @param {import("../lib/types.js").Draft} draft
   */
  async #ask(part, facts, draft) {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    const { members, faults } = instanceOf(facts.signature.inputs, draft);
    if (faults.length > 0) {
      this.#learn({
        status: "failed",
        asked: draft,
        prediction: null,
        detail: faultsText(facts, faults),
      });
      return;
    }
    this.#learn({ status: "asking", asked: draft, detail: "" });
    try {
      const prediction = await predict(transition.askedOf(part), bodyOf(members), signal);
      if (signal.aborted) return;
      if (prediction.version !== facts.version) await this.#choose(part, "replace");
      else this.#learn({ status: "ready", prediction });
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof Refused ? error.problem : null;
      const detail =
        faultsText(facts, problem?.errors ?? []) || (problem?.detail ?? say.unreachable);
      this.#learn({ status: "failed", prediction: null, detail });
    }
  }

  /** @param {Partial<import("./state.js").Comparison>} change */
  #learn(change) {
    this.store.apply(transition.learned, change);
  }
}
