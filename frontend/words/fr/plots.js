/** Words for drawings. */

export const probabilityItSays = "Probabilité annoncée";
export const shareThatCameTrue = "Part réalisée";
export const coverageItStates = "Couverture annoncée";
export const coverageMeasured = "Couverture mesurée";
export const falseAlarmsAmongTheOthers = "Fausses alarmes parmi les autres";
export const hitsAmongTheClass = "Réussites dans la classe";
export const hitsAmongTheClassRecall = "Réussites dans la classe (rappel)";
export const hitsAmongTheCalledPrecision = "Réussites parmi les prédits (précision)";
export const couldNotLoadThePlots = "Impossible de charger les graphiques.";
/** @type {typeof import("../en/plots.js").predictedIn} */
export const predictedIn = (unit) => `Prédit, ${unit}`;
/** @type {typeof import("../en/plots.js").actualIn} */
export const actualIn = (unit) => `Réel, ${unit}`;
