/** What happens when with a file of rows: wishes in, calls to the API, facts into the store. */

import { hashOf } from "./address.js";
import { Refused } from "./api.js";
import {
  beginningOfErrors,
  changeJob,
  followJob,
  forgetJob,
  sendFile,
  showJob,
} from "./batch-api.js";
import { firstBad, milestoneSaid } from "./batch-words.js";
import * as become from "./batch.js";
import { readdressed, said } from "./transitions.js";

/** @typedef {import("./batch.js").Change} Change */
/** @typedef {import("./batch.js").Job} Job */
/** @typedef {import("./batch-api.js").Upload} Upload */

const RETRY_MS = [1000, 2000, 4000, 8000, 15000];
/** Where no event comes for so long, it is asked. */
const SILENCE_MS = 3000;
/** Where there are no events at all, so often. */
const POLL_MS = 1000;
const BUSY = new Set([429, 503]);

export class BatchFlow {
  #uploading = new AbortController();
  #looking = new AbortController();
  #reading = new AbortController();
  /** @type {EventSource | null} */
  #events = null;
  /** The server gives no events of this job. */
  #isDeaf = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #tries = 0;
  #changes = Promise.resolve();
  #pending = 0;

  /** @param {import("./store.js").Store} store */
  constructor(store) {
    this.store = store;
  }

  /**
   * @param {"upload" | "change" | "match" | "cancel" | "forget" | "retry"} act
   * @param {any} [what]
   */
  grant(act, what) {
    if (act === "upload") this.#upload(what.blob, what.name);
    if (act === "change") this.#change(what);
    if (act === "match") this.#match(what.input, what.column);
    if (act === "cancel") this.#uploading.abort();
    if (act === "forget") this.#forget();
    if (act === "retry") this.#look();
  }

  /** The panel is open: show what its address names. */
  follow() {
    const { route, batch } = this.store.state;
    if (route.page !== "model" || route.panel !== "batch") return;
    const { job, status } = become.batchOf(this.store.state);
    if (route.job && job?.id === route.job) this.#watch();
    else if (route.job) this.#open();
    else if (!batch || status !== "uploading") this.store.apply(become.emptied, undefined);
  }

  /**
   * Another address.
   * @param {boolean} isSameModel an upload goes on while the same model is looked at
   */
  leave(isSameModel) {
    this.#unwatch();
    this.#reading.abort();
    if (!isSameModel) this.#uploading.abort();
  }

  /**
   * @param {Blob} blob
   * @param {string} name
   */
  async #upload(blob, name) {
    this.#unwatch();
    this.#uploading.abort();
    this.#uploading = new AbortController();
    this.#tries = 0;
    this.#goTo(null);
    this.store.apply(become.uploading, { name, size_bytes: blob.size });
    await this.#send({ blob, name, key: randomKey() }, this.#uploading.signal);
  }

  /**
   * @param {Upload} upload
   * @param {AbortSignal} signal
   */
  async #send(upload, signal) {
    const { route } = this.store.state;
    if (route.page !== "model") return;
    const told = (/** @type {number} */ bytes) => this.store.apply(become.sent, bytes);
    signal.addEventListener("abort", () => {
      if (become.batchOf(this.store.state).upload) this.store.apply(become.emptied, undefined);
    });
    try {
      const job = await sendFile(route, upload, told, signal);
      if (signal.aborted) return;
      this.#take(job);
      this.#goTo(job.id);
      this.#watch();
    } catch (error) {
      if (signal.aborted) return;
      if (isRefused(error)) {
        this.store.apply(become.refused, { problem: error.problem, job: null });
        return;
      }
      this.store.apply(become.away, undefined);
      this.#later(() => !signal.aborted && this.#send(upload, signal));
    }
  }

  #open() {
    this.store.apply(become.opening, undefined);
    this.#look();
  }

  /** Ask how far the job is. */
  async #look() {
    clearTimeout(this.#timer);
    this.#looking.abort();
    this.#looking = new AbortController();
    const { signal } = this.#looking;
    const { route } = this.store.state;
    if (route.page !== "model" || !route.job) return;
    try {
      const job = await showJob(route.job, signal);
      if (signal.aborted) return;
      this.#take(job);
      this.#watch();
    } catch (error) {
      if (signal.aborted) return;
      if (isRefused(error)) {
        this.#unwatch();
        this.store.apply(become.refused, { problem: error.problem, job: null });
        return;
      }
      this.store.apply(become.away, undefined);
      this.#later(() => this.#look());
    }
  }

  /** Follow a job that changes by itself: by its events, and where none come by asking. */
  #watch() {
    const { job } = become.batchOf(this.store.state);
    if (!job || !become.isMoving(job)) {
      this.#unwatch();
      return;
    }
    if (!this.#isDeaf && !this.#events) {
      this.#events = followJob(
        job.id,
        (each) => this.#heard(each),
        () => this.#unheard(),
      );
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), this.#isDeaf ? POLL_MS : SILENCE_MS);
  }

  /** The stream ended, and comes again by itself; or there is none, or no server. */
  #unheard() {
    this.#isDeaf = this.#events?.readyState === EventSource.CLOSED;
    if (this.#isDeaf) this.#events = null;
    this.#later(() => this.#look(), 0);
  }

  /** @param {Job} job */
  #heard(job) {
    this.#looking.abort();
    this.#take(job);
    this.#watch();
  }

  #unwatch() {
    clearTimeout(this.#timer);
    this.#looking.abort();
    this.#events?.close();
    this.#events = null;
    this.#isDeaf = false;
  }

  /** @param {Job} job */
  #take(job) {
    const before = become.batchOf(this.store.state).job;
    this.#tries = 0;
    this.store.apply(become.came, job);
    const words = milestoneSaid(before, job);
    if (words) this.store.apply(said, words);
    this.#fetchBad(job);
  }

  /**
   * Show the first rows that did not fit; what cannot be shown can be downloaded.
   * @param {Job} job
   */
  async #fetchBad({ id, summary, status }) {
    const { bad } = become.batchOf(this.store.state);
    if (status !== "done" || !summary?.bad_rows || bad.length > 0) return;
    this.#reading.abort();
    this.#reading = new AbortController();
    const text = await beginningOfErrors(id, this.#reading.signal).catch(() => "");
    if (become.batchOf(this.store.state).job?.id !== id) return;
    this.store.apply(become.toldBad, firstBad(text));
  }

  /**
   * @param {() => void} act
   * @param {number} [wait] longer and longer, unless said
   */
  #later(act, wait) {
    clearTimeout(this.#timer);
    const pause = wait ?? RETRY_MS[Math.min(this.#tries, RETRY_MS.length - 1)];
    this.#tries += 1;
    this.#timer = setTimeout(act, Math.max(pause ?? 0, 250));
  }

  /**
   * @param {string} input
   * @param {string | null} column
   */
  #match(input, column) {
    const { job } = become.batchOf(this.store.state);
    if (job) this.#change({ columns: become.matched(job.columns, input, column) });
  }

  /**
   * One change after the other, so that the last one holds.
   * @param {Change} change
   */
  #change(change) {
    const before = become.batchOf(this.store.state).job;
    if (!before) return;
    this.store.apply(become.changing, change);
    this.#pending += 1;
    this.#changes = this.#changes.then(() => this.#changed(before, change));
  }

  /**
   * @param {Job} before
   * @param {Change} change
   */
  async #changed(before, change) {
    try {
      const job = await changeJob(before.id, change).finally(() => (this.#pending -= 1));
      // What was chosen meanwhile is shown until its own answer comes.
      if (this.#pending > 0 || become.batchOf(this.store.state).job?.id !== job.id) return;
      this.#take(job);
      this.#watch();
    } catch (error) {
      if (become.batchOf(this.store.state).job?.id !== before.id) return;
      if (error instanceof Refused) {
        this.store.apply(become.refused, { problem: error.problem, job: before });
      } else {
        this.store.apply(become.away, undefined);
        this.#later(() => this.#look());
      }
    }
  }

  /** Cancel a job, or forget one that has ended: its files go. */
  async #forget() {
    const { job } = become.batchOf(this.store.state);
    if (!job) return;
    try {
      await forgetJob(job.id);
    } catch (error) {
      if (!(error instanceof Refused)) this.store.apply(become.away, undefined);
      else if (error.problem.status !== 404) {
        this.store.apply(become.refused, { problem: error.problem, job });
      }
      if (!(error instanceof Refused && error.problem.status === 404)) return;
    }
    this.#unwatch();
    this.#goTo(null);
    this.store.apply(become.emptied, { status: "cancelled", job });
    this.store.apply(said, "The file and what was made of it are deleted.");
  }

  /** @param {string | null} job whose address is shown, where its panel still is */
  #goTo(job) {
    const { route, draft } = this.store.state;
    if (route.page !== "model" || route.panel !== "batch" || route.job === job) return;
    const place = { ...route, job, draft };
    history.pushState(null, "", hashOf(place));
    this.store.apply(readdressed, place);
  }
}

/**
 * @param {unknown} error
 * @returns {error is Refused} whether it is of no use to try again
 */
function isRefused(error) {
  if (!(error instanceof Refused)) return false;
  return !BUSY.has(error.problem.status) && error.problem.retry_after_s === null;
}

/** @returns {string} */
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
