/** Words for what the server says by a code. English takes the words of the server itself. */

/** @type {(low: string, high: string) => string} */
export const seenInTraining = (low, high) => `Seen in training: ${low} to ${high}.`;
export const neverSeen = "This value was never seen in training.";
export const rarelyTogether = "These values rarely occur together in the training data.";
export const assumedMissing = "No value was given, so it counts as missing.";
export const wholeNumber = "Expected a whole number.";
export const number = "Expected a number.";
export const trueOrFalse = "Expected true or false.";
export const knownCategory = "Expected one of the known categories.";
export const date = "Expected a date such as 2024-02-29.";
export const text = "Expected text.";
