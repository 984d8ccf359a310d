/** What happens when: wishes from the page in, calls to the API, facts into the store. */

import { hashOf, routeOf } from "./address.js";
import { listModels, predict, Refused, showModel } from "./api.js";
import { draftOf, instanceOf } from "./draft.js";
import * as become from "./transitions.js";

/** @typedef {import("./store.js").Store} Store */
/** @typedef {import("./types.js").Draft} Draft */

const SETTLE_MS = 120;
const SLOW_MS = 1000;
const RETRY_MS = [1000, 2000, 4000, 8000, 15000];

export class Flow {
  #fetching = new AbortController();
  #asking = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retrying;
  #tries = 0;

  /** @param {Store} store */
  constructor(store) {
    this.store = store;
  }

  /** Follow the address, now and whenever it changes. */
  start() {
    window.addEventListener("hashchange", () => this.#follow());
    window.addEventListener("online", () => this.#retryNow());
    this.#follow();
  }

  /**
   * @param {string} name
   * @param {string | null} typed
   */
  type(name, typed) {
    this.store.apply(become.typed, { name, typed });
    this.#writeAddress("replace");
    this.#settle();
  }

  /**
   * @param {Draft} draft
   * @param {string} [notice]
   */
  fill(draft, notice) {
    this.store.apply(become.filled, { draft, notice });
    this.#writeAddress("push");
    this.ask(false);
  }

  /**
   * Ask now. With `all`, every fault is told; without, only what was typed wrongly.
   * @param {boolean} all
   */
  async ask(all) {
    clearTimeout(this.#settling);
    clearTimeout(this.#retrying);
    this.#asking.abort();
    const { route, model, draft } = this.store.state;
    if (route.page !== "model" || !model.body) return;
    const { json, faults } = instanceOf(model.body.signature.inputs, draft);
    if (faults.length > 0) {
      const shown = all ? faults : faults.filter((fault) => fault.code !== "missing");
      this.store.apply(become.held, shown);
      return;
    }
    await this.#send(route.name, json, draft);
  }

  /** @param {string} notice */
  notice(notice) {
    this.store.apply(become.noticed, notice);
  }

  /** Ask again for whatever could not be fetched. */
  retry() {
    this.#tries = 0;
    this.#retryNow();
  }

  #follow() {
    const route = routeOf(location.hash);
    const before = this.store.state.route;
    this.store.apply(become.routed, route);
    const { page } = route;
    if (page === "gallery") this.#fetchGallery();
    if (page !== "model") return;
    const known =
      before.page === "model" && before.name === route.name && this.store.state.model.body;
    if (known) this.ask(false);
    else this.#fetchModel(route.name);
  }

  async #fetchGallery() {
    await this.#fetch((signal) => listModels(signal), become.galleryCame);
  }

  /** @param {string} name */
  async #fetchModel(name) {
    const came = await this.#fetch((signal) => showModel(name, signal), become.modelCame);
    if (!came) return;
    const { route, model, draft } = this.store.state;
    const isBlank = Object.keys(draft).length === 0;
    const example = model.body?.examples[0];
    if (route.page === "model" && model.body && isBlank && example) {
      // A page that answers at once says more than an empty form.
      const first = draftOf(model.body.signature.inputs, example.inputs);
      this.store.apply(become.filled, { draft: first });
    }
    this.ask(false);
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
      this.#tries = 0;
      this.store.apply(came, { status: "ready", body, problem: null });
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (error instanceof Refused) {
        this.store.apply(came, { status: "refused", body: null, problem: error.problem });
      } else {
        this.store.apply(came, { status: "unreachable", body: null, problem: null });
        this.#retryLater();
      }
      return false;
    }
  }

  /**
   * @param {string} name
   * @param {string} instance
   * @param {Draft} draft
   */
  async #send(name, instance, draft) {
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const slow = setTimeout(() => this.store.apply(become.slowed, undefined), SLOW_MS);
    this.store.apply(become.asked, undefined);
    try {
      const prediction = await predict(name, `{"inputs": ${instance}}`, signal);
      if (signal.aborted) return;
      this.#tries = 0;
      this.store.apply(become.answered, { prediction, draft });
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refused) this.store.apply(become.refused, error.problem);
      else {
        this.store.apply(become.lost, undefined);
        this.#retryLater();
      }
    } finally {
      clearTimeout(slow);
    }
  }

  #settle() {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.ask(false), SETTLE_MS);
  }

  #retryLater() {
    clearTimeout(this.#retrying);
    const wait = RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)];
    this.#tries += 1;
    this.#retrying = setTimeout(() => this.#retryNow(), wait);
  }

  #retryNow() {
    clearTimeout(this.#retrying);
    const { route, gallery, model, answer } = this.store.state;
    if (route.page === "gallery" && gallery.status === "unreachable") this.#fetchGallery();
    if (route.page !== "model") return;
    if (model.status === "unreachable") this.#fetchModel(route.name);
    else if (answer.status === "unreachable") this.ask(false);
  }

  /** @param {"push" | "replace"} how */
  #writeAddress(how) {
    const { route, draft } = this.store.state;
    if (route.page !== "model") return;
    const hash = hashOf(route.name, route.panel, draft);
    if (hash === location.hash) return;
    if (how === "push") history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
    this.store.apply(become.routed, { ...route, draft });
  }
}
