/** Words for a question and its answer. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const answer = "Réponse";
export const beforeYourChange = "Avant votre modification";
export const asking = "Interrogation…";
export const ready = "Prêt";
export const howToBegin =
  "Remplissez les entrées ou partez d’un exemple. La réponse change au fil de la saisie.";
export const examples = "Exemples";
export const clear = "Effacer";
export const typical = "Typique";
export const pasteARow = "Coller une ligne";
/** @type {typeof import("../en/ask.js").probability} */
export const probability = (chance) => `Probabilité ${chance}`;
/** @type {typeof import("../en/ask.js").calledFrom} */
export const calledFrom = (label, value) => `« ${label} » est prédit à partir de ${value}.`;
export const moreThan99In100 = "plus de 99 sur 100";
export const fewerThan1In100 = "moins de 1 sur 100";
export const aCloseCall = "Cas limite.";
export const nothingMeasuredHere =
  "Aucune exactitude n’est indiquée, car rien n’a été mesuré sur de telles entrées.";
/** @type {typeof import("../en/ask.js").itReachesFromTo} */
export const itReachesFromTo = (first, last) => `Il va de « ${first} » à « ${last} ».`;
export const outsideTrainingRange =
  "est en dehors de l’étendue sur laquelle le modèle a été entraîné : la réponse n’est pas fiable.";
export const unusualTogether = "Combinaison inhabituelle";
export const theInputsTogether = "Les entrées ensemble";
export const stillWorking = "Calcul en cours…";
export const fillInTheRest = "Remplissez le reste pour obtenir une réponse.";
export const unreachableKept =
  "Le serveur ne répond pas. Votre saisie est conservée. Nouvelle tentative automatique.";
export const theServerRefused = "Le serveur a refusé.";
/** @type {typeof import("../en/ask.js").ignoredInputs} */
export const ignoredInputs = (names) => `Ignoré, car le modèle n’a pas cette entrée : ${names}.`;
/** @type {typeof import("../en/ask.js").answeredIn} */
export const answeredIn = (milliseconds, warnings) =>
  `Réponse en ${count(milliseconds)} ms${warnings > 0 ? `, avec ${plural(warnings, { one: "1 avertissement", other: `${count(warnings)} avertissements` })}` : ""}`;
/** @type {typeof import("../en/ask.js").warningCount} */
export const warningCount = (warnings) =>
  plural(warnings, {
    one: `${count(warnings)} avertissement`,
    other: `${count(warnings)} avertissements`,
  });
/** @type {typeof import("../en/ask.js").aboutIn100} */
export const aboutIn100 = (hundredths) => `environ ${count(hundredths)} sur 100`;
/** @type {typeof import("../en/ask.js").aboutIn10} */
export const aboutIn10 = (tenths) => `environ ${count(tenths)} sur 10`;
/** @type {typeof import("../en/ask.js").rightOfFew} */
export const rightOfFew = (rows, right) =>
  plural(rows, {
    one: `La seule réponse de ce type sur des lignes inédites était ${right === 1 ? "juste" : "fausse"}.`,
    other: `Sur ${count(rows)} réponses de ce type pour des lignes inédites, ${count(right)} ${right < 2 ? "était juste" : "étaient justes"}.`,
  });
/** @type {typeof import("../en/ask.js").rightOfMany} */
export const rightOfMany = (rows, share, low, high) =>
  `Sur ${count(rows)} réponses de ce type pour des lignes inédites, ${share} étaient justes (intervalle à 95 % : ${low} à ${high}).`;
/** @type {typeof import("../en/ask.js").setOfOne} */
export const setOfOne = (coverage) =>
  `L’ensemble de prédiction à ${coverage} ne contient aucun autre résultat.`;
/** @type {typeof import("../en/ask.js").setOfMore} */
export const setOfMore = (coverage, others) =>
  `L’ensemble de prédiction à ${coverage} contient aussi : ${others}.`;
/** @type {typeof import("../en/ask.js").intervalText} */
export const intervalText = (coverage, range) =>
  `Intervalle de prédiction à ${coverage} : ${range}.`;
/** @type {typeof import("../en/ask.js").trainedOnOnly} */
export const trainedOnOnly = (rows) =>
  plural(rows, {
    one: `Entraîné sur ${count(rows)} seule ligne.`,
    other: `Entraîné sur ${count(rows)} lignes seulement.`,
  });
/** @type {typeof import("../en/ask.js").needFixing} */
export const needFixing = (inputs) =>
  plural(inputs, {
    one: `${count(inputs)} entrée à corriger.`,
    other: `${count(inputs)} entrées à corriger.`,
  });
