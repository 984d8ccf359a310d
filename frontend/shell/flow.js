/** What happens when: wishes from the page in, calls to the API, facts into the store. */

import { hashOf, routeOf } from "../lib/address.js";
import { listModels, predict, Refused, showEvaluation, showModel } from "../lib/api.js";
import { bodyOf, draftOf, instanceOf } from "../inputs/draft.js";
import * as become from "./state.js";
import { strangersSaid } from "../ask/words.js";

/** @typedef {import("../lib/store.js").Store} Store */
/** @typedef {import("../lib/types.js").Draft} Draft */
/** @typedef {import("../lib/types.js").Fault} Fault */
/** @typedef {import("../lib/address.js").ModelRoute} ModelRoute */
/** @typedef {ReturnType<typeof setTimeout> | undefined} Timer */

const SETTLE_MS = 120;
const SLOW_MS = 1000;
const RETRY_MS = [1000, 2000, 4000, 8000, 15000];
const LOOK_AGAIN_MS = 5000;
const RENEW_MS = [0, 500, 1000, 2000];
const BUSY = new Set([429, 503]);

export class Flow {
  #fetching = new AbortController();
  #asking = new AbortController();
  /** @type {Timer} */
  #settling;
  /** @type {Timer} */
  #retrying;
  /** @type {Timer} */
  #watching;
  #tries = 0;

  /** @type {import("../insight/flow.js").InsightFlow | null} */
  #insight = null;

  /** @type {string | null} the input that was chosen before there was an insight */
  #chosen = null;

  /** @type {import("../batch/flow.js").BatchFlow | null} what is wished of a file of rows */
  batch = null;

  /**
   * @param {Store} store
   * @param {() => Promise<{InsightFlow: typeof import("../insight/flow.js").InsightFlow}>} loadInsight
   *   what stands below an answer, fetched with the first one
   * @param {() => Promise<{BatchFlow: typeof import("../batch/flow.js").BatchFlow}>} loadBatch
   *   what takes files of rows, fetched when its panel is opened
   */
  constructor(store, loadInsight, loadBatch) {
    this.store = store;
    this.loadInsight = loadInsight;
    this.loadBatch = loadBatch;
  }

  /** Follow the address, now and whenever it changes. */
  start() {
    window.addEventListener("hashchange", (event) => this.#turn(event));
    window.addEventListener("online", () => this.#retryNow());
    window.addEventListener("pagehide", () => this.#writeAddress("replace"));
    document.addEventListener("visibilitychange", () => this.#lookAgain());
    this.#follow();
  }

  /**
   * @param {string} name
   * @param {string | null} typed
   */
  type(name, typed) {
    this.store.apply(become.typed, { name, typed });
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.#settle(), SETTLE_MS);
  }

  /**
   * @param {Draft} draft
   * @param {string} [notice]
   */
  fill(draft, notice) {
    this.#writeAddress("replace");
    this.store.apply(become.filled, { draft, notice });
    this.#writeAddress("push");
    this.ask(false);
  }

  /**
   * Ask now. Insisting, by the button, every fault is told; else only what was typed wrongly.
   * @param {boolean} insisted
   */
  async ask(insisted) {
    this.#drop();
    const { route, model, draft, answer } = this.store.state;
    if (route.page !== "model" || !model.body) return;
    const { members, faults } = instanceOf(model.body.signature.inputs, draft);
    if (faults.length > 0) {
      const shown = insisted ? faults : alreadyTold(faults, answer.faults);
      this.store.apply(become.held, { faults: shown, insisted });
      return;
    }
    await this.#send(route, bodyOf(members), { draft, insisted });
  }

  /** @param {string} notice */
  notice(notice) {
    this.store.apply(become.noticed, notice);
  }

  /** @param {string} words */
  say(words) {
    this.store.apply(become.said, words);
  }

  /** @param {Partial<import("../add/publish-form.js").Recipe>} change */
  prepare(change) {
    this.store.apply(become.prepared, change);
  }

  /** @param {string | null} name of an input to mark */
  point(name) {
    if (name !== this.store.state.pointed) this.store.apply(become.pointed, name);
  }

  /** @param {string} name of the input whose curve is wanted */
  choose(name) {
    if (this.#insight) this.#insight.choose(name);
    else this.#chosen = name;
  }

  /** @param {import("../lib/types.js").Scalar | null} output */
  explain(output) {
    this.#insight?.explain(output);
  }

  /** @param {import("../lib/types.js").Target} target */
  seek(target) {
    this.#insight?.seek(target);
  }

  /** @param {import("../insight/state.js").Part} part that did not come */
  look(part) {
    this.#insight?.look(part);
  }

  /** @param {Draft | null} pin a question to keep beside the present one; null keeps none */
  pin(pin) {
    this.#writeAddress("push", pin);
    this.#insight?.keep();
  }

  /** What stands below an answer follows it, and never keeps it waiting. */
  async #lookInto() {
    const { route } = this.store.state;
    if (route.page !== "model" || route.panel !== "ask") return;
    if (!this.#insight) {
      const loaded = await this.loadInsight().catch(() => null);
      if (!loaded) return;
      this.#insight ??= new loaded.InsightFlow(this.store);
    }
    this.#insight.answered(this.#chosen);
    this.#chosen = null;
  }

  /** @param {number | null} threshold */
  tryThreshold(threshold) {
    this.store.apply(become.thresholdTried, threshold);
  }

  /** Ask again for whatever could not be fetched. */
  retry() {
    this.#tries = 0;
    this.#retryNow();
  }

  /** @param {HashChangeEvent} event */
  #turn({ oldURL }) {
    const isLeft = !become.isSameModel(this.store.state.route, routeOf(location.hash));
    if (isLeft && this.batch?.stays()) this.batch.comeBack(oldURL);
    else this.#follow();
  }

  #follow() {
    const before = this.store.state.route;
    const route = routeOf(location.hash);
    this.#drop();
    this.#fetching.abort();
    this.#chosen = null;
    this.#insight?.leave();
    this.batch?.leave(become.isSameModel(before, route));
    clearTimeout(this.#watching);
    this.store.apply(become.routed, route);
    const { page } = route;
    if (page === "gallery") this.#fetchGallery();
    if (page !== "model") return;
    if (become.isSameModel(before, route) && this.store.state.model.body) this.#begin();
    else this.#fetchModel(route);
  }

  async #fetchGallery() {
    const came = await this.#fetch((signal) => listModels(signal), become.galleryCame);
    if (came) this.#watchGallery();
  }

  /** Models come and go: an open gallery is looked at again, as long as anybody can see it. */
  #watchGallery() {
    clearTimeout(this.#watching);
    this.#watching = setTimeout(() => this.#lookAgain(), LOOK_AGAIN_MS);
  }

  async #lookAgain() {
    clearTimeout(this.#watching);
    const { route, gallery } = this.store.state;
    if (document.hidden || route.page !== "gallery" || !gallery.body) return;
    const { signal } = this.#fetching;
    try {
      const body = await listModels(signal);
      if (!signal.aborted) this.store.apply(become.galleryChanged, body);
    } catch {
      // What is shown stays: it is the best that is known.
    }
    if (!signal.aborted) this.#watchGallery();
  }

  /** @param {ModelRoute} route */
  async #fetchModel(route) {
    const came = await this.#fetch((signal) => wholeModel(route, signal), become.modelCame);
    if (came) this.#begin();
  }

  /** The model is there: take up the question of the address. */
  #begin() {
    const { route, model } = this.store.state;
    if (route.page !== "model" || !model.body) return;
    const { inputs } = model.body.signature;
    const [example] = model.body.examples;
    if (route.draft) {
      this.store.apply(become.noticed, strangersSaid(inputs, route.draft));
    } else if (example) {
      // A page that answers at once says more than an empty form.
      this.store.apply(become.filled, { draft: draftOf(inputs, example.inputs) });
    }
    this.#writeAddress("replace");
    this.ask(false);
    this.#evaluate();
    this.#openBatch();
  }

  async #openBatch() {
    const { route } = this.store.state;
    if (route.page !== "model" || route.panel !== "batch") return;
    const loaded = this.batch ? null : await this.loadBatch().catch(() => null);
    if (loaded) this.batch ??= new loaded.BatchFlow(this.store);
    if (this.batch) this.batch.follow();
    else this.store.apply(become.batchLost, undefined);
  }

  /** About is open: fetch what was measured of this version, once. */
  #evaluate() {
    const { route, model, evaluation } = this.store.state;
    if (route.page !== "model" || route.panel !== "about" || evaluation.body) return;
    if (!model.body?.capabilities?.includes("evaluation")) return;
    const { name, version } = model.body;
    this.#fetch((signal) => showEvaluation({ name, version }, signal), become.evaluationCame);
  }

  /**
   * @template Body
   * @param {(signal: AbortSignal) => Promise<Body>} call
   * @param {(state: any, fetched: any) => any} came
   */
  async #fetch(call, came) {
    this.#fetching.abort();
    this.#fetching = new AbortController();
    const { signal } = this.#fetching;
    try {
      const body = await call(signal);
      if (signal.aborted) return false;
      this.#tries = 0;
      this.store.apply(came, { status: "ready", body, problem: null });
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const problem = error instanceof Refused ? error.problem : null;
      const status = problem ? "refused" : "unreachable";
      this.store.apply(came, { status, body: null, problem });
      this.#retryLater(problem);
      return false;
    }
  }

  /**
   * @param {ModelRoute} route
   * @param {string} body
   * @param {{draft: Draft, insisted: boolean}} question
   */
  async #send(route, body, { draft, insisted }) {
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const began = performance.now();
    const slow = setTimeout(() => this.store.apply(become.slowed, undefined), SLOW_MS);
    signal.addEventListener("abort", () => clearTimeout(slow));
    this.store.apply(become.asked, undefined);
    try {
      const prediction = await predict(route, body, signal);
      const took_ms = performance.now() - began;
      if (this.#isOther(prediction) && (await this.#renew(route, signal))) return;
      if (signal.aborted) return;
      this.#tries = 0;
      this.store.apply(become.answered, { prediction, draft, took_ms });
      this.#lookInto();
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof Refused ? error.problem : null;
      if (problem && this.#isOfOthers(problem) && (await this.#renew(route, signal))) return;
      if (signal.aborted) return;
      if (problem) this.store.apply(become.refused, { problem, insisted });
      else this.store.apply(become.lost, undefined);
      this.#retryLater(problem);
    } finally {
      clearTimeout(slow);
    }
  }

  /** @param {import("../lib/types.js").Prediction} prediction */
  #isOther({ version }) {
    return version !== this.store.state.model.body?.version;
  }

  /**
   * A refusal of inputs that the form does not have, or has and may not: they changed meanwhile.
   * @param {import("../lib/types.js").Problem} problem
   */
  #isOfOthers({ errors }) {
    const inputs = this.store.state.model.body?.signature.inputs ?? [];
    const names = new Set(inputs.map((input) => input.name));
    return errors.some(
      ({ input, code }) => code === "unknown-input" || (input !== null && !names.has(input)),
    );
  }

  /**
   * Fetch the facts of the version that is served by now and ask again. One process of a server
   * may know of it a moment before another does.
   * @param {ModelRoute} route
   * @param {AbortSignal} signal
   * @returns {Promise<boolean>} whether there was another
   */
  async #renew(route, signal) {
    for (const pause of RENEW_MS) {
      await new Promise((resolve) => setTimeout(resolve, pause));
      if (signal.aborted) return false;
      const facts = await wholeModel(route, signal).catch(() => null);
      if (signal.aborted) return false;
      if (!facts || facts.version === this.store.state.model.body?.version) continue;
      this.store.apply(become.renewed, facts);
      this.#writeAddress("replace");
      this.ask(false);
      this.#evaluate();
      return true;
    }
    return false;
  }

  #settle() {
    this.#writeAddress("replace");
    this.ask(false);
  }

  /** What was under way belongs to a question that is no longer asked. */
  #drop() {
    clearTimeout(this.#settling);
    clearTimeout(this.#retrying);
    this.#asking.abort();
    this.#insight?.drop();
  }

  /**
   * A server that is away or busy is asked again, after longer and longer pauses.
   * @param {import("../lib/types.js").Problem | null} problem
   */
  #retryLater(problem) {
    if (problem && !BUSY.has(problem.status)) return;
    clearTimeout(this.#retrying);
    const pause = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)] ?? 0;
    this.#tries += 1;
    const wait = Math.max(pause, 1000 * (problem?.retry_after_s ?? 0));
    this.#retrying = setTimeout(() => this.#retryNow(), wait);
  }

  #retryNow() {
    clearTimeout(this.#retrying);
    const { route, gallery, model, answer, evaluation } = this.store.state;
    if (route.page === "gallery" && hasFailed(gallery.status)) this.#fetchGallery();
    if (route.page !== "model") return;
    if (hasFailed(evaluation.status)) this.#evaluate();
    if (!this.batch) this.#openBatch();
    if (hasFailed(model.status)) this.#fetchModel(route);
    else if (hasFailed(answer.status)) this.ask(false);
  }

  /**
   * @param {"push" | "replace"} how
   * @param {Draft | null} [pin] the one that is kept, unless said
   */
  #writeAddress(how, pin) {
    const { route, model, draft } = this.store.state;
    if (route.page !== "model" || !model.body) return;
    const place = { ...route, draft, pin: pin === undefined ? route.pin : pin };
    const hash = hashOf(place);
    if (hash === location.hash) return;
    if (how === "push") history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
    this.store.apply(become.readdressed, place);
  }
}

/**
 * @param {ModelRoute} route
 * @param {AbortSignal} signal
 * @returns {Promise<import("../lib/types.js").Facts>} with the version that is served
 */
async function wholeModel(route, signal) {
  const facts = await showModel(route, signal);
  if (!route.version) return { ...facts, served: facts.version };
  try {
    const { version } = await showModel({ name: route.name, version: null }, signal);
    return { ...facts, served: version };
  } catch {
    return { ...facts, served: null };
  }
}

/** @param {string} status */
function hasFailed(status) {
  return status === "unreachable" || status === "refused";
}

/**
 * A value that is not there yet is a fault only once it was told as one.
 * @param {Fault[]} faults
 * @param {readonly Fault[]} told
 */
function alreadyTold(faults, told) {
  const names = new Set(told.map((fault) => fault.input));
  return faults.filter((fault) => fault.code !== "missing" || names.has(fault.input));
}
