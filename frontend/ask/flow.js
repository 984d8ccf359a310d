/** When a question is sent, and what becomes of it: what is typed in, one request at a time out. */

import { bodyOf, draftOf, instanceOf } from "../inputs/instance.js";
import { baseOf, typicalDraft } from "../lib/draft.js";
import { predict, Refused } from "../lib/api.js";
import { hasFailed, Retry } from "../lib/retry.js";
import { loadNeeds, loadRest } from "./needs.js";
import * as transition from "./state.js";
import { problemSaid } from "./said.js";
import { unknownNamesText } from "./words.js";

/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Fault} Fault */
/** @typedef {import("../lib/address.js").ModelRoute} ModelRoute */
/** @typedef {import("../shell/flow.js").Feature} Feature */
/** @typedef {ReturnType<typeof setTimeout> | undefined} Timer */

const SETTLE_MS = 120;
const SLOW_MS = 1000;

/** What explains an answer is loaded with the first one. */
const INSIGHT = { name: "insight", load: () => import("../insight/insight.js") };
const SCENARIOS = { name: "scenarios", load: () => import("../scenarios/scenarios.js") };
const HISTORY = { name: "history", load: () => import("../history/history.js") };
const loadLong = () => import("./long/long.js");
/** So is what takes up another version: by the time that one is published, it is there. */
const loadRenewal = () => import("./renewal.js");

/** @implements {Feature} */
export class AskFlow {
  #asking = new AbortController();
  #retry = new Retry(() => this.ask(false));
  /** @type {Timer} */
  #settling;

  /** @type {import("../insight/flow.js").InsightFlow | null} */
  #insight = null;

  /** @type {string | null} the input that was chosen before there was an insight */
  #chosen = null;

  /** @param {import("../shell/flow.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    this.store = shell.store;
    /** @type {NonNullable<Feature["handlers"]>} */
    this.handlers = {
      type: ({ name, typed }) => this.#type(name, typed),
      fill: ({ draft, notice }) => this.fill(draft, notice),
      ask: () => this.ask(true),
      notice: (notice) => this.store.apply(transition.noticed, notice),
      point: (name) => this.#point(name),
      choose: (name) => this.#choose(name),
      keep: (draft) => this.#keep(draft),
    };
  }

  /** The model is there: take up the question of the address. */
  async enter() {
    const { route, model } = this.store.state;
    const facts = model.body;
    if (route.page !== "model" || !facts) return;
    const { inputs } = facts.signature;
    const [example] = facts.examples;
    const base = baseOf(facts);
    const long = base && (await loadLong());
    if (this.store.state.route !== route) return;
    if (route.draft) {
      if (long && route.base) this.store.apply(long.based, base);
      const notes = [
        long?.baseText(route.base, facts.version),
        unknownNamesText(inputs, route.draft),
      ];
      this.store.apply(transition.noticed, notes.filter(Boolean).join(" "));
    } else {
      // A page that answers at once says more than an empty form.
      const start = example ? draftOf(inputs, example.inputs) : typicalDraft(inputs);
      this.store.apply(transition.filled, { draft: base?.draft ?? start });
    }
    this.#settle();
    loadRest();
    this.#record();
    await Promise.all([loadNeeds(facts), long?.prepare(facts, this.store)]);
  }

  renewed() {
    const facts = this.store.state.model.body;
    if (facts) loadNeeds(facts).catch(() => null);
    this.ask(false);
  }

  retry() {
    if (hasFailed(this.store.state.answer.status)) this.ask(false);
  }

  leave() {
    this.#drop();
    this.#chosen = null;
  }

  /**
   * Ask now. Submitted by the button, every fault is shown; else only what was typed wrongly.
   * @param {boolean} submitted
   */
  async ask(submitted) {
    this.#drop();
    const { route, model, draft, answer } = this.store.state;
    if (route.page !== "model" || !model.body) return;
    const { members, faults } = instanceOf(model.body.signature.inputs, draft);
    if (faults.length > 0) {
      const shown = submitted ? faults : worthShowing(faults, answer.faults);
      this.store.apply(transition.held, { faults: shown, submitted });
      return;
    }
    await this.#send(route, bodyOf(members), { draft, submitted });
  }

  /**
   * @param {string} name
   * @param {string | null} typed
   */
  #type(name, typed) {
    this.store.apply(transition.typed, { name, typed });
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settle(), SETTLE_MS);
  }

  /** What is changed from here on can be undone. */
  async #record() {
    /** @type {import("../history/flow.js").HistoryFlow | null} */ (
      await this.shell.load(HISTORY)
    )?.begin(this);
  }

  /**
   * @param {Draft} draft
   * @param {string} [notice]
   * @param {"push" | "replace"} [how] the address changes
   */
  fill(draft, notice, how = "push") {
    this.shell.writeAddress("replace");
    this.store.apply(transition.filled, { draft, notice });
    this.shell.writeAddress(how);
    this.ask(false);
  }

  #settle() {
    this.shell.writeAddress("replace");
    this.ask(false);
  }

  /** @param {string | null} name of an input to mark */
  #point(name) {
    if (name !== this.store.state.pointed) this.store.apply(transition.pointed, name);
  }

  /** @param {string} name of the input whose curve is wanted */
  #choose(name) {
    if (this.#insight) this.#insight.choose(name);
    else this.#chosen = name;
  }

  /** @param {Draft} draft to keep beside later ones, or to keep no longer */
  async #keep(draft) {
    (await this.#scenarios())?.keep(draft);
  }

  async #showKept() {
    const { route } = this.store.state;
    if (route.page === "model" && route.kept.length > 0) (await this.#scenarios())?.follow();
  }

  /** @returns {Promise<import("../scenarios/flow.js").ScenariosFlow | null>} */
  #scenarios() {
    return /** @type {any} */ (this.shell.load(SCENARIOS));
  }

  /**
   * @param {ModelRoute} route
   * @param {string} body
   * @param {{draft: Draft, submitted: boolean}} question
   */
  async #send(route, body, { draft, submitted }) {
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const began = performance.now();
    const slow = setTimeout(() => this.store.apply(transition.slowed, undefined), SLOW_MS);
    signal.addEventListener("abort", () => clearTimeout(slow));
    this.store.apply(transition.asked, undefined);
    try {
      const prediction = await predict(route, body, signal);
      const took_ms = performance.now() - began;
      if (this.#isOther(prediction) && (await this.#renew(route, signal))) return;
      if (signal.aborted) return;
      this.#retry.succeeded();
      this.store.apply(transition.answered, { prediction, draft, took_ms });
      this.#lookInto();
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof Refused ? error.problem : null;
      if (problem?.errors.length && (await this.#renew(route, signal, problem))) return;
      if (signal.aborted) return;
      if (problem)
        this.store.apply(transition.refused, { problem: problemSaid(problem), submitted });
      else this.store.apply(transition.lost, undefined);
      this.#retry.failed(problem);
    } finally {
      clearTimeout(slow);
    }
  }

  /** The explanation follows an answer and never delays it. */
  async #lookInto() {
    const { route } = this.store.state;
    if (route.page !== "model" || route.panel !== "ask") return;
    loadRenewal().catch(() => null);
    this.#insight ??= /** @type {import("../insight/flow.js").InsightFlow | null} */ (
      await this.shell.load(INSIGHT)
    );
    this.#insight?.answered(this.#chosen);
    this.#showKept();
    this.#chosen = null;
  }

  /** @param {import("../lib/types.js").Prediction} prediction */
  #isOther({ version }) {
    return version !== this.store.state.model.body?.version;
  }

  /**
   * @param {ModelRoute} route
   * @param {AbortSignal} signal
   * @param {import("../lib/types.js").Problem} [problem] that the server had with the inputs
   * @returns {Promise<boolean>} whether another version is served now, and was taken up
   */
  async #renew(route, signal, problem) {
    const { model } = this.store.state;
    const renewal = await loadRenewal().catch(() => null);
    if (!renewal || !model.body || (problem && !renewal.isOfOthers(problem, model.body)))
      return false;
    const facts = await renewal.newerFacts(route, model.body.version, signal);
    if (!facts) return false;
    this.store.apply(renewal.renewed, facts);
    this.shell.renew();
    return true;
  }

  /** What was under way belongs to a question that is no longer asked. */
  #drop() {
    clearTimeout(this.#settling);
    this.#retry.cancel();
    this.#asking.abort();
    this.#insight?.drop();
  }
}

/**
 * A value that is not there yet is a fault only once it was shown as one.
 * @param {Fault[]} faults
 * @param {readonly Fault[]} shown
 */
function worthShowing(faults, shown) {
  const names = new Set(shown.map((fault) => fault.input));
  return faults.filter((fault) => fault.code !== "missing" || names.has(fault.input));
}
