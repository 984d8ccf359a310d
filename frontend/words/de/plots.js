/** Words for drawings. */

export const probabilityItSays = "Angegebene Wahrscheinlichkeit";
export const shareThatCameTrue = "Eingetretener Anteil";
export const coverageItStates = "Angegebene Überdeckung";
export const coverageMeasured = "Gemessene Überdeckung";
export const falseAlarmsAmongTheOthers = "Fehlalarme unter den anderen";
export const hitsAmongTheClass = "Treffer in der Klasse";
export const hitsAmongTheClassRecall = "Treffer in der Klasse (Recall)";
export const hitsAmongTheCalledPrecision = "Treffer unter den Vorhergesagten (Precision)";
export const couldNotLoadThePlots = "Die Diagramme konnten nicht geladen werden.";
/** @type {typeof import("../en/plots.js").predictedIn} */
export const predictedIn = (unit) => `Vorhergesagt, ${unit}`;
/** @type {typeof import("../en/plots.js").actualIn} */
export const actualIn = (unit) => `Tatsächlich, ${unit}`;
