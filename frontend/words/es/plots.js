/** Words for drawings. */

export const probabilityItSays = "Probabilidad indicada";
export const shareThatCameTrue = "Proporción que se cumplió";
export const coverageItStates = "Cobertura indicada";
export const coverageMeasured = "Cobertura medida";
export const falseAlarmsAmongTheOthers = "Falsas alarmas entre los demás";
export const hitsAmongTheClass = "Aciertos en la clase";
export const hitsAmongTheClassRecall = "Aciertos en la clase (exhaustividad)";
export const hitsAmongTheCalledPrecision = "Aciertos entre los predichos (precisión)";
export const couldNotLoadThePlots = "No se pudieron cargar los gráficos.";
/** @type {typeof import("../en/plots.js").predictedIn} */
export const predictedIn = (unit) => `Predicho, ${unit}`;
/** @type {typeof import("../en/plots.js").actualIn} */
export const actualIn = (unit) => `Real, ${unit}`;
