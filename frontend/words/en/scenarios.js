/** Words for answers side by side. */

import { count } from "../../lib/format.js";

export const scenarioRemoved = "Scenario removed.";
export const theServerDidNotAnswer = "The server did not answer.";
export const scenarios = "Scenarios";
export const copyAsCsv = "Copy as CSV";
export const table = "Table";
export const scenariosSideBySide = "Scenarios, side by side";
export const scenario = "Scenario";
export const againstNow = "Against now";
export const largestContributions = "Largest contributions";
export const nowInTheForm = "Now in the form";
export const moveUp = "Move up";
export const moveDown = "Move down";
export const remove = "Remove";
export const now = "Now";
export const changeToCompare = "Change an input to see another answer beside this one.";
export const everyInputDiffers = "Every input differs.";
/** @type {(coverage: string) => string} */
export const intervalTitle = (coverage) => `${coverage} interval`;
/** @type {(coverage: string) => string} */
export const setTitle = (coverage) => `${coverage} prediction set`;
/** @type {(shared: number, all: number) => string} */
export const sharedInputs = (shared, all) =>
  `${count(shared)} of ${count(all)} inputs are the same in all of them.`;
/** @type {(place: number) => string} */
export const nameOfScenario = (place) => `Name of scenario ${place}`;
/** @type {(place: number) => string} */
export const scenarioAt = (place) => `Scenario ${place}`;
export const fillIn = "Fill in";
