/** Words for a file of rows. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {(name: string) => string} */
export const leaveWhileSending = (name) =>
  `Leave this model? “${name}” is still being sent, and leaving stops the upload.`;
export const fileDeleted = "The file and its results are deleted.";
export const scoreAWholeFile = "Score a whole file";
export const dropLead =
  "Drop it anywhere on this page. You get it back with a prediction in every row.";
export const orPaste = "or paste cells from a spreadsheet, including the header";
export const pasteHere = "Paste here, or anywhere on this page";
export const chooseAFile = "Choose a file";
export const scoreTheseCells = "Score these cells";
export const expectedColumns = "Expected columns";
export const columnsLead =
  "In any order. Other columns are kept as they are. Case and punctuation do not matter, and you can correct the match.";
export const downloadATemplate = "Download a template";
export const column = "Column";
export const type = "Type";
export const example = "Example";
export const mayBeEmpty = "may be empty";
export const jobGone = "This job no longer exists.";
export const jobGoneText =
  "Results are deleted after a while, or when somebody deletes them. Score the file again to get them back.";
export const comparedWithTheTrueOutcomes = "Compared with the true outcomes";
export const withoutAnOutcome = "without an outcome";
export const unknownOutcome = "with an outcome that the model does not know";
export const withoutAPrediction = "without a prediction";
export const figuresOfThisFileAnd = "Figures of this file and of the card";
export const figure = "Figure";
export const thisFile = "This file";
export const card = "Card";
/** @type {(low: string, high: string) => string} */
export const betweenText = (low, high) => `${low} and ${high}`;
export const deleteNow = "Delete now";
export const deleteQuestion = "Delete the file and its results, for everyone who has this address?";
export const keepIt = "Keep it";
export const deleteIt = "Delete it";
export const columns = "Columns";
export const none = "None";
export const choose = "Choose…";
export const noColumnFound = "No column found";
export const notKnownInAnyRow = "Not known in any row";
export const emptyInTheFirstRows = "Empty in the first rows";
export const bothInputsHaveAColumn = "Both inputs have a column.";
export const theInputHasAColumn = "The input has a column.";
export const keptAsTheyAre = "Kept as they are";
export const theFirstRowsScored = "The first rows, scored";
export const theFirstRows = "The first rows";
export const line = "Line";
export const noneFits = "None of them fits. Is each input matched with the right column?";
/** @type {(others: string) => string} */
export const alsoInThePredictionSet = (others) => `Also in the prediction set: ${others}`;
export const cancel = "Cancel";
export const rowsScored = "Rows scored";
export const notStarted = "Not started";
export const waitingForItsTurn = "Waiting for its turn";
export const scoring = "Scoring";
export const waitingToBeRead = "Waiting to be read";
export const readingTheFile = "Reading the file";
export const readingAndScoringTheFirst = "Reading and scoring the first rows.";
export const itStartsAsSoonAs = "It starts as soon as a worker is free.";
export const starting = "Starting.";
export const stalled =
  "No progress for a while. If its worker has stopped, another one continues from here.";
export const notStartedYet =
  "Nothing has started yet. Other files may come first, or no worker is running.";
export const pace = "Pace";
export const timeLeft = "Time left";
export const howTheFileIsRead = "How the file is read";
/** @type {(names: string) => string} */
export const worksWithout = (names) =>
  `The model works without ${names}. The value is then unknown in every row.`;
export const continueWithout = "Continue without";
export const detect = "Detect";
export const missingPlaceholder = "Empty, or as NA, -999";
export const noColumnNamed =
  "No column is named like an input. Check that it is the right file and that its first line has the names of the columns. If so, choose each column below.";
export const chooseReading = "Choose above how to read it, or fix the file and choose it again.";
export const waitingForYourChoices = "Waiting for your choices";
export const done = "Done";
export const failed = "Failed";
export const cancelled = "Cancelled";
export const yourFiles = "Your files";
export const recentLead = "Jobs opened in this browser. Each is deleted when it expires.";
export const file = "File";
export const state = "State";
export const uploaded = "Uploaded";
export const downloadTheResult = "Download the result";
export const anotherFile = "Another file";
export const downloadTheEvaluation = "Download the evaluation";
export const scoringFailed = "Scoring failed";
export const scoringWasCancelled = "Scoring was cancelled";
export const theServerGaveNoReason = "The server gave no reason.";
export const cancelledText = "It was deleted. Nothing of it is kept on the server.";
export const chooseAnotherFile = "Choose another file";
export const rowsThatDidNotFit = "Rows that did not fit";
export const whyByInput = "Why, by input";
export const reason = "Reason";
export const whatDoesNotFit = "What does not fit";
export const whatTheResultContains = "What the result contains";
export const columnsOfTheFile = "Columns of the file";
export const all = "All";
export const noneOnlyThePrediction = "None, only the prediction";
export const someOfThem = "Some of them";
export const columnsInTheResult = "Columns in the result";
export const ofAllClasses = "Of all classes";
/** @type {(name: string) => string} */
export const thresholdFor = (name) => `Threshold for “${name}”`;
export const resultAs = "Result as";
export const showMe = "Show me";
export const startingNow = "Starting …";
export const scoreAllRows = "Score all rows";
export const trueOutcomes = "True outcomes";
export const firstFixMissing = "First fix how missing values are written.";
/** @type {(label: string) => string} */
export const firstChooseColumn = (label) => `First choose the column of ${label}.`;
export const readingTheFileAgain = "Reading the file again.";
export const firstAnswer = "First answer the question above.";
export const outOfRange = "out of range";
/** @type {(value: string) => string} */
export const inEveryRow = (value) => `${value} in every row.`;
/** @type {(minimum: string, maximum: string, mean: string) => string} */
export const predictedRange = (minimum, maximum, mean) =>
  `From ${minimum} to ${maximum}; ${mean} on average.`;
export const warning = "Warning";
export const comparedWithTraining = "Compared with training";
export const noDrift =
  "No drift: the values are distributed as in training, as far as chance allows.";
export const values = "Values";
export const training = "Training";
export const thePredictions = "The predictions";
export const upperBarsThisFile = "Upper bars: this file";
export const lowerBarsTraining = "Lower bars: training";
/** @type {(name: string) => string} */
export const driftCaption = (name) => `${name}: shares of the rows in this file and in training`;
export const bytesSent = "Bytes sent";
export const keepOpen = "Keep this page open until the file is sent.";
export const noBatches = "This server does not score files for this model.";
export const dropTheFileToScore = "Drop the file to score it";
export const fileKept = "The file is kept here and sent again automatically.";
export const choiceKept = "What you chose is kept here and sent again automatically.";
export const nothingLost = "Retrying automatically. Nothing is lost.";
export const notResponding = "The server is not responding.";
export const oneFileAtATime = "One file at a time";
/** @type {(name: string) => string} */
export const unreadableText = (name) =>
  `${name} is a folder, or was moved, changed or deleted after you chose it. Choose the file again.`;
export const theFileCannotBeRead = "The file cannot be read";
export const outsideTheTrainingRange = "Outside the training range";
export const unknownCategory = "Unknown category";
export const unusualCombination = "Unusual combination";
export const unknownWords = "Unknown words";
export const missingFilledIn = "Missing, filled in";
export const noValue = "No value";
export const noText = "No text";
export const notAWholeNumber = "Not a whole number";
export const neitherTrueNorFalse = "Neither true nor false";
export const notOneOfTheCategories = "Not one of the categories";
export const notADate = "Not a date";
export const noAnswerOfTheModel = "No answer of the model";
export const theRow = "The row";
/** @type {(label: string) => string} */
export const allTheSame = (label) => `“${label}” was predicted for every row.`;
/** @type {(label: string, each: string) => string} */
export const mostPredicted = (label, each) => `“${label}” was predicted most: for ${each}.`;
/** @type {(tied: string, each: string) => string} */
export const tiedPredicted = (tied, each) =>
  `${tied} were predicted equally often: for ${each} each.`;
export const unwarnedUnknown = "None. What the training data looked like is not known.";
export const unwarned = "None. Every row that was scored looks like the training data.";
export const withoutData =
  "This model was published without its training data, so no row was compared with it.";
export const scoringHasBegun = "Scoring has begun.";
export const fileIsRead = "The file is read. Its first rows are scored below.";
/** @type {(list: string, compressed: string) => string} */
export const formatsList = (list, compressed) => `${list}. Files may be compressed: ${compressed}.`;
export const returnedAll = "The result has all columns in their order, followed by the prediction.";
export const returnedNone = "The result has only the prediction.";
/** @type {(name: string, used: string, card: string) => string} */
export const otherThreshold = (name, used, card) =>
  `“${name}” is predicted at a probability of ${used} or more; the model card uses ${card}.`;
/** @type {(delimiter: string) => string} */
export const separatedBy = (delimiter) => `separated by ${delimiter}`;
/** @type {(sheet: string) => string} */
export const sheet = (sheet) => `sheet ${sheet}`;
/** @type {(name: unknown) => unknown} */
export const deletedText = (name) => [
  name ?? "The file",
  " and its results are deleted. Your own file is unchanged.",
];
/** @type {(rows: number, target: string) => string} */
export const comparedRows = (rows, target) =>
  plural(rows, {
    one: `1 row, by the column “${target}”.`,
    other: `${count(rows)} rows, by the column “${target}”.`,
  });
/** @type {(parts: string) => string} */
export const leftOut = (parts) => `Left out: ${parts}.`;
/** @type {(stated: string, measured: string, low: string, high: string) => string} */
export const intervalsHeld = (stated, measured, low, high) =>
  `The ${stated} intervals held ${measured} of the outcomes; likely between ${low} and ${high}.`;
/** @type {(stated: string, measured: string, low: string, high: string) => string} */
export const setsHeld = (stated, measured, low, high) =>
  `The ${stated} prediction sets held ${measured} of the outcomes; likely between ${low} and ${high}.`;
/** @type {(inputs: number) => string} */
export const theOtherInputs = (inputs) =>
  plural(inputs, { one: "The other input", other: `The other ${count(inputs)} inputs` });
/** @type {(inputs: number) => string} */
export const allInputs = (inputs) =>
  plural(inputs, { one: "The input", other: `All ${count(inputs)} inputs` });
/** @type {(found: number, wanted: number) => string} */
export const someHaveColumns = (found, wanted) =>
  `${count(found)} of ${count(wanted)} inputs have a column.`;
/** @type {(inputs: number) => string} */
export const allHaveColumns = (inputs) => `All ${count(inputs)} inputs have a column.`;
/** @type {(more: number) => string} */
export const andMore = (more) => `and ${count(more)} more`;
/** @type {(more: number) => string} */
export const morePoints = (more) => `And ${count(more)} more`;
/** @type {(bad: number, rows: number) => string} */
export const someDoNotFit = (bad, rows) =>
  `${count(bad)} of ${count(rows)} ${bad === 1 ? "does" : "do"} not fit.`;
/** @type {(rows: number) => string} */
export const allFit = (rows) => `All ${count(rows)} fit.`;
export const canClose =
  "You can close this page. Scoring continues. Open this address again to see it.";
export const canCloseWaiting = "You can close this page. Open this address again to see it.";
/** @type {(done: string, total: string) => string} */
export const doneOf = (done, total) => `${done} of ${total}`;
/** @type {(done: string) => string} */
export const soFar = (done) => `${done} so far`;
/** @type {(command: unknown) => unknown} */
export const startWorker = (command) => ["The administrator can start one with ", command, "."];
/** @type {(rows: number) => string} */
export const rowsPerSecond = (rows) =>
  plural(rows, { one: "1 row per second", other: `${count(rows)} rows per second` });
/** @type {(duration: string) => string} */
export const aboutDuration = (duration) => `about ${duration}`;
/** @type {(lacking: number, all: number) => string} */
export const withoutColumn = (lacking, all) =>
  `${count(lacking)} of ${count(all)} inputs have no column. Choose the columns below, or give them the names of the inputs in the file and choose it again.`;
/** @type {(rows: number) => string} */
export const downloadBadRows = (rows) =>
  plural(rows, { one: "Download the 1 bad row", other: `Download the ${count(rows)} bad rows` });
/** @type {(version: string) => string} */
export const byVersion = (version) => `by version ${version}`;
/** @type {(cells: number) => string} */
export const neutralised = (cells) =>
  plural(cells, {
    one: "1 cell looks like a spreadsheet formula. An apostrophe was added before it, so that no program runs it.",
    other: `${count(cells)} cells look like a spreadsheet formula. An apostrophe was added before them, so that no program runs them.`,
  });
/** @type {(rows: number) => string} */
export const cameBackEmpty = (rows) =>
  plural(rows, {
    one: "1 row came back with an empty prediction and the reason beside it.",
    other: `${count(rows)} rows came back with an empty prediction and the reason beside it.`,
  });
/** @type {(rows: number) => string} */
export const firstByLine = (rows) => `The first ${count(rows)} of them, by line of the file`;
export const eachByLine = "Each of them, by line of the file";
export const scrollForMore = "Scroll to see the rest";
/** @type {(inputs: number) => string} */
export const firstChooseColumns = (inputs) =>
  `First choose the columns of ${count(inputs)} inputs.`;
/** @type {(warned: number, rows: number, share: string) => string} */
export const warnedRows = (warned, rows, share) =>
  plural(warned, {
    one: `1 row of ${count(rows)} (${share}) has a warning: treat the prediction with care.`,
    other: `${count(warned)} rows of ${count(rows)} (${share}) have a warning: treat the prediction with care.`,
  });
/** @type {(shown: number, all: number) => string} */
export const mostCommonReasons = (shown, all) =>
  `The ${count(shown)} most common of ${count(all)} reasons; the numbers below have all.`;
/** @type {(rows: number) => string} */
export const tooFewRows = (rows) => `Too few rows to compare: ${count(rows)} or more are needed.`;
/** @type {(inputs: number, predictions: boolean) => string} what drifted */
export const drifted = (inputs, predictions) =>
  `${sources(inputs, predictions)} drifted further than chance explains.`;
/** @type {(inputs: number, predictions: boolean) => string} */
export const showStable = (inputs, predictions) => {
  const words = sources(inputs, predictions);
  return `Show ${words.charAt(0).toLowerCase()}${words.slice(1)} without drift`;
};
/** @type {(inputs: number, predictions: boolean) => string} */
function sources(inputs, predictions) {
  if (inputs === 0) return "The predictions";
  const counted = plural(inputs, { one: "1 input", other: `${count(inputs)} inputs` });
  return predictions ? `${counted} and the predictions` : counted;
}
/** @type {(name: string) => string} */
export const smallDrift = (name) => `${name}: a small drift.`;
/** @type {(name: string) => string} */
export const moderateDrift = (name) => `${name}: a moderate drift.`;
/** @type {(name: string) => string} */
export const largeDrift = (name) => `${name}: a large drift.`;
/** @type {(value: string, here: string, training: string) => string} */
export const driftAt = (value, here, training) =>
  `${value}: ${here} of the rows, ${training} in training.`;
export const sendingTheFile = "Sending the file";
/** @type {(sent: string, size: string) => string} */
export const sentOf = (sent, size) => `${sent} of ${size}`;
/** @type {(rows: number, lines: string, more: number) => string} */
export const linesText = (rows, lines, more) =>
  plural(rows, {
    one: `Line ${lines}`,
    other: `Lines ${lines}${more > 0 ? ` and ${count(more)} more` : ""}`,
  });
export const aSecond = "a second";
/** @type {(seconds: number) => string} */
export const seconds = (seconds) =>
  plural(seconds, { one: "1 second", other: `${count(seconds)} seconds` });
/** @type {(minutes: number) => string} */
export const minutes = (minutes) =>
  plural(minutes, { one: "1 minute", other: `${count(minutes)} minutes` });
/** @type {(hours: string) => string} */
export const hours = (hours) => `${hours} hours`;
export const temporary = "Deleted when the server stops. Download what you want to keep.";
/** @type {(until: string) => string} */
export const temporaryUntil = (until) =>
  `Deleted when the server stops, ${until} at the latest. Download what you want to keep.`;
export const openAgain = "Open this address again to see it.";
/** @type {(until: string) => string} */
export const keptUntil = (until) => `Kept until ${until}.`;
/** @type {(classes: number) => string} */
export const classCount = (classes) => `${count(classes)} classes`;
/** @type {(rows: number) => string} */
export const allScored = (rows) =>
  plural(rows, { one: "The one row is scored.", other: `All ${count(rows)} rows scored.` });
/** @type {(rows: number) => string} */
export const noneScored = (rows) => `No row fits: all ${count(rows)} came back unscored.`;
/** @type {(scored: number, bad: number) => string} */
export const someScored = (scored, bad) =>
  plural(scored, {
    one: `1 row scored, ${count(bad)} did not fit.`,
    other: `${count(scored)} rows scored, ${count(bad)} did not fit.`,
  });
/** @type {(share: string) => string} */
export const shareScored = (share) => `${share} scored.`;
/** @type {(columns: number) => string} */
export const returnedSome = (columns) =>
  plural(columns, {
    one: "The result has 1 column of the file, followed by the prediction.",
    other: `The result has ${count(columns)} columns of the file, followed by the prediction.`,
  });
/** @type {(files: number) => string} */
export const severalDropped = (files) =>
  `${count(files)} files were dropped. Drop one of them, or put their rows into one file.`;
/** @type {(input: string, reason: string) => string} */
export const reasonOf = (input, reason) =>
  `${input}: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
export const unknownShort = "unknown";
export const doneText = "Done.";
export const cancelledDone = "Scoring was cancelled.";
export const failedText = "Scoring failed.";
export const waitingText = "Waiting for its turn.";
