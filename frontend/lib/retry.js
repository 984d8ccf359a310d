/** When a server that is away or busy is asked again. */

/** @typedef {import("./types.js").Problem} Problem */

const PAUSES_MS = [1000, 2000, 4000, 8000, 15000];
const BUSY = new Set([429, 502, 503, 504]);

/**
 * @param {Problem | null} problem of the server's answer; null where none came
 * @returns {boolean} whether the same request may succeed later
 */
export function isPassing(problem) {
  return problem === null || BUSY.has(problem.status);
}

/**
 * @param {Problem | null} problem
 * @returns {boolean} whether the fault is the server's, so that a person may try again
 */
export function isServerFault(problem) {
  return problem !== null && problem.status >= 500;
}

/**
 * @param {number} tries so far
 * @returns {number} milliseconds, longer with each try
 */
export function pauseAfter(tries) {
  return PAUSES_MS[Math.min(tries, PAUSES_MS.length - 1)] ?? 0;
}

/**
 * @param {string} status of something that was fetched, or of an answer
 * @returns {boolean}
 */
export function hasFailed(status) {
  return status === "unreachable" || status === "refused";
}

/** One act that is repeated while its server is away or busy. */
export class Retry {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #tries = 0;

  /** @param {() => void} act */
  constructor(act) {
    this.act = act;
  }

  /** @param {Problem | null} problem why it failed */
  failed(problem) {
    this.cancel();
    if (!isPassing(problem)) return;
    const wait = Math.max(pauseAfter(this.#tries), 1000 * (problem?.retry_after_s ?? 0));
    this.#tries += 1;
    this.#timer = setTimeout(() => this.act(), wait);
  }

  succeeded() {
    this.#tries = 0;
  }

  cancel() {
    clearTimeout(this.#timer);
  }
}
