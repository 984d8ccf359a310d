/** What happens when with a file of rows: events in, calls to the API, facts into the store. */

import * as say from "#words/batch";
import { routeOf } from "../lib/address.js";
import { Refused } from "../lib/api.js";
import { isPassing, pauseAfter } from "../lib/retry.js";
import {
  changeJob,
  followJob,
  forgetJob,
  listTableFormats,
  sendFile,
  showEvaluation,
  showJob,
} from "./api.js";
import { forget, recentJobs, remember } from "./recent.js";
import { milestoneText } from "./words.js";
import * as transition from "./state.js";
import { announced, isSameModel } from "../shell/state.js";

/** @typedef {import("./state.js").Change} Change */
/** @typedef {import("./state.js").Job} Job */
/** @typedef {import("./api.js").Upload} Upload */

/** Where no event comes for so long, it is asked. */
const SILENCE_MS = 3000;
/** Where there are no events at all, so often. */
const POLL_MS = 1000;
/** An answer that takes longer does not come. */
const PATIENCE_MS = 10_000;
const NOT_NOW = 409;

/** @typedef {import("../shell/flow.js").Feature} Feature */

/** @implements {Feature} */
export class BatchFlow {
  #uploading = new AbortController();
  #looking = new AbortController();
  /** @type {EventSource | null} */
  #events = null;
  /** The server gives no events of this job. */
  #isDeaf = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #tries = 0;
  /** Ends the pause before a file is sent again. */
  #resume = () => {};
  #changes = Promise.resolve();
  #pending = 0;
  /** Changes that the server refused so far. */
  #refusals = 0;
  /** Where in the tab's history the page was before it went on. */
  #place = -1;

  /** @param {import("../shell/flow.js").Shell} shell */
  constructor(shell) {
    this.shell = shell;
    this.store = shell.store;
    /** @type {NonNullable<Feature["handlers"]>} */
    this.handlers = { batch: ([act, what]) => this.#handle(act, what) };
    document.addEventListener("visibilitychange", () => !document.hidden && this.retry());
    // Not every browser has it; those ask when the address has changed already.
    window.navigation?.addEventListener("navigate", (event) => this.#weigh(event));
  }

  /**
   * @param {"upload" | "decline" | "change" | "match" | "cancel" | "forget" | "download" | "retry"} act
   * @param {any} [what]
   */
  #handle(act, what) {
    if (act === "upload") this.#upload(what.blob, what.name);
    if (act === "decline") this.#refuse(transition.severalFiles(what));
    if (act === "change") this.#change(what);
    if (act === "match") this.#match(what);
    if (act === "cancel") this.#uploading.abort();
    if (act === "forget") this.#forget();
    if (act === "download") this.#download(what);
    if (act === "retry") this.retry();
  }

  /** Retry at once; and what is shown may be gone by now. */
  retry() {
    const { route } = this.store.state;
    this.#resume();
    if (route.page === "model" && route.panel === "batch" && this.#pending === 0) this.#look();
  }

  /** @param {import("../lib/types.js").Problem} problem */
  #refuse(problem) {
    this.store.apply(transition.refused, {
      problem,
      job: transition.batchOf(this.store.state).job,
    });
  }

  /** The panel is open: show what its address names. */
  enter() {
    const { route } = this.store.state;
    if (route.page !== "model" || route.panel !== "batch") return;
    this.#askFormats();
    if (!route.part) this.#askRecent(route);
    const { job, status } = transition.batchOf(this.store.state);
    if (route.part && job?.id === route.part && status === "shown") this.#watch();
    else if (route.part) this.#open();
    else if (status !== "uploading") this.store.apply(transition.emptied, undefined);
  }

  /** Without an answer, any file can be chosen: the server says what it does not read. */
  async #askFormats() {
    const { route, panels } = this.store.state;
    if (panels.tableFormats) return;
    const formats = await listTableFormats().catch(() => null);
    if (formats && isSameModel(route, this.store.state.route)) {
      this.store.apply(transition.formatsCame, formats);
    }
  }

  /** @returns {boolean} whether to stay: a file that is still sent would be lost */
  stays() {
    const { status, upload } = transition.batchOf(this.store.state);
    if (status !== "uploading" || !upload) return false;
    const words = say.leaveWhileSending(upload.name);
    if (!confirm(words)) return true;
    this.#uploading.abort();
    return false;
  }

  /**
   * Before the address changes, so that the history stays as it is where that is declined.
   * @param {NavigateEvent} event
   */
  #weigh(event) {
    const { hashChange, cancelable, destination } = event;
    this.#place = window.navigation.currentEntry?.index ?? -1;
    if (!hashChange || !cancelable) return;
    const there = routeOf(new URL(destination.url).hash);
    if (!isSameModel(this.store.state.route, there) && this.stays()) event.preventDefault();
  }

  /**
   * After the address has changed: by going the same way back, as far as is known which it was.
   * @param {string} address that was left
   */
  comeBack(address) {
    const place = window.navigation?.currentEntry?.index ?? -1;
    if (this.#place < 0 || place < 0 || place === this.#place) {
      history.replaceState(null, "", address);
    } else history.go(this.#place - place);
  }

  /**
   * Another address.
   * @param {boolean} isSameModel an upload goes on while the same model is looked at
   */
  leave(isSameModel) {
    this.#unwatch();
    if (!isSameModel) this.#uploading.abort();
  }

  /**
   * @param {Blob} blob
   * @param {string} name
   */
  async #upload(blob, name) {
    const { route } = this.store.state;
    if (route.page !== "model") return;
    this.#unwatch();
    this.#uploading.abort();
    this.#uploading = new AbortController();
    const { signal } = this.#uploading;
    this.#goTo(null);
    this.store.apply(transition.uploading, { name, size_bytes: blob.size });
    signal.addEventListener("abort", () => {
      this.#resume();
      const { status } = transition.batchOf(this.store.state);
      if (status === "uploading") this.store.apply(transition.emptied, undefined);
    });
    // To leave the page would lose the file.
    window.addEventListener("beforeunload", asked);
    await this.#send(route, { blob, name, key: randomKey() }, signal);
    if (this.#uploading.signal === signal) window.removeEventListener("beforeunload", asked);
  }

  /**
   * @param {import("../lib/api.js").Asked} model
   * @param {Upload} upload
   * @param {AbortSignal} signal
   */
  async #send(model, upload, signal) {
    const progress = (/** @type {number} */ bytes) => this.store.apply(transition.sent, bytes);
    for (let tries = 0; !signal.aborted; tries += 1) {
      try {
        const job = await sendFile(model, upload, progress, signal);
        if (signal.aborted) return;
        this.#take(job);
        this.#goTo(job.id);
        this.#watch();
        return;
      } catch (error) {
        const problem = await problemOf(error, upload);
        if (signal.aborted) return;
        if (problem) {
          this.store.apply(transition.refused, { problem, job: null });
          return;
        }
        this.store.apply(transition.away, undefined);
        await this.#pause(tries);
      }
    }
  }

  /**
   * @param {number} tries
   * @returns {Promise<void>} over when the server may be back
   */
  #pause(tries) {
    return new Promise((resolve) => {
      this.#resume = resolve;
      setTimeout(resolve, pauseAfter(tries));
    });
  }

  #open() {
    this.store.apply(transition.opening, undefined);
    this.#look();
  }

  /** Ask how far the job is. */
  async #look() {
    clearTimeout(this.#timer);
    this.#looking.abort();
    this.#looking = new AbortController();
    const { signal } = this.#looking;
    const { route } = this.store.state;
    if (route.page !== "model" || !route.part) return;
    try {
      // A server that takes the question and gives no answer is away as well.
      const soon = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]);
      const job = await showJob(route.part, soon);
      if (signal.aborted || this.#pending > 0) return;
      this.#take(job);
      this.#watch();
    } catch (error) {
      if (signal.aborted) return;
      if (isRefused(error)) {
        this.#unwatch();
        this.store.apply(transition.refused, { problem: error.problem, job: null });
        return;
      }
      this.store.apply(transition.away, undefined);
      this.#later(() => this.#look());
    }
  }

  /** Follow a job that changes by itself: by its events, and where none come by asking. */
  #watch() {
    const { job } = transition.batchOf(this.store.state);
    if (!job || !transition.isMoving(job)) {
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
    if (this.#pending > 0) return;
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
    const { state } = this.store;
    const before = transition.batchOf(state).job;
    this.#tries = 0;
    this.store.apply(transition.came, job);
    const words = milestoneText(state.model.body, before, job);
    if (words) this.store.apply(announced, words);
    if (before?.id !== job.id) remember(job);
    if (job.status === "done" && job.target.length > 0) this.#evaluate(job);
  }

  /**
   * Without an answer, the file of the evaluation can still be downloaded.
   * @param {Job} job
   */
  async #evaluate({ id }) {
    if (transition.batchOf(this.store.state).evaluation) return;
    const evaluation = await showEvaluation(id).catch(() => null);
    if (evaluation) this.store.apply(transition.evaluated, { id, evaluation });
  }

  /** @param {import("../shell/state.js").State["route"] & {page: "model"}} route */
  async #askRecent(route) {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const jobs = await Promise.all(
      recentJobs(route.name).map(({ id }) =>
        showJob(id, signal).catch((error) => {
          if (error instanceof Refused && error.problem.status === 404) forget(id);
          return null;
        }),
      ),
    );
    if (!isSameModel(route, this.store.state.route)) return;
    this.store.apply(
      transition.recentCame,
      jobs.filter((job) => job !== null),
    );
  }

  /**
   * @param {() => void} act
   * @param {number} [wait] longer with each try, unless given
   */
  #later(act, wait) {
    clearTimeout(this.#timer);
    const pause = wait ?? pauseAfter(this.#tries);
    this.#tries += 1;
    this.#timer = setTimeout(act, Math.max(pause, 250));
  }

  /** @param {{input: string, column: string | null, before: transition.Columns | null}} choice */
  #match({ input, column, before }) {
    const { job } = transition.batchOf(this.store.state);
    if (job) this.#change({ columns: transition.matched(before ?? job.columns, input, column) });
  }

  /**
   * One change after the other, so that the last one holds.
   * @param {Change} change
   */
  #change(change) {
    const before = transition.batchOf(this.store.state).job;
    if (!before) return;
    this.store.apply(transition.changing, change);
    this.#pending += 1;
    const refusals = this.#refusals;
    this.#changes = this.#changes.then(async () => {
      // What was chosen just before was refused: no row is scored as if it had not been chosen.
      if (change.start && refusals !== this.#refusals) this.#pending -= 1;
      else await this.#changed(before, change);
    });
  }

  /**
   * What was chosen is kept, and sent again, while the server is away.
   * @param {Job} before
   * @param {Change} change
   */
  async #changed(before, change) {
    const isShown = () => transition.batchOf(this.store.state).job?.id === before.id;
    for (let tries = 0; isShown(); tries += 1) {
      try {
        const job = await changeJob(before.id, change);
        this.#pending -= 1;
        // What was chosen since then is shown until its own answer comes.
        if (this.#pending === 0 && isShown()) this.#heard(job);
        return;
      } catch (error) {
        if (error instanceof Refused && !isPassing(error.problem)) {
          this.#pending -= 1;
          this.#refusals += 1;
          const { problem } = error;
          // Somebody has started it since then, for example in another tab.
          if (problem.status === NOT_NOW) this.#look();
          else if (isShown())
            this.store.apply(transition.refused, { problem, job: before, change });
          return;
        }
        if (isShown()) this.store.apply(transition.away, undefined);
        await this.#pause(tries);
      }
    }
    this.#pending -= 1;
  }

  /** Cancel a job, or forget one that has ended: its files go. */
  async #forget() {
    const { job } = transition.batchOf(this.store.state);
    if (!job) return;
    try {
      await forgetJob(job.id);
    } catch (error) {
      const problem = error instanceof Refused ? error.problem : null;
      if (problem?.status !== 404) {
        if (problem) this.store.apply(transition.refused, { problem, job });
        else this.store.apply(transition.away, undefined);
        return;
      }
    }
    this.#unwatch();
    this.#goTo(null);
    forget(job.id);
    this.store.apply(transition.emptied, { status: "cancelled", job });
    this.store.apply(announced, say.fileDeleted);
  }

  /**
   * A browser shows nothing of a download that does not begin: it is asked first whether the server
   * is there and still has the job.
   * @param {string} address
   */
  async #download(address) {
    await this.#look();
    const { status, isAway } = transition.batchOf(this.store.state);
    if (status !== "shown" || isAway) return;
    Object.assign(document.createElement("a"), { href: address, download: "" }).click();
  }

  /** @param {string | null} job whose address is shown, where its panel still is */
  #goTo(job) {
    const { route } = this.store.state;
    if (route.page !== "model" || route.panel !== "batch" || route.part === job) return;
    this.shell.writeAddress("push", { part: job });
  }
}

/** @param {BeforeUnloadEvent} event */
function asked(event) {
  event.preventDefault();
}

/**
 * @param {unknown} error
 * @param {Upload} upload
 * @returns {Promise<import("../lib/types.js").Problem | null>} null where to send it again may help
 */
async function problemOf(error, { blob, name }) {
  if (error instanceof Refused) return isRefused(error) ? error.problem : null;
  // No request can be made of a folder, or of a file that is not there any more.
  const isThere = await blob
    .slice(0, 1)
    .arrayBuffer()
    .then(Boolean, () => false);
  return isThere ? null : transition.unreadable(name);
}

/**
 * @param {unknown} error
 * @returns {error is Refused} whether it is of no use to try again
 */
function isRefused(error) {
  if (!(error instanceof Refused)) return false;
  return !isPassing(error.problem) && error.problem.retry_after_s === null;
}

/** @returns {string} */
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
