/** A file of rows: what is known of it, and pure steps from one state to the next. */

import * as say from "#words/batch";

/** @typedef {import("../shell/state.js").State} State */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Problem} Problem */

/** @typedef {import("../lib/types.js").Columns} Columns the column of each input; null has none */
/** @typedef {import("../lib/types.js").Job} Job */
/** @typedef {import("../lib/types.js").JobChange} Change */
/** @typedef {import("../lib/types.js").TableFormats} TableFormats */

/**
 * @typedef {object} Batch
 * @property {"empty" | "uploading" | "opening" | "shown" | "gone" | "cancelled"} status
 * @property {{name: string, size_bytes: number, sent_bytes: number} | null} upload under way, or refused
 * @property {Job | null} job kept while its server is away
 * @property {Problem | null} problem why the server refused a file or a change
 * @property {boolean} isAway no answer comes; it is tried again
 * @property {boolean} isChanging a change is under way
 * @property {boolean} isStarting all rows are about to be scored
 * @property {readonly string[] | null} unfit texts for missing values that were refused: they can
 *   be corrected in place
 * @property {readonly string[]} sheets of a workbook, once it was asked which one to read
 * @property {Job["preview"]} seen of the job, until there is a newer one
 * @property {import("../lib/types.js").TableEvaluation | null} evaluation against the true outcomes
 */

/** @type {TableFormats} */
const NO_FORMATS = Object.freeze({ formats: [], compressed: [], reading: [] });

/** A job with this problem goes on by itself. */
const NO_ROOM = "insufficient-storage";

/** @type {Batch} */
const EMPTY = Object.freeze({
  status: "empty",
  upload: null,
  job: null,
  problem: null,
  isAway: false,
  isChanging: false,
  isStarting: false,
  unfit: null,
  sheets: [],
  seen: null,
  evaluation: null,
});

/**
 * @param {State} state
 * @returns {Batch}
 */
export function batchOf({ panels }) {
  return panels.batch ?? EMPTY;
}

/**
 * @param {State} state
 * @returns {TableFormats} none until the server has listed them
 */
export function formatsOf({ panels }) {
  return panels.tableFormats ?? NO_FORMATS;
}

/**
 * @param {State} state
 * @param {TableFormats} tableFormats
 * @returns {State}
 */
export function formatsCame(state, tableFormats) {
  return { ...state, panels: { ...state.panels, tableFormats } };
}

/**
 * @param {State} state
 * @returns {readonly Job[]} of the model that this browser has shown
 */
export function recentOf({ panels }) {
  return panels.recentJobs ?? [];
}

/**
 * @param {State} state
 * @param {readonly Job[]} recentJobs
 * @returns {State}
 */
export function recentCame(state, recentJobs) {
  return { ...state, panels: { ...state.panels, recentJobs } };
}

/**
 * @param {State} state
 * @param {Batch} batch
 * @returns {State}
 */
function withBatch(state, batch) {
  return { ...state, panels: { ...state.panels, batch } };
}

/**
 * The panel is open and waits for a file.
 * @param {State} state
 * @param {Partial<Batch>} [known] why it is empty
 * @returns {State}
 */
export function emptied(state, known = {}) {
  return withBatch(state, { ...EMPTY, ...known });
}

/**
 * @param {State} state
 * @param {{name: string, size_bytes: number}} file
 * @returns {State}
 */
export function uploading(state, file) {
  const upload = { ...file, sent_bytes: 0 };
  return withBatch(state, { ...EMPTY, status: "uploading", upload });
}

/**
 * @param {State} state
 * @param {number} sent_bytes
 * @returns {State}
 */
export function sent(state, sent_bytes) {
  const batch = batchOf(state);
  if (!batch.upload) return state;
  const upload = { ...batch.upload, sent_bytes };
  return withBatch(state, { ...batch, upload, isAway: false });
}

/**
 * The address names a job that is not known here yet.
 * @param {State} state
 * @returns {State}
 */
export function opening(state) {
  return withBatch(state, { ...EMPTY, status: "opening" });
}

/**
 * @param {State} state
 * @param {Job} job
 * @returns {State}
 */
export function came(state, job) {
  const { problem } = job;
  const { sheets, seen, unfit, evaluation, job: before } = batchOf(state);
  const batch = {
    ...EMPTY,
    job,
    unfit: before?.id === job.id && job.status === "waiting" ? unfit : null,
    status: /** @type {const} */ ("shown"),
    sheets: problem?.option === "sheet" ? problem.values : sheets,
    seen: job.preview ?? (before?.id === job.id ? seen : null),
    evaluation: before?.id === job.id ? evaluation : null,
  };
  return withBatch(state, batch);
}

/**
 * @param {State} state
 * @param {{id: string, evaluation: import("../lib/types.js").TableEvaluation}} fact
 * @returns {State}
 */
export function evaluated(state, { id, evaluation }) {
  const batch = batchOf(state);
  return batch.job?.id === id ? withBatch(state, { ...batch, evaluation }) : state;
}

/**
 * Someone chose something: it is shown at once, and what the server makes of it when that comes.
 * @param {State} state
 * @param {Change} change
 * @returns {State}
 */
export function changing(state, { columns, reading, start, ...others }) {
  const batch = batchOf(state);
  if (!batch.job) return state;
  const job = {
    ...batch.job,
    ...others,
    columns: columns ?? batch.job.columns,
    reading: {
      ...batch.job.reading,
      ...reading,
      missing: reading?.missing ?? batch.job.reading.missing,
    },
    to: others.to ?? batch.job.to,
    target: others.target ?? batch.job.target,
  };
  const isStarting = batch.isStarting || !!start;
  const unfit = reading?.missing ? null : batch.unfit;
  return withBatch(state, { ...batch, job, problem: null, isChanging: true, isStarting, unfit });
}

/**
 * @param {State} state
 * @param {{problem: Problem, job: Job | null, change?: Change}} fact with the job as it was before
 * @returns {State}
 */
export function refused(state, { problem, job, change }) {
  const batch = batchOf(state);
  if (problem.status === 404) return withBatch(state, { ...EMPTY, status: "gone" });
  if (!job) return withBatch(state, { ...EMPTY, problem, upload: batch.upload });
  const unfit = change?.reading?.missing ?? batch.unfit;
  const still = { isChanging: false, isStarting: false, isAway: false };
  return withBatch(state, { ...batch, ...still, job, problem, unfit });
}

/**
 * @param {string} text cells of a spreadsheet, or text of a file
 * @returns {{blob: Blob, name: string}}
 */
export function pasted(text) {
  return { blob: new Blob([text]), name: text.includes("\t") ? "pasted.tsv" : "pasted.csv" };
}

/** Found by the page, before a server was asked. */
const OWN = { status: 0, errors: [], request_id: null, retry_after_s: null };

/**
 * @param {number} count
 * @returns {Problem}
 */
export function severalFiles(count) {
  const detail = say.severalDropped(count);
  return { ...OWN, title: say.oneFileAtATime, detail };
}

/**
 * @param {string} name
 * @returns {Problem}
 */
export function unreadable(name) {
  const detail = say.unreadableText(name);
  return { ...OWN, title: say.theFileCannotBeRead, detail };
}

/**
 * @param {State} state
 * @returns {State}
 */
export function away(state) {
  return withBatch(state, { ...batchOf(state), isAway: true });
}

/**
 * @param {Columns} columns
 * @param {string} input
 * @param {string | null} column that may have been another input's: it moves
 * @returns {Columns}
 */
export function matched(columns, input, column) {
  const free = Object.entries(columns).map(([name, held]) => [name, held === column ? null : held]);
  return { ...Object.fromEntries(free), [input]: column };
}

/**
 * @param {Facts} facts
 * @param {Job} job
 * @returns {Input[]} for which no column was found
 */
export function lacking(facts, { columns }) {
  return facts.signature.inputs.filter((input) => !columns[input.name]);
}

/**
 * @param {Batch} batch
 * @returns {string} what of the panel is shown
 */
export function stageOf({ status, job }) {
  if (status !== "shown" || !job) return status;
  return job.header.length === 0 && isMoving(job) && job.status === "waiting" ? "read" : job.status;
}

/**
 * @param {Job} job
 * @returns {boolean} whether it changes without being asked to
 */
export function isMoving({ status, preview, problem }) {
  if (status === "waiting") return problem ? problem.code === NO_ROOM : !preview;
  return status === "queued" || status === "running";
}
