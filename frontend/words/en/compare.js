/** Words for two answers to one question. */

export const twoAnswers = "Two answers to one question";
export const compareLead =
  "Choose another version of this model, or a model with the same inputs. It answers the question in the form, too.";
export const compareWith = "Compare with";
export const choose = "Choose a version or a model";
export const versionsOfThisModel = "Versions of this model";
export const modelsWithTheseInputs = "Models with these inputs";
export const otherModels = "Other models";
export const nothingElse = "This server has no other version of this model, and no other model.";
export const loading = "Loading …";
export const asking = "Asking …";
export const fillIn = "Fill in the inputs to see both answers.";
export const unreachable = "The server did not answer. Choose it again to retry.";
export const beforeYourChange = "Before your change";
/** @type {(version: string) => string} */
export const version = (version) => `Version ${version}`;
/** @type {(version: string) => string} */
export const servedVersion = (version) => `Version ${version}, served`;
/** @type {(model: string, inputs: string) => string} */
export const lacksInputs = (model, inputs) =>
  `“${model}” needs inputs that this model does not have: ${inputs}.`;
/** @type {(model: string, inputs: string) => string} */
export const otherTypes = (model, inputs) => `“${model}” has inputs of another type: ${inputs}.`;
export const noSingleDifference = "Models with several outputs have no single difference.";
export const notAlike =
  "They answer in different units or classes, so there is no difference to show.";
/** @type {(outcome: string) => string} */
export const bothAnswer = (outcome) => `Both answer “${outcome}”.`;
/** @type {(mine: string, other: string) => string} */
export const answersDiffer = (mine, other) => `The answers differ: “${mine}” and “${other}”.`;
export const bothPredictTheSame = "Both predict the same.";
/** @type {(model: string, size: string) => string} */
export const predictsMore = (model, size) => `${model} predicts ${size} more.`;
/** @type {(model: string, size: string) => string} */
export const predictsLess = (model, size) => `${model} predicts ${size} less.`;
/** @type {(outcome: string) => string} */
export const sameProbability = (outcome) => `The probability of “${outcome}” is the same.`;
/** @type {(outcome: string, size: string, model: string) => string} */
export const higherProbability = (outcome, size, model) =>
  `The probability of “${outcome}” is ${size} higher in ${model}.`;
/** @type {(outcome: string, size: string, model: string) => string} */
export const lowerProbability = (outcome, size, model) =>
  `The probability of “${outcome}” is ${size} lower in ${model}.`;
/** @type {(coverage: string) => string} */
export const intervalsOverlap = (coverage) => `Their ${coverage} intervals overlap.`;
/** @type {(coverage: string) => string} */
export const intervalsApart = (coverage) => `Their ${coverage} intervals do not overlap.`;
