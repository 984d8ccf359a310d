/** Words for two answers to one question. */

export const twoAnswers = "Dos respuestas a una pregunta";
export const compareLead =
  "Elige otra versión de este modelo, o un modelo con las mismas entradas. También responde a la pregunta del formulario.";
export const compareWith = "Comparar con";
export const choose = "Elegir una versión o un modelo";
export const versionsOfThisModel = "Versiones de este modelo";
export const modelsWithTheseInputs = "Modelos con estas entradas";
export const otherModels = "Otros modelos";
export const nothingElse = "Este servidor no tiene otra versión de este modelo ni otro modelo.";
export const loading = "Cargando…";
export const asking = "Preguntando…";
export const fillIn = "Rellena las entradas para ver las dos respuestas.";
export const unreachable = "El servidor no contestó. Vuelve a elegir para reintentarlo.";
export const beforeYourChange = "Antes de tu cambio";
/** @type {typeof import("../en/compare.js").version} */
export const version = (version) => `Versión ${version}`;
/** @type {typeof import("../en/compare.js").servedVersion} */
export const servedVersion = (version) => `Versión ${version}, en servicio`;
/** @type {typeof import("../en/compare.js").lacksInputs} */
export const lacksInputs = (model, inputs) =>
  `«${model}» necesita entradas que este modelo no tiene: ${inputs}.`;
/** @type {typeof import("../en/compare.js").otherTypes} */
export const otherTypes = (model, inputs) => `«${model}» tiene entradas de otro tipo: ${inputs}.`;
export const noSingleDifference = "Los modelos con varias salidas no tienen una única diferencia.";
export const notAlike =
  "Responden en unidades o clases distintas, así que no hay diferencia que mostrar.";
/** @type {typeof import("../en/compare.js").bothAnswer} */
export const bothAnswer = (outcome) => `Ambos responden «${outcome}».`;
/** @type {typeof import("../en/compare.js").answersDiffer} */
export const answersDiffer = (mine, other) => `Las respuestas difieren: «${mine}» y «${other}».`;
export const bothPredictTheSame = "Ambos predicen lo mismo.";
/** @type {typeof import("../en/compare.js").predictsMore} */
export const predictsMore = (model, size) => `${model} predice ${size} más.`;
/** @type {typeof import("../en/compare.js").predictsLess} */
export const predictsLess = (model, size) => `${model} predice ${size} menos.`;
/** @type {typeof import("../en/compare.js").sameProbability} */
export const sameProbability = (outcome) => `La probabilidad de «${outcome}» es la misma.`;
/** @type {typeof import("../en/compare.js").higherProbability} */
export const higherProbability = (outcome, size, model) =>
  `La probabilidad de «${outcome}» es ${size} mayor con ${model}.`;
/** @type {typeof import("../en/compare.js").lowerProbability} */
export const lowerProbability = (outcome, size, model) =>
  `La probabilidad de «${outcome}» es ${size} menor con ${model}.`;
/** @type {typeof import("../en/compare.js").intervalsOverlap} */
export const intervalsOverlap = (coverage) =>
  `Sus intervalos de predicción del ${coverage} se solapan.`;
/** @type {typeof import("../en/compare.js").intervalsApart} */
export const intervalsApart = (coverage) =>
  `Sus intervalos de predicción del ${coverage} no se solapan.`;
