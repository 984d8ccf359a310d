/** Something from the server that is shown as far as it came. */

import { Refused } from "./api.js";
import { Retry } from "./retry.js";

/** @typedef {import("./types.js").Problem} Problem */

/**
 * `problem` is set where the server refused, and null where it is away.
 * @template Body
 * @typedef {{status: "loading" | "ready" | "refused" | "unreachable", body: Body | null, problem: Problem | null}} Fetched
 */

/** @type {Readonly<Fetched<any>>} */
export const LOADING = Object.freeze({ status: "loading", body: null, problem: null });

/**
 * Fetches one thing; a newer request aborts the older one, and a failed one is repeated.
 * @template Body
 */
export class Fetcher {
  #asking = new AbortController();
  #retry;

  /**
   * @param {(fetched: Fetched<Body>) => void} came
   * @param {() => void} again ask for the same once more
   */
  constructor(came, again) {
    this.came = came;
    this.#retry = new Retry(again);
  }

  /**
   * @param {(signal: AbortSignal) => Promise<Body>} call
   * @returns {Promise<boolean>} whether it came, and nothing newer was asked for
   */
  async load(call) {
    this.abort();
    const { signal } = (this.#asking = new AbortController());
    try {
      const body = await call(signal);
      if (signal.aborted) return false;
      this.#retry.succeeded();
      this.came({ status: "ready", body, problem: null });
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      const problem = error instanceof Refused ? error.problem : null;
      this.came({ status: problem ? "refused" : "unreachable", body: null, problem });
      this.#retry.failed(problem);
      return false;
    }
  }

  abort() {
    this.#asking.abort();
    this.#retry.cancel();
  }
}
