/** Words for what was measured of a model. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const mustNotBeUsedFor = "Must not be used for";
export const intendedUse = "Intended use";
export const limitations = "Limitations";
export const whatIsUnknown = "What is unknown";
export const noDescription = "This model has no description yet.";
export const howGoodItIs = "How good it is";
export const notMeasuredOnUnseen = "This version was not measured on unseen rows.";
export const resampling =
  "The 95% intervals come from resampling these rows: other rows would give other figures.";
export const eachClass = "Each class";
export const howWellEachClassIs = "How well each class is recognised";
export const classTitle = "Class";
export const precision = "Precision";
export const recall = "Recall";
export const whereItComesFrom = "Where it comes from";
export const trainingRows = "Training rows";
export const fittedOn = "Fitted on";
export const computedBy = "Computed by";
export const libraries = "Libraries";
export const data = "Data";
export const source = "Source";
export const licence = "Licence";
export const countsAsMissing = "Counts as missing";
export const version = "Version";
export const versions = "Versions";
export const served = "served";
export const theClassItNames = "the class it names";
export const calibration = "Calibration";
/** @type {(what: string) => string} */
export const calibrationLead = (what) =>
  `Does ${what} come true as often as the probability says? On the dashed line, it does.`;
/** @type {(summary: string) => string} */
export const calibrationPlot = (summary) => `Calibration plot. ${summary}`;
export const predictedOnAverage = "Predicted, on average";
export const dotSize = "The larger a dot, the more rows.";
export const confusionKey = "Each row adds up to 100%. Coloured cells were predicted correctly.";
export const confusionMatrix = "Confusion matrix";
export const everyRowWasPredictedCorrectly = "Every row was predicted correctly.";
export const mostFrequentMistakes = "Most frequent mistakes";
export const ofTheActual = "Of the actual";
export const confusionCaption = "Rows: the actual class. Columns: the predicted class.";
export const intervals = "Intervals";
export const coverageKey =
  "On the dashed line an interval holds what it states. Lines: where the true share may lie, given the number of rows.";
/** @type {(summary: string) => string} */
export const coveragePlot = (summary) => `Coverage plot. ${summary}`;
export const coverageOfTheIntervals = "Coverage of the intervals";
export const stated = "Stated";
export const measured = "Measured";
export const loadingWhatWasMeasured = "Loading what was measured";
export const evaluationFailed = "Could not load the evaluation";
export const unreachableRetrying = "The server is not responding. Retrying automatically.";
export const whereItIsWrong = "Where it is wrong";
export const howFarOffItIs = "How far off it is";
export const howFarToTrustIts = "How far to trust its probabilities";
export const whichInputsMatter = "Which inputs matter";
export const errorsByGroup = "Errors by group";
export const notMeasured = "not measured";
export const importanceOfTheInputs = "Importance of the inputs";
export const importanceKey = "Whiskers: two standard errors to each side, over shuffles and rows.";
/** @type {(summary: string) => string} */
export const importancePlot = (summary) => `Importance of the inputs. ${summary}`;
/** @type {(metric: string) => string} */
export const lossOf = (metric) => `Loss of ${metric}`;
export const predictedAndActual = "Predicted and actual";
/** @type {(summary: string) => string} */
export const residualsPlot = (summary) => `Predicted against actual. ${summary}`;
export const miss = "Miss";
export const predictionSets = "Prediction sets";
export const classesInASet = "Classes in a set";
export const classOrSizeOfThe = "Class, or size of the set";
export const trueClassInTheSet = "True class in the set";
/** @type {(name: string) => string} */
export const isClass = (name) => `Is ${name}`;
/** @type {(name: string) => string} */
export const predictedAs = (name) => `Predicted as ${name}`;
export const trainingData = "Training data";
export const spreadLead =
  "How the values of each input were distributed in training. The model knows less about values that were rare there.";
/** @type {(value: string) => string} */
export const median = (value) => `median ${value}`;
export const valuesInTraining = "Values in training";
export const threshold = "Threshold";
/** @type {(name: string) => string} */
export const thresholdLead = (name) =>
  `Rows with at least this probability are predicted as “${name}”.`;
/** @type {(value: string) => string} */
export const predictMore = (value) => `${value}: predict more`;
/** @type {(value: string) => string} */
export const predictFewer = (value) => `predict fewer: ${value}`;
export const chosenThreshold = "The model’s own";
/** @type {(chosen: string) => string} */
export const backToChosen = (chosen) => `Back to the model’s own, ${chosen}`;
export const nothingIsPredicted = "nothing is predicted";
/** @type {(precision: string) => string} */
export const precisionOf = (precision) => `precision ${precision}`;
export const rocCurve = "ROC curve";
export const precisionAndRecall = "Precision and recall";
/** @type {(threshold: string, recall: string, falseAlarmRate: string) => string} */
export const rocSummary = (threshold, recall, falseAlarmRate) =>
  `ROC curve. At ${threshold}: ${recall} of the class are hit, at false alarms for ${falseAlarmRate} of the others.`;
/** @type {(threshold: string, recall: string, precision: string, base: string) => string} */
export const precisionRecallSummary = (threshold, recall, precision, base) =>
  `Precision-recall curve. At ${threshold}: recall ${recall}, ${precision}. By chance: ${base}.`;
export const thresholdTable = "What becomes of the rows at each threshold";
export const hits = "Hits";
export const falseAlarms = "False alarms";
export const missed = "Missed";
/** @type {(label: string, value: string, most: string, least: string, low: string, high: string) => string} */
export const gapText = (label, value, most, least, low, high) =>
  `${label}: ${value} percentage points more for ${most} than for ${least} (95% interval: ${low} to ${high}).`;
/** @type {(name: string) => string} */
export const noRowOfClass = (name) =>
  `No measured row was “${name}”, so its errors were not measured.`;
/** @type {(points: string, byChance: string) => string} */
export const calibrationError = (points, byChance) =>
  `On average, predicted and actual shares differ by ${points} percentage points; for perfect probabilities, chance alone would give about ${byChance}.`;
/** @type {(measured: string, name: string) => string} */
export const shareOfClass = (measured, name) => `${measured} of “${name}”`;
/** @type {(share: string) => string} */
export const singleSets = (share) =>
  `For ${share} of the rows, the set has a single class. How often such answers are right is stated beside each answer.`;
export const noSingleSets = "No set has a single class.";
/** @type {(width: string) => string} */
export const widthVaries = (width) =>
  `It is ${width} wide on average; the width follows the prediction.`;
/** @type {(width: string) => string} */
export const widthFixed = (width) => `It is ${width} wide, the same for every row.`;
/** @type {(difference: string) => string} */
export const halfOff = (difference) =>
  `For half of these rows, the prediction was off by less than ${difference}.`;
/** @type {(inputs: string) => string} */
export const fallsMost = (inputs) => `It falls most for ${inputs}.`;
/** @type {(unsupported: string) => string} */
export const notCompiled = (unsupported) =>
  `scikit-learn. There is no compiled form of ${unsupported}.`;
/** @type {(classes: number) => string} */
export const allClasses = (classes) => `All ${count(classes)} classes`;
/** @type {(others: string) => string} */
export const emptyCellAnd = (others) => `an empty cell, ${others}`;
export const calibrationKey = "Lines: where the true share may lie, given the number of rows.";
/** @type {(rows: number) => string} */
export const dotRows = (rows) =>
  plural(rows, { one: "Each dot: 1 row.", other: `Each dot: ${count(rows)} rows.` });
/** @type {(test: unknown, crossValidation: unknown) => unknown} */
export const notEvaluated = (test, crossValidation) => [
  "This version was published without an evaluation. Publish it with unseen rows (",
  test,
  ") or cross-validation (",
  crossValidation,
  ") to see its errors here.",
];
/** @type {(group: string) => string} */
export const byGroup = (group) => `By ${group.toLowerCase()}`;
/** @type {(group: string) => string} */
export const errorsByThis = (group) => `Errors by ${group.toLowerCase()}`;
/** @type {(metric: string, repeats: number, rows: number) => string} */
export const importanceLead = (metric, repeats, rows) =>
  `How far its ${metric} falls when the values of one input are shuffled between the rows, ${count(repeats)} times over ${count(rows)} rows.`;
/** @type {(shown: number, rows: number) => string} */
export const someRows = (shown, rows) => `${count(shown)} of the ${count(rows)} rows.`;
/** @type {(rows: number) => string} */
export const allRows = (rows) => `All ${count(rows)} rows.`;
/** @type {(stated: string) => string} */
export const bandKey = (stated) => `The band: the ${stated} interval at each prediction.`;
export const residualsLead = "Each dot is a row; on the dashed line it was predicted exactly.";
export const setsLead = "A prediction set has the classes that an answer may be.";
export const heldByClass = "Rows of each class with the true class in the set";
export const heldByAnswer = "Answers of each class with the true class in the set";
export const noClass = "none";
/** @type {(classes: number) => string} */
export const classCount = (classes) =>
  plural(classes, { one: "1 class", other: `${count(classes)} classes` });
/** @type {(classes: number) => string} */
export const setsOf = (classes) =>
  classes === 0 ? "Sets of none" : `Sets of ${classCount(classes)}`;
/** @type {(rows: number, name: string, caught: number, missed: number) => string} */
export const positivesText = (rows, name, caught, missed) =>
  `${count(rows)} were “${name}”: ${count(caught)} caught, ${count(missed)} missed`;
/** @type {(rows: number, left: number, falseAlarms: number) => string} */
export const negativesText = (rows, left, falseAlarms) =>
  `${count(rows)} were not: ${count(left)} left alone, ${count(falseAlarms)} false alarms`;
/** @type {(others: number) => string} */
export const others = (others) =>
  plural(others, { one: "1 other", other: `${count(others)} others` });
/** @type {(label: string, range: string, half: string) => string} */
export const spreadOf = (label, range, half) => `${label}: ${range}, half of them ${half}.`;
/** @type {(rows: number) => string} */
export const fewMeasured = (rows) =>
  plural(rows, {
    one: "Only 1 row was measured: read each figure with its interval.",
    other: `Only ${count(rows)} rows were measured: read each figure with its interval.`,
  });
/** @type {(rows: number) => string} */
export const measuredOn = (rows) =>
  `Measured on ${count(rows)} rows, each predicted by a fit that did not see it.`;
/** @type {(low: string, high: string) => string} */
export const interval95 = (low, high) => `95% interval: ${low} to ${high}.`;
/** @type {(value: string, low: string, high: string) => string} */
export const valueIn = (value, low, high) => `${value} (${low} to ${high})`;
/** @type {(rows: number, name: string, right: number, share: string) => string} */
export const rightOfClass = (rows, name, right, share) =>
  `Of ${count(rows)} rows that were “${name}”, ${count(right)} were predicted correctly (${share}).`;
/** @type {(threshold: string, rows: number, called: number, name: string) => string} */
export const calledAt = (threshold, rows, called, name) =>
  `At ${threshold}: of ${count(rows)} rows, ${count(called)} are predicted as “${name}”`;
/** @type {(falseAlarms: number) => string} */
export const wrongly = (falseAlarms) => `; ${count(falseAlarms)} of them wrongly (false alarms)`;
/** @type {(missed: number, positives: number, name: string) => string} */
export const missedOf = (missed, positives, name) =>
  `; ${count(missed)} of the ${count(positives)} that were “${name}” are missed.`;
/** @type {(held: string, stated: string) => string} */
export const setsByClass = (held, stated) =>
  `Of the rows of each class, this share had the true class in their set: ${held}. The stated coverage is ${stated}.`;
/** @type {(held: string, stated: string) => string} */
export const setsByAnswer = (held, stated) =>
  `Of the rows predicted as each class, this share had the true class in their set: ${held}. The stated coverage is ${stated}.`;
/** @type {(rows: number, measured: string, stated: string) => string} */
export const intervalCoverage = (rows, measured, stated) =>
  `Of ${count(rows)} unseen rows, ${measured} were within the interval that states ${stated}.`;
/** @type {(inputs: string) => string} */
export const noDifference = (inputs) => `For ${inputs}, these rows show no difference.`;
/** @type {(inputs: number) => string} */
export const someInputs = (inputs) => `${count(inputs)} of the inputs`;
export const compiledOnnx = "ONNX Runtime.";
export const compiledForm = "A compiled form of the model.";
/** @type {(rows: number) => string} */
export const verifiedEqual = (rows) =>
  `It was compared with scikit-learn on ${count(rows)} rows: the labels were the same, the numbers were equal to the last digit.`;
/** @type {(rows: number, difference: string) => string} */
export const verifiedNear = (rows, difference) =>
  `It was compared with scikit-learn on ${count(rows)} rows: the labels were the same, the numbers differed by at most ${difference} of their size.`;
/** @type {(rows: number, groups: string) => string} */
export const fewInGroups = (rows, groups) =>
  `A rate stands on fewer than ${count(rows)} rows: ${groups}. It may be off by several percentage points; the interval says how many.`;
