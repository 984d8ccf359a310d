/** Words for the list of models. */

export const askAModel = "Ask a model";
export const galleryLead = "Choose a model, change its inputs, and see how its answer changes.";
export const searchModels = "Search models";
export const oneCommand = "It takes one command.";
export const newModel = "New";
export const loading = "Loading";
export const cannotBeServed = "Cannot be served";
export const picksAnOutcome = "Picks an outcome";
export const estimatesANumber = "Estimates a number";
export const groupsSimilarRows = "Groups similar rows";
export const findsUnusualRows = "Finds unusual rows";
export const givesSeveralAnswers = "Gives several answers";
/** @type {(version: string) => string} */
export const versionCannotBeServed = (version) => `Version ${version} cannot be served`;
export const changeCannotBeServed = "Its last change cannot be served";
/** @type {(added: string) => string} */
export const arrived = (added) => `New: ${added}.`;
/** @type {(removed: string) => string} */
export const noLongerServed = (removed) => `No longer served: ${removed}.`;
/** @type {(version: string) => string} */
export const version = (version) => `Version ${version}`;
