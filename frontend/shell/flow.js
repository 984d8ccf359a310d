/** Shows the page of an address: follows it, fetches code and facts, and tells the features. */

import { hashOf, routeOf } from "../lib/address.js";
import { baseOf } from "../lib/draft.js";
import { Fetcher } from "../lib/fetched.js";
import { hasFailed } from "../lib/retry.js";
import { wholeModel } from "./model.js";
import { ASK, PAGES, PANELS } from "./pages.js";
import * as transition from "./state.js";

/** @typedef {import("../lib/address.js").ModelRoute} ModelRoute */
/** @typedef {import("../lib/address.js").Route} Route */
/** @typedef {import("../lib/store.js").Store} Store */

/**
 * What happens in one feature.
 * @typedef {object} Feature
 * @property {Record<string, (detail: any) => void>} [handlers] of `servery:` events, by name
 * @property {() => Promise<unknown> | null | void} [enter] it is shown, and its model is known; it waits
 *   for what this brings
 * @property {() => void} [renewed] another version of the model is served
 * @property {() => void} [retry] ask again for what could not be fetched
 * @property {(isSameModel: boolean) => void} [leave] the address is about to change
 * @property {() => boolean} [stays] whether this model must not be left
 * @property {(address: string) => void} [comeBack] to an address that was left
 */

/** @typedef {{open?: (shell: Shell) => Feature}} Module of a page or a panel, once it is loaded */
/** @typedef {{name: string, load: () => Promise<Module>}} Loadable */

/**
 * What a feature may ask of the shell.
 * @typedef {object} Shell
 * @property {Store} store
 * @property {(how: "push" | "replace", change?: Partial<ModelRoute>) => void} writeAddress
 * @property {() => void} renew what belongs to another version than the one served now
 * @property {(part: Loadable) => Promise<Feature | null>} load
 */

export class Flow {
  /** @type {Map<string, Feature>} */
  #features = new Map();
  /** Changes with each address, so that what was awaited for an older one is dropped. */
  #visit = {};

  /**
   * @param {Store} store
   * @param {HTMLElement} page from which events come
   */
  constructor(store, page) {
    this.store = store;
    this.page = page;
    this.model = new Fetcher(
      (model) => store.apply(transition.modelFetched, model),
      () => this.#show(),
    );
    /** @type {Shell} */
    this.shell = {
      store,
      writeAddress: (how, change) => this.#writeAddress(how, change),
      renew: () => this.#renew(),
      load: (part) => this.#load(part),
    };
  }

  /** Follow the address, now and whenever it changes. */
  start() {
    window.addEventListener("hashchange", (event) => this.#turn(event));
    window.addEventListener("online", () => this.#retry());
    window.addEventListener("pagehide", () => this.#writeAddress("replace"));
    this.#listen({
      retry: () => this.#retry(),
      announce: (words) => this.store.apply(transition.announced, words),
    });
    this.#follow();
  }

  /** @param {HashChangeEvent} event */
  #turn({ oldURL }) {
    const isLeft = !transition.isSameModel(this.store.state.route, currentRoute());
    const holding = isLeft && this.#all.find((feature) => feature.stays?.());
    if (holding) holding.comeBack?.(oldURL);
    else this.#follow();
  }

  #follow() {
    const route = currentRoute();
    const isSameModel = transition.isSameModel(this.store.state.route, route);
    this.model.abort();
    for (const feature of this.#all) feature.leave?.(isSameModel);
    this.store.apply(transition.routed, route);
    this.#show();
  }

  /** Fetch what the page needs, its code and its facts side by side, and enter it. */
  async #show() {
    const { route } = this.store.state;
    const visit = (this.#visit = {});
    if (route.page === "model") {
      const panel = PANELS.find(({ name }) => name === route.panel) ?? ASK;
      const panelLoaded = this.#load(panel);
      const isReady = (await Promise.all([this.#load(ASK), this.#fetchModel(route)])).every(
        Boolean,
      );
      if (!isReady || visit !== this.#visit) return;
      this.#enter(ASK, visit);
      if (panel !== ASK && (await panelLoaded) && visit === this.#visit) this.#enter(panel, visit);
    } else {
      const page = PAGES.find(({ name }) => name === route.page);
      if (page && (await this.#load(page)) && visit === this.#visit) this.#enter(page, visit);
    }
  }

  /**
   * @param {Loadable} part whose code is there
   * @param {object} visit during which it is shown
   */
  async #enter({ name }, visit) {
    /** @type {"ready" | "failed"} */
    let status = "ready";
    try {
      await this.#features.get(name)?.enter?.();
    } catch {
      status = "failed"; // its own parts could not be fetched
    }
    if (visit === this.#visit) this.store.apply(transition.codeLoaded, { name, status });
  }

  /**
   * @param {Loadable} part
   * @returns {Promise<Feature | null>} null where its code could not be fetched
   */
  async #load({ name, load }) {
    const module = this.#features.has(name) ? {} : await load().catch(() => null);
    if (!module) {
      this.store.apply(transition.codeLoaded, { name, status: "failed" });
      return null;
    }
    const feature = this.#features.get(name) ?? module.open?.(this.shell) ?? {};
    if (!this.#features.has(name)) this.#listen(feature.handlers);
    this.#features.set(name, feature);
    return feature;
  }

  /** @param {Feature["handlers"]} handlers */
  #listen(handlers = {}) {
    for (const [name, handle] of Object.entries(handlers)) {
      this.page.addEventListener(`servery:${name}`, (event) =>
        handle(/** @type {CustomEvent} */ (event).detail),
      );
    }
  }

  /** @param {ModelRoute} route */
  async #fetchModel(route) {
    if (this.store.state.model.body) return true;
    return this.model.load((signal) => wholeModel(route, signal));
  }

  /** Another version is served now, and the state has it. */
  #renew() {
    this.#writeAddress("replace");
    for (const feature of this.#all) feature.renewed?.();
  }

  /** Ask again for whatever could not be fetched. */
  #retry() {
    const { route, model, code } = this.store.state;
    for (const feature of this.#all) feature.retry?.();
    const needed = route.page === "model" ? [ASK.name, route.panel] : [route.page];
    const isLacking = route.page === "model" && hasFailed(model.status);
    if (isLacking || needed.some((name) => code[name] === "failed")) this.#show();
  }

  get #all() {
    return [...this.#features.values()];
  }

  /**
   * @param {"push" | "replace"} how
   * @param {Partial<ModelRoute>} [change]
   */
  #writeAddress(how, change) {
    const { route, model, draft } = this.store.state;
    if (route.page !== "model" || !model.body) return;
    const place = { ...route, draft, ...change };
    const hash = hashOf(place, baseOf(model.body));
    if (hash === location.hash) return;
    if (how === "push") history.pushState(null, "", hash);
    else history.replaceState(null, "", hash);
    this.store.apply(transition.addressed, place);
  }
}

/** @returns {Route} */
function currentRoute() {
  const route = routeOf(location.hash);
  const isKnown = route.page !== "model" || PANELS.some(({ name }) => name === route.panel);
  return isKnown ? route : { page: "unknown" };
}
