/** Words for rows whose outcome is known, and for an answer against the truth. */

import { count } from "../../lib/format.js";

export const knownRows = "Lignes au résultat connu";
export const knownLead =
  "Lignes sur lesquelles le modèle a été mesuré, chacune prédite par un ajustement qui ne l’a pas vue. Remplissez le formulaire avec l’une d’elles pour voir la réponse à côté de la vérité.";
export const showRows = "Afficher les lignes";
export const order = "Ordre";
export const largestError = "Plus grande erreur d’abord";
export const smallestError = "Plus petite erreur d’abord";
export const wrongFirst = "Réponses fausses d’abord";
export const rightFirst = "Réponses justes d’abord";
export const leastSure = "Les moins sûres d’abord";
export const mostSure = "Les plus sûres d’abord";
export const highestOutcome = "Résultat le plus élevé d’abord";
export const lowestOutcome = "Résultat le plus bas d’abord";
export const outcome = "Résultat";
export const allOutcomes = "Tous les résultats";
export const loading = "Chargement…";
export const tryAgain = "Réessayer";
export const unreachable = "Impossible de charger les lignes : le serveur n’a pas répondu.";
export const noRows = "Aucune ligne.";
/** @type {typeof import("../en/known.js").range} */
export const range = (first, last, total) => `${count(first)} à ${count(last)} sur ${count(total)}`;
export const previous = "Précédent";
export const next = "Suivant";
export const pick = "Remplir";
export const picked = "Rempli";
/** @type {typeof import("../en/known.js").predictedOff} */
export const predictedOff = (prediction, difference) => `prédit : ${prediction} (${difference})`;
/** @type {typeof import("../en/known.js").predictedInstead} */
export const predictedInstead = (outcome) => `prédit : « ${outcome} »`;
export const predictedRightly = "prédit correctement";
/** @type {typeof import("../en/known.js").moreInputs} */
export const moreInputs = (more) => `${count(more)} de plus`;
export const trueOutcome = "Vrai résultat";
export const answerIsRight = "La réponse est juste.";
export const answerIsWrong = "La réponse est fausse.";
export const answerIsExact = "La réponse est la même.";
/** @type {typeof import("../en/known.js").answerIsHigher} */
export const answerIsHigher = (size) => `La réponse est plus élevée de ${size}.`;
/** @type {typeof import("../en/known.js").answerIsLower} */
export const answerIsLower = (size) => `La réponse est plus basse de ${size}.`;
/** @type {typeof import("../en/known.js").intervalHolds} */
export const intervalHolds = (coverage) =>
  `Son intervalle de prédiction à ${coverage} contient le vrai résultat.`;
/** @type {typeof import("../en/known.js").intervalMisses} */
export const intervalMisses = (coverage) =>
  `Son intervalle de prédiction à ${coverage} ne contient pas le vrai résultat.`;
/** @type {typeof import("../en/known.js").setHolds} */
export const setHolds = (coverage) =>
  `Son ensemble de prédiction à ${coverage} contient le vrai résultat.`;
/** @type {typeof import("../en/known.js").setMisses} */
export const setMisses = (coverage) =>
  `Son ensemble de prédiction à ${coverage} ne contient pas le vrai résultat.`;
