/** Sentences about a file of rows, on screen and for screen readers. */

import * as figures from "#words/figures";
import { LOCALE } from "#words/language";
import * as common from "#words/common";
import * as say from "#words/batch";
import { inputName, labelOf } from "../ask/words.js";
import { percentRound, quantity } from "../lib/format.js";
import { share } from "../lib/rates.js";

/** @typedef {import("./state.js").Job} Job */
/** @typedef {import("../lib/types.js").Facts} Facts */
/** @typedef {import("../lib/types.js").TableFormats} TableFormats */

/** Of classes in a tie, so many are named. */
const MOST_NAMED = 3;

/** @type {Record<string, string>} */
const WARNINGS = {
  "outside-training-range": say.outsideTheTrainingRange,
  "unknown-category": say.unknownCategory,
  "unusual-combination": say.unusualCombination,
  "unknown-words": say.unknownWords,
  "assumed-missing": say.missingFilledIn,
};

/** @type {Record<string, string>} */
const FAULTS = {
  missing: say.noValue,
  blank: say.noText,
  "not-an-integer": say.notAWholeNumber,
  "not-a-boolean": say.neitherTrueNorFalse,
  "not-a-category": say.notOneOfTheCategories,
  "not-a-date": say.notADate,
  "no-answer": say.noAnswerOfTheModel,
};

/**
 * @param {TableFormats} formats
 * @param {string} name of an option of reading a file
 * @returns {TableFormats["reading"][number]} what it is called, and its likely values
 */
export function readingOption({ reading }, name) {
  const unknown = { name, title: name, question: "", choices: [], is_of_values: false };
  return reading.find((each) => each.name === name) ?? unknown;
}

/**
 * @param {TableFormats} formats
 * @param {string} option
 * @param {string} value
 * @returns {string}
 */
export function readingText(formats, option, value) {
  const { choices } = readingOption(formats, option);
  return choices.find((choice) => choice.value === value)?.title ?? value;
}

/**
 * @param {string} code
 * @returns {string}
 */
export function warningNamed(code) {
  return WARNINGS[code] ?? plain(code);
}

/**
 * @param {string} code
 * @returns {string}
 */
export function faultNamed(code) {
  return FAULTS[code] ?? plain(code);
}

/**
 * @param {Facts} facts
 * @param {string | null} input
 * @returns {string} what an input is called
 */
export function inputNamed(facts, input) {
  return input === null ? say.theRow : inputName(facts, input);
}

/**
 * @param {import("../lib/types.js").Reason} reason
 * @returns {string} the first lines of the file that have it, where they were kept
 */
export function linesText({ rows, lines }) {
  if (lines.length === 0) return "";
  // A line is named as editors name it: a comma within would look like the next one.
  const named = lines.join(", ");
  const more = rows - lines.length;
  return say.linesText(rows, named, more);
}

/**
 * @param {Facts} facts
 * @param {import("../lib/types.js").Remark} remark
 * @returns {string} with the input as the page calls it
 */
export function remarkText(facts, { input, detail }) {
  return input === null ? detail : `${inputNamed(facts, input)}: ${detail}`;
}

/**
 * @param {Facts} facts
 * @param {import("../lib/types.js").JobProblem} problem
 * @returns {string} its detail, with inputs as the page calls them
 */
export function detailText(facts, { parts }) {
  const texts = parts.map(({ text, input }) =>
    input === null ? curled(text) : common.quoted(inputNamed(facts, input)),
  );
  return texts.join("");
}

/**
 * @param {string} text
 * @returns {string} with what it quotes in the quotes of the page
 */
function curled(text) {
  return text.replace(/(?<![^\s(])(['"])(.*?)\1(?=[\s.,;:)]|$)/gu, "“$2”");
}

/**
 * @param {readonly string[]} texts
 * @returns {string} a line to write them in; a text that a comma or a space would end is in quotes
 */
export function textsText(texts) {
  const cells = texts.map((text) =>
    text === "" || /[,"]|^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text,
  );
  return cells.join(", ");
}

/**
 * @param {string} line
 * @returns {string[]} what `textsText` says so
 */
export function textsOf(line) {
  const found = line.matchAll(/\s*(?:"((?:[^"]|"")*)"\s*(?=,|$)|([^,]+))/gu);
  const texts = Array.from(found, ([, quoted, bare]) =>
    quoted === undefined ? bare?.trim() || null : quoted.replaceAll('""', '"'),
  );
  return [...new Set(texts)].filter((text) => text !== null);
}

/** @param {string} code */
function plain(code) {
  const words = code.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * @param {number} bytes
 * @returns {string}
 */
export function sizeText(bytes) {
  const units = ["bytes", "KB", "MB", "GB", "TB"];
  const at = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const size = bytes / 1000 ** at;
  return `${quantity(size, at > 0 && size < 100 ? 1 : 0)} ${units[at]}`;
}

/**
 * @param {number} seconds
 * @returns {string}
 */
export function durationText(seconds) {
  if (seconds < 1.5) return say.aSecond;
  if (seconds < 90) return say.seconds(Math.round(seconds));
  if (seconds < 5400) return say.minutes(Math.round(seconds / 60));
  return say.hours(quantity(seconds / 3600, 1));
}

/**
 * @param {Job} job
 * @returns {number | null} from 0 to 1; null where it is not known
 */
export function shareDone({ progress, file }) {
  if (!progress) return null;
  const { rows_done, rows_total, bytes_done } = progress;
  if (rows_total) return Math.min(1, rows_done / rows_total);
  return file.size_bytes && bytes_done ? Math.min(1, bytes_done / file.size_bytes) : null;
}

/**
 * @param {Date} moment
 * @returns {string}
 */
export function momentText(moment) {
  return new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" }).format(
    moment,
  );
}

/**
 * @param {Job} job
 * @returns {string} how long it can be seen
 */
export function keptText({ expires, is_temporary }) {
  const until = expires ? momentText(new Date(expires)) : "";
  if (is_temporary) {
    return until ? say.temporaryUntil(until) : say.temporary;
  }
  return until ? `${say.keptUntil(until)} ${say.openAgain}` : say.openAgain;
}

/**
 * @param {readonly {label: string, rows: number}[]} classes that were predicted
 * @returns {string} which of them most often; a tie is none
 */
export function mostText(classes) {
  const rows = classes.reduce((total, each) => total + each.rows, 0);
  const most = Math.max(...classes.map((each) => each.rows));
  const [first, ...others] = classes.filter((each) => each.rows === most);
  if (!first) return "";
  if (most === rows) return say.allTheSame(first.label);
  const each = `${figures.rowCount(most)}, ${share(most, rows)}`;
  if (others.length === 0) return say.mostPredicted(first.label, each);
  const names = [first, ...others].map(({ label }) => common.quoted(label));
  const tied =
    names.length > MOST_NAMED
      ? say.classCount(names.length)
      : new Intl.ListFormat(LOCALE).format(names);
  return say.tiedPredicted(tied, each);
}

/**
 * @param {Facts} facts
 * @returns {string} that nothing was found odd, as far as that could be seen
 */
export function unwarnedText({ training }) {
  return training.rows === null ? say.unwarnedUnknown : say.unwarned;
}

/** Of a model whose training data its publisher did not give. */
export const WITHOUT_DATA = say.withoutData;

/**
 * @param {import("../lib/types.js").JobSummary} summary
 * @returns {string}
 */
export function doneText({ rows, bad_rows }) {
  if (bad_rows === 0) return say.allScored(rows);
  if (bad_rows === rows) return say.noneScored(rows);
  return say.someScored(rows - bad_rows, bad_rows);
}

/**
 * Milestones for the ear, not every tick.
 * @param {Facts | null} facts
 * @param {Job | null} before
 * @param {Job} job
 * @returns {string} nothing where there is none
 */
export function milestoneText(facts, before, job) {
  const isSame = before?.id === job.id && before.status === job.status;
  if (job.status === "waiting") return waitingText(facts, before, job);
  if (job.status === "running") return isSame ? quarterText(before, job) : say.scoringHasBegun;
  if (isSame) return "";
  if (job.status === "queued" && !job.problem) return say.waitingText;
  if (job.status === "done")
    return job.summary ? `${say.doneText} ${doneText(job.summary)}` : say.doneText;
  if (job.status === "cancelled") return say.cancelledDone;
  return problemText(facts, job) || say.failedText;
}

/**
 * @param {Facts | null} facts
 * @param {Job} job
 */
function problemText(facts, { problem }) {
  return problem && facts ? `${problem.title}. ${detailText(facts, problem)}` : "";
}

/**
 * @param {Facts | null} facts
 * @param {Job | null} before
 * @param {Job} job
 */
function waitingText(facts, before, job) {
  if (before?.id === job.id && before.problem?.detail === job.problem?.detail) return "";
  if (job.problem) return problemText(facts, job);
  return job.preview ? say.fileIsRead : "";
}

/**
 * @param {Job} before
 * @param {Job} job
 */
function quarterText(before, job) {
  const quarter = Math.floor(4 * (shareDone(job) ?? 0));
  const last = Math.floor(4 * (shareDone(before) ?? 0));
  return quarter > last && quarter < 4 ? say.shareScored(percentRound(quarter / 4)) : "";
}

/**
 * @param {TableFormats} formats
 * @param {string | null} name
 * @returns {string}
 */
export function formatTitle({ formats }, name) {
  return formats.find((each) => each.name === name)?.title ?? name ?? "";
}

/**
 * @param {TableFormats} formats
 * @returns {string} the extensions that a file may have, as a file input takes them
 */
export function extensionsText({ formats, compressed }) {
  const extensions = formats.filter(isInstalled).flatMap((each) => each.extensions);
  return [...extensions, ...compressed].join(",");
}

/**
 * @param {TableFormats} formats
 * @returns {string}
 */
export function formatsText({ formats, compressed }) {
  const either = new Intl.ListFormat(LOCALE, { type: "disjunction" });
  const list = either.format(formats.filter(isInstalled).map(({ title }) => title));
  return list && say.formatsList(list, either.format(compressed));
}

/**
 * @param {Job} job
 * @returns {string} which columns its result has
 */
export function returnedText({ keep }) {
  if (!keep) return say.returnedAll;
  if (keep.length === 0) return say.returnedNone;
  return say.returnedSome(keep.length);
}

/**
 * @param {Facts} facts
 * @param {NonNullable<import("../lib/types.js").JobSummary["threshold"]>} used
 * @returns {string} which threshold was chosen in place of that of the card
 */
export function thresholdText({ signature: { output } }, { class: value, value: used, card }) {
  return say.otherThreshold(labelOf(output, value), `${used}`, `${card}`);
}

/** @param {TableFormats["formats"][number]} format */
export function isInstalled({ is_installed }) {
  return is_installed;
}

/**
 * @param {Job} job
 * @param {TableFormats} formats
 * @returns {string} what was found out of how a file is written
 */
export function fileText({ file, reading }, formats) {
  const parts = [formatTitle(formats, file.format), sizeText(file.size_bytes)];
  if (file.format === "csv" && reading.delimiter && reading.delimiter !== ",") {
    parts.push(say.separatedBy(readingText(formats, "delimiter", reading.delimiter).toLowerCase()));
  }
  if (reading.sheet) parts.push(say.sheet(reading.sheet));
  return parts.filter(Boolean).join(", ");
}
