/** Words for drawings. */

export const probabilityItSays = "Probability it says";
export const shareThatCameTrue = "Share that came true";
export const coverageItStates = "Coverage it states";
export const coverageMeasured = "Coverage measured";
export const falseAlarmsAmongTheOthers = "False alarms among the others";
export const hitsAmongTheClass = "Hits among the class";
export const hitsAmongTheClassRecall = "Hits among the class (recall)";
export const hitsAmongTheCalledPrecision = "Hits among the called (precision)";
export const couldNotLoadThePlots = "Could not load the plots.";
/** @type {(unit: string) => string} */
export const predictedIn = (unit) => `Predicted, ${unit}`;
/** @type {(unit: string) => string} */
export const actualIn = (unit) => `Actual, ${unit}`;
