/** The list of models, fetched when the gallery is shown and refreshed while somebody can see it. */

import { hashOf } from "../lib/address.js";
import { listModels } from "../lib/api.js";
import { codeLoaded } from "../shell/state.js";
import { Fetcher } from "../lib/fetched.js";
import { hasFailed } from "../lib/retry.js";
import * as transition from "./state.js";

/** @typedef {import("../shell/flow.js").Feature} Feature */

const REFRESH_MS = 5000;
const loadShown = () => import("./shown.js");

/** @implements {Feature} */
export class GalleryFlow {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #refreshing = new AbortController();

  /** @param {import("../shell/flow.js").Shell} shell */
  constructor({ store }) {
    this.store = store;
    this.fetcher = new Fetcher(
      (list) => store.apply(transition.fetched, list),
      () => this.enter(),
    );
    document.addEventListener("visibilitychange", () => this.#refresh());
  }

  enter() {
    this.#loadElement();
    this.fetcher.load(listModels).then((hasCome) => {
      const only = hasCome && transition.onlyModel(this.store.state.gallery.body);
      if (only && !location.hash) location.replace(hashOf({ name: only }));
      else if (hasCome) this.#refreshLater();
    });
  }

  leave() {
    clearTimeout(this.#timer);
    this.#refreshing.abort();
    this.fetcher.abort();
  }

  retry() {
    if (this.#isShown() && hasFailed(this.store.state.gallery.status)) this.enter();
  }

  /** Loads with the list, not before it; the page of a model does not need it. */
  async #loadElement() {
    const shown = await loadShown().catch(() => null);
    if (!shown) this.store.apply(codeLoaded, { name: "gallery", status: "failed" });
  }

  #isShown() {
    return this.store.state.route.page === "gallery";
  }

  #refreshLater() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#refresh(), REFRESH_MS);
  }

  async #refresh() {
    clearTimeout(this.#timer);
    if (document.hidden || !this.#isShown() || !this.store.state.gallery.body) return;
    this.#refreshing.abort();
    const { signal } = (this.#refreshing = new AbortController());
    try {
      const [body, { refreshed }] = await Promise.all([listModels(signal), loadShown()]);
      if (!signal.aborted) this.store.apply(refreshed, body);
    } catch {
      // What is shown stays: it is the best that is known.
    }
    if (!signal.aborted) this.#refreshLater();
  }
}
