/** Facts of made-up models, as the API would answer them. */

/**
 * @param {string} type
 * @param {object} [more]
 * @returns {any} an input of that type and name
 */
export function inputOf(type, more = {}) {
  return {
    type,
    name: type,
    label: type,
    help: null,
    missing_allowed: false,
    changeable: false,
    typical: null,
    training_stats: null,
    ...more,
  };
}

export const OUTPUT = {
  task: "classification",
  name: "animal",
  label: "Animal",
  classes: [
    { value: "cat", label: "Cat", tone: "neutral", picture: null, message: null },
    { value: "dog", label: "Dog", tone: "positive", picture: null, message: null },
    { value: "cow", label: "Cow", tone: "neutral", picture: null, message: null },
  ],
  threshold: null,
};

/**
 * @param {object} [more]
 * @returns {any} the facts of a model
 */
export function factsOf(more = {}) {
  return {
    name: "animals",
    title: "Animals",
    summary: "",
    version: "1",
    signature: { inputs: [inputOf("number", { name: "height", label: "Height" })], output: OUTPUT },
    examples: [],
    training: { rows: 1000, fitted_on: "2026-01-01", libraries: {} },
    capabilities: [],
    uncertainty: { interval: null, prediction_set: null, reliability: false },
    notes: [],
    ...more,
  };
}

/**
 * @param {object} [more]
 * @returns {any} a prediction
 */
export function predictionOf(more = {}) {
  return { version: "1", prediction: "cat", label: "Cat", warnings: [], ...more };
}
