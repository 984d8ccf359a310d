/** Words for measured rows near an answer. */

import { count } from "../../lib/format.js";

export const similarRowsInTheData = "Lignes semblables dans les données";
export const nearestLead =
  "Lignes au résultat connu, prédites par un ajustement qui ne les a pas vues. Les plus proches sont celles dont les différences comptent le moins pour le modèle.";
export const showSimilarRows = "Afficher les lignes semblables";
export const moreRows = "Plus de lignes";
export const theSameInputs = "Les mêmes entrées";
export const noneClose =
  "Aucune ligne mesurée n’est proche de ces entrées, donc rien n’est dit des erreurs ici. Ces lignes diffèrent le moins.";
/** @type {typeof import("../en/nearest.js").predictedNumber} */
export const predictedNumber = (figure) => `prédit : ${figure}`;
export const predictedCorrectly = "prédit correctement";
/** @type {typeof import("../en/nearest.js").predictedClass} */
export const predictedClass = (name) => `prédit : « ${name} »`;
/** @type {typeof import("../en/nearest.js").notCompared} */
export const notCompared = (inputs) => `Non comparé : ${inputs}.`;
export const noRows = "Impossible de charger les lignes.";
/** @type {typeof import("../en/nearest.js").more} */
export const more = (more) => `${count(more)} de plus`;
/** @type {typeof import("../en/nearest.js").tooFewKept} */
export const tooFewKept = (rows) =>
  `Seules ${count(rows)} lignes sont conservées : trop peu pour indiquer les erreurs près d’une réponse.`;
/** @type {typeof import("../en/nearest.js").rightNearby} */
export const rightNearby = (rows, right, share, low, high) =>
  `Des ${count(rows)} lignes mesurées les plus proches de ces entrées, ${count(right)} ont été prédites correctement : ${share} (intervalle à 95 % : ${low} à ${high}).`;
/** @type {typeof import("../en/nearest.js").errorNearby} */
export const errorNearby = (rows, error, low, high) =>
  `Sur les ${count(rows)} lignes mesurées les plus proches de ces entrées, les prédictions s’écartaient de ${error} en moyenne (intervalle à 95 % : ${low} à ${high}).`;
/** @type {typeof import("../en/nearest.js").rightOfAll} */
export const rightOfAll = (rows, share) =>
  `Sur l’ensemble des ${count(rows)} lignes conservées, c’est ${share}.`;
/** @type {typeof import("../en/nearest.js").errorOfAll} */
export const errorOfAll = (rows, error) =>
  `Sur l’ensemble des ${count(rows)} lignes conservées, c’est ${error}.`;
/** @type {typeof import("../en/nearest.js").tooHigh} */
export const tooHigh = (off) =>
  `Près de ces entrées, elles étaient trop élevées, de ${off} en moyenne.`;
/** @type {typeof import("../en/nearest.js").tooLow} */
export const tooLow = (off) =>
  `Près de ces entrées, elles étaient trop basses, de ${off} en moyenne.`;
/** @type {typeof import("../en/nearest.js").intervalHeld} */
export const intervalHeld = (stated, held, rows) =>
  `L’intervalle de prédiction à ${stated} contenait le résultat de ${count(held)} lignes sur ${count(rows)}.`;
/** @type {typeof import("../en/nearest.js").setHeld} */
export const setHeld = (stated, held, rows) =>
  `L’ensemble de prédiction à ${stated} contenait le résultat de ${count(held)} lignes sur ${count(rows)}.`;
