/** A file of rows: what is known of it, and pure steps from one state to the next. */

/** @typedef {import("../shell/state.js").State} State */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").Input} Input */
/** @typedef {import("../lib/types.js").Problem} Problem */
/** @typedef {import("../lib/types.js").Scalar} Scalar */
/** @typedef {import("../lib/types.js").Histogram} Histogram */

/**
 * The shapes that the API answers with; `docs/api.md` describes them.
 *
 * @typedef {Record<string, string | null>} Columns the column of each input; null has none
 * A piece of a sentence, and the input that it quotes, if it does.
 * @typedef {{text: string, input: string | null}} Part
 * Where `option` of the reading has to be said, `values` come into question, the likeliest first.
 * @typedef {{title: string, detail: string, parts: Part[], code: string, option: string | null, values: string[]}} JobProblem
 * How a table is read; null where nothing was said or found.
 * @typedef {Record<"delimiter" | "encoding" | "decimal" | "dates" | "sheet", string | null>} Reading
 * @typedef {{rows_done: number, rows_total: number | null, bytes_done: number, rows_per_s: number, seconds_left: number | null}} Progress
 *
 * Why a row does not fit, or is warned of; all of it where no input is named.
 * @typedef {{input: string | null, code: string, detail: string}} Remark
 * `more` are the remarks that are left out.
 * @typedef {{line: number, remarks: Remark[], more: number}} BadRow
 *
 * @typedef {object} PreviewRow
 * @property {number} line
 * @property {(string | null)[]} cells
 * @property {Scalar | Record<string, Scalar> | null} prediction of several outputs, each by its name
 * @property {string | null} [label]
 * @property {number | null} [probability]
 * @property {[number, number] | null} [interval]
 * @property {Scalar[] | null} [prediction_set] the most probable first
 * @property {string | null} [warnings]
 * @property {string | null} [error]
 * @property {Remark[]} remarks what the error, or else the warnings, say
 *
 * Rows that have a fault or a warning in common; `lines` are the first of their lines in the file.
 * @typedef {{input: string | null, code: string, rows: number, lines: number[]}} Reason
 * @typedef {{class: Scalar, label: string, rows: number}} ClassRows
 *
 * What was predicted: rows of each class, or how quantities are spread.
 * @typedef {object} Predictions
 * @property {ClassRows[]} [classes]
 * @property {Histogram} [histogram]
 * @property {number | null} [mean]
 * @property {number | null} [minimum]
 * @property {number | null} [maximum]
 *
 * @typedef {object} Summary
 * @property {number} rows
 * @property {number} bad_rows
 * @property {number} warned_rows
 * @property {Reason[]} bad
 * @property {Reason[]} warned
 * @property {BadRow[]} first_bad
 * @property {Predictions | Record<string, Predictions>} predictions of several outputs, each by its name
 * @property {number} neutralised
 *
 * @typedef {object} Job
 * @property {string} id
 * @property {string} model
 * @property {string} version
 * @property {"waiting" | "queued" | "running" | "done" | "failed" | "cancelled"} status
 * @property {string} created
 * @property {string | null} expires
 * @property {{name: string, format: string | null, size_bytes: number}} file
 * @property {string} to
 * @property {Reading & {missing: string[]}} reading
 * @property {string[]} header empty until the file is looked at
 * @property {Columns} columns
 * @property {string[]} extra
 * @property {{rows: PreviewRow[]} | null} preview scored where nothing stands in the way
 * @property {Progress | null} progress
 * @property {Summary | null} summary
 * @property {JobProblem | null} problem
 *
 * @typedef {{columns?: Columns, reading?: Partial<Reading & {missing: string[]}>, to?: string, start?: boolean}} Change
 */

/**
 * @typedef {object} Batch
 * @property {"empty" | "uploading" | "opening" | "shown" | "gone" | "cancelled" | "lost"} status
 * @property {{name: string, size_bytes: number, sent_bytes: number} | null} upload under way, or refused
 * @property {Job | null} job kept while its server is away
 * @property {Problem | null} problem why the server refused a file or a wish
 * @property {boolean} isAway no answer comes; it is tried again
 * @property {boolean} isChanging a wish is under way
 * @property {boolean} isStarting it is wished that all rows are scored
 * @property {readonly string[] | null} unfit texts for missing values that were refused: they can
 *   be mended where they stand
 * @property {readonly string[]} sheets of a workbook, once it was asked which is meant
 * @property {Job["preview"]} seen of the job, until there is a newer one
 */

/** A job with this problem goes on by itself. */
const NO_ROOM = "insufficient-storage";

/** @type {Batch} */
export const EMPTY = Object.freeze({
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
});

/**
 * @param {State} state
 * @returns {Batch}
 */
export function batchOf({ batch }) {
  return batch && batch.status !== "lost" ? batch : EMPTY;
}

/**
 * The panel is open and waits for a file.
 * @param {State} state
 * @param {Partial<Batch>} [known] why it is empty
 * @returns {State}
 */
export function emptied(state, known = {}) {
  return { ...state, batch: { ...EMPTY, ...known } };
}

/**
 * @param {State} state
 * @param {{name: string, size_bytes: number}} file
 * @returns {State}
 */
export function uploading(state, file) {
  const upload = { ...file, sent_bytes: 0 };
  return { ...state, batch: { ...EMPTY, status: "uploading", upload } };
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
  return { ...state, batch: { ...batch, upload, isAway: false } };
}

/**
 * The address names a job that is not known here yet.
 * @param {State} state
 * @returns {State}
 */
export function opening(state) {
  return { ...state, batch: { ...EMPTY, status: "opening" } };
}

/**
 * @param {State} state
 * @param {Job} job
 * @returns {State}
 */
export function came(state, job) {
  const { problem } = job;
  const { sheets, seen, unfit, job: before } = batchOf(state);
  const batch = {
    ...EMPTY,
    job,
    unfit: before?.id === job.id && job.status === "waiting" ? unfit : null,
    status: /** @type {const} */ ("shown"),
    sheets: problem?.option === "sheet" ? problem.values : sheets,
    seen: job.preview ?? (before?.id === job.id ? seen : null),
  };
  return { ...state, batch };
}

/**
 * Someone chose something: it is shown at once, and what the server makes of it when that comes.
 * @param {State} state
 * @param {Change} change
 * @returns {State}
 */
export function changing(state, { columns, reading, to, start }) {
  const batch = batchOf(state);
  if (!batch.job) return state;
  const job = {
    ...batch.job,
    columns: columns ?? batch.job.columns,
    reading: { ...batch.job.reading, ...reading },
    to: to ?? batch.job.to,
  };
  const isStarting = batch.isStarting || !!start;
  const unfit = reading?.missing ? null : batch.unfit;
  return { ...state, batch: { ...batch, job, problem: null, isChanging: true, isStarting, unfit } };
}

/**
 * @param {State} state
 * @param {{problem: Problem, job: Job | null, change?: Change}} fact with the job as it was before
 * @returns {State}
 */
export function refused(state, { problem, job, change }) {
  const batch = batchOf(state);
  if (problem.status === 404) return { ...state, batch: { ...EMPTY, status: "gone" } };
  if (!job) return { ...state, batch: { ...EMPTY, problem, upload: batch.upload } };
  const unfit = change?.reading?.missing ?? batch.unfit;
  const still = { isChanging: false, isStarting: false, isAway: false };
  return { ...state, batch: { ...batch, ...still, job, problem, unfit } };
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
  const detail = `${count} files were dropped. Drop the one that is meant, or put their rows into one.`;
  return { ...OWN, title: "One file at a time", detail };
}

/**
 * @param {string} name
 * @returns {Problem}
 */
export function unreadable(name) {
  const detail = `${name} is a folder, or was moved, changed or deleted after it was chosen. Choose the file again.`;
  return { ...OWN, title: "The file cannot be read", detail };
}

/**
 * @param {State} state
 * @returns {State}
 */
export function away(state) {
  return { ...state, batch: { ...batchOf(state), isAway: true } };
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
