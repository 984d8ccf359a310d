/** Words for two answers to one question. */

export const twoAnswers = "Deux réponses à une question";
export const compareLead =
  "Choisissez une autre version de ce modèle, ou un modèle ayant les mêmes entrées. Il répond aussi à la question du formulaire.";
export const compareWith = "Comparer avec";
export const choose = "Choisir une version ou un modèle";
export const versionsOfThisModel = "Versions de ce modèle";
export const modelsWithTheseInputs = "Modèles ayant ces entrées";
export const otherModels = "Autres modèles";
export const nothingElse = "Ce serveur n’a ni autre version de ce modèle, ni autre modèle.";
export const loading = "Chargement…";
export const asking = "Interrogation…";
export const fillIn = "Remplissez les entrées pour voir les deux réponses.";
export const unreachable = "Le serveur n’a pas répondu. Choisissez à nouveau pour réessayer.";
export const beforeYourChange = "Avant votre modification";
/** @type {typeof import("../en/compare.js").version} */
export const version = (version) => `Version ${version}`;
/** @type {typeof import("../en/compare.js").servedVersion} */
export const servedVersion = (version) => `Version ${version}, en service`;
/** @type {typeof import("../en/compare.js").lacksInputs} */
export const lacksInputs = (model, inputs) =>
  `« ${model} » demande des entrées que ce modèle n’a pas : ${inputs}.`;
/** @type {typeof import("../en/compare.js").otherTypes} */
export const otherTypes = (model, inputs) =>
  `« ${model} » a des entrées d’un autre type : ${inputs}.`;
export const noSingleDifference = "Les modèles à plusieurs sorties n’ont pas de différence unique.";
export const notAlike =
  "Ils répondent dans des unités ou des classes différentes : il n’y a pas de différence à montrer.";
/** @type {typeof import("../en/compare.js").bothAnswer} */
export const bothAnswer = (outcome) => `Les deux répondent « ${outcome} ».`;
/** @type {typeof import("../en/compare.js").answersDiffer} */
export const answersDiffer = (mine, other) =>
  `Les réponses diffèrent : « ${mine} » et « ${other} ».`;
export const bothPredictTheSame = "Les deux prédisent la même chose.";
/** @type {typeof import("../en/compare.js").predictsMore} */
export const predictsMore = (model, size) => `${model} prédit ${size} de plus.`;
/** @type {typeof import("../en/compare.js").predictsLess} */
export const predictsLess = (model, size) => `${model} prédit ${size} de moins.`;
/** @type {typeof import("../en/compare.js").sameProbability} */
export const sameProbability = (outcome) => `La probabilité de « ${outcome} » est la même.`;
/** @type {typeof import("../en/compare.js").higherProbability} */
export const higherProbability = (outcome, size, model) =>
  `La probabilité de « ${outcome} » est plus élevée de ${size} avec ${model}.`;
/** @type {typeof import("../en/compare.js").lowerProbability} */
export const lowerProbability = (outcome, size, model) =>
  `La probabilité de « ${outcome} » est plus basse de ${size} avec ${model}.`;
/** @type {typeof import("../en/compare.js").intervalsOverlap} */
export const intervalsOverlap = (coverage) =>
  `Leurs intervalles de prédiction à ${coverage} se chevauchent.`;
/** @type {typeof import("../en/compare.js").intervalsApart} */
export const intervalsApart = (coverage) =>
  `Leurs intervalles de prédiction à ${coverage} ne se chevauchent pas.`;
