import assert from "node:assert/strict";
import * as figures from "#words/figures";
import { test } from "node:test";
import * as batch from "../batch/state.js";
import { templateOf } from "../batch/template.js";
import { cellOf } from "../lib/csv.js";
import * as words from "../batch/words.js";
import { INITIAL } from "../shell/state.js";
import { factsOf, inputOf } from "./facts.js";

/** @type {import("../lib/types.js").TableFormats} */
const FORMATS = {
  formats: [
    formatOf("csv", "CSV", [".csv", ".txt"]),
    formatOf("xlsx", "Excel", [".xlsx"]),
    { ...formatOf("parquet", "Parquet", [".parquet"]), is_installed: false },
  ],
  compressed: [".gz", ".zst"],
  reading: [
    {
      name: "delimiter",
      title: "Cells are separated by",
      question: "What separates the cells?",
      choices: [{ value: ";", title: "Semicolon" }],
      is_of_values: false,
    },
  ],
};

/**
 * @param {string} name
 * @param {string} title
 * @param {string[]} extensions
 * @returns {import("../lib/types.js").TableFormats["formats"][number]}
 */
function formatOf(name, title, extensions) {
  return { name, title, extensions, media_type: "", options: [], is_installed: true };
}

/** @returns {any} a job as the API shows it */
function jobOf(more = {}) {
  return {
    id: "j",
    status: "waiting",
    file: { name: "a.csv", format: "csv", size_bytes: 1000 },
    to: "csv",
    reading: { delimiter: ";", missing: [], sheet: null },
    header: ["height"],
    columns: { height: "height", weight: null },
    extra: [],
    notes: [],
    preview: null,
    progress: null,
    summary: null,
    problem: null,
    ...more,
  };
}

test("a column that another input had moves to the one it is chosen for", () => {
  const columns = { a: "x", b: "y" };
  assert.deepEqual(batch.matched(columns, "b", "x"), { a: null, b: "x" });
  assert.deepEqual(batch.matched(columns, "b", null), { a: "x", b: null });
});

test("what the result has is chosen, taken back and said", () => {
  const shown = batch.came(INITIAL, jobOf({ keep: null, threshold: null, class: null }));
  const chosen = batch.changing(shown, { keep: ["id"], threshold: 0.3, class: "dog" });
  const { job } = batch.batchOf(chosen);
  assert.deepEqual([job?.keep, job?.threshold, job?.class], [["id"], 0.3, "dog"]);
  const back = batch.batchOf(batch.changing(chosen, { keep: null, threshold: null })).job;
  assert.deepEqual([back?.keep, back?.threshold, back?.class], [null, null, "dog"]);
  assert.match(words.returnedText(jobOf({ keep: null })), /all columns/);
  assert.match(words.returnedText(jobOf({ keep: [] })), /only the prediction/);
  assert.match(words.returnedText(jobOf({ keep: ["a"] })), /has 1 column of the file/);
});

test("what was chosen is shown at once, and taken back where it is refused", () => {
  const shown = batch.came(INITIAL, jobOf());
  const changing = batch.changing(shown, { to: "xlsx", start: true });
  assert.equal(batch.batchOf(changing).job?.to, "xlsx");
  assert.ok(batch.batchOf(changing).isStarting);
  const problem = {
    title: "",
    status: 422,
    detail: "",
    request_id: null,
    errors: [],
    retry_after_s: null,
  };
  const refused = batch.refused(changing, { problem, job: jobOf() });
  assert.equal(batch.batchOf(refused).job?.to, "csv");
  assert.ok(!batch.batchOf(refused).isStarting);
  const gone = batch.refused(changing, { problem: { ...problem, status: 404 }, job: jobOf() });
  assert.equal(batch.batchOf(gone).status, "gone");
});

test("the stage of a job follows from what is known of it", () => {
  const stage = (/** @type {object} */ more) =>
    batch.stageOf(batch.batchOf(batch.came(INITIAL, jobOf(more))));
  assert.equal(stage({ header: [] }), "read");
  assert.equal(stage({}), "waiting");
  assert.equal(stage({ status: "running" }), "running");
  assert.equal(batch.stageOf(batch.batchOf(INITIAL)), "empty");
});

test("a job that waits for room goes on by itself, one that waits for an answer does not", () => {
  assert.ok(batch.isMoving(jobOf({ problem: { code: "insufficient-storage" } })));
  assert.ok(!batch.isMoving(jobOf({ problem: { code: "unmatched-columns" } })));
  assert.ok(batch.isMoving(jobOf()));
  assert.ok(!batch.isMoving(jobOf({ status: "done" })));
});

test("texts that mean a missing value are written in a line and read back", () => {
  for (const texts of [["NA", "-999"], ["a, b", ' "quoted" ', ""], []]) {
    assert.deepEqual(words.textsOf(words.textsText(texts)), texts);
  }
  assert.deepEqual(words.textsOf("NA, NA,, n/a"), ["NA", "n/a"]);
});

test("sizes, times and rows read as people say them", () => {
  assert.equal(words.sizeText(999), "999 bytes");
  assert.equal(words.sizeText(1_234_567), "1.2 MB");
  assert.equal(words.durationText(1), "a second");
  assert.equal(words.durationText(600), "10 minutes");
  assert.equal(figures.rowCount(1), "1 row");
  assert.equal(figures.rowCount(1200), "1,200 rows");
});

test("the lines that a reason is about are the first ones, and how many more there are", () => {
  const reason = { input: null, code: "", rows: 1200, lines: [2, 1003] };
  assert.equal(words.linesText(reason), "Lines 2, 1003 and 1,198 more");
  assert.equal(words.linesText({ ...reason, lines: [] }), "");
});

test("the page says how long a job can be seen", () => {
  const expires = "2026-11-29T15:14:00Z";
  assert.match(words.keptText(jobOf({ expires })), /^Kept until .+2026.+ Open this address again/);
  const gone = words.keptText(jobOf({ expires, is_temporary: true }));
  assert.match(gone, /^Deleted when the server stops, .+2026.+ at the latest\./);
  assert.doesNotMatch(gone, /Kept|again/);
});

test("a tie has no class that was predicted most", () => {
  const of = (/** @type {number[]} */ ...rows) =>
    words.mostText(rows.map((each, at) => ({ label: "abcd"[at] ?? "", rows: each })));
  assert.equal(of(3, 1), "“a” was predicted most: for 3 rows, 75%.");
  assert.equal(of(1, 1), "“a” and “b” were predicted equally often: for 1 row, 50% each.");
  assert.equal(of(1, 1, 1, 1), "4 classes were predicted equally often: for 1 row, 25% each.");
  assert.equal(of(0, 2), "“b” was predicted for every row.");
});

test("rows look like the training data only where that is known", () => {
  assert.match(words.unwarnedText(factsOf()), /looks like the training data/);
  const training = { rows: null, fitted_on: "", libraries: {} };
  assert.doesNotMatch(words.unwarnedText(factsOf({ training })), /looks like/);
});

test("milestones are spoken once, and not every tick", () => {
  const at = (/** @type {number} */ rows_done) =>
    jobOf({ status: "running", progress: { rows_done, rows_total: 100, bytes_done: 0 } });
  assert.equal(words.milestoneText(null, jobOf(), at(0)), "Scoring has begun.");
  assert.equal(words.milestoneText(null, at(10), at(20)), "");
  assert.equal(words.milestoneText(null, at(20), at(30)), "25% scored.");
});

test("a file is described by its format, its size and what was unusual", () => {
  assert.equal(words.fileText(jobOf(), FORMATS), "CSV, 1.0 KB, separated by semicolon");
  assert.equal(
    words.fileText(jobOf(), { formats: [], compressed: [], reading: [] }).split(", ")[0],
    "csv",
  );
});

test("files are offered of the formats that the server can read", () => {
  assert.equal(words.formatsText(FORMATS), "CSV or Excel. Files may be compressed: .gz or .zst.");
  assert.equal(words.extensionsText(FORMATS), ".csv,.txt,.xlsx,.gz,.zst");
  assert.equal(words.extensionsText({ formats: [], compressed: [], reading: [] }), "");
  assert.equal(words.formatsText({ formats: [], compressed: [], reading: [] }), "");
});

test("a template holds the columns and an example, and no formula", () => {
  const inputs = [inputOf("number", { name: 'a "b"' }), inputOf("text", { name: "größe" })];
  const facts = factsOf({ examples: [{ title: "", inputs: { 'a "b"': -1.5, größe: "=1+1" } }] });
  facts.signature = { ...facts.signature, inputs };
  assert.equal(templateOf(facts), `\uFEFF"a ""b""",größe\r\n-1.5,'=1+1\r\n`);
  assert.equal(cellOf(null), "");
  assert.equal(cellOf("a\nb"), '"a\nb"');
});

test("pasted cells are a file", () => {
  assert.equal(batch.pasted("a\tb").name, "pasted.tsv");
  assert.equal(batch.pasted("a,b").name, "pasted.csv");
});
