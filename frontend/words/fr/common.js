/** Words that several features use. */

import { count } from "../../lib/format.js";

export const rows = "Lignes";
export const predicted = "Prédit";
export const notKnown = "inconnu";
export const probabilities = "Probabilités";
export const likelyBetween = "Probablement entre";
export const tryAgainNow = "Réessayer maintenant";
export const input = "Entrée";
export const standardError = "Erreur type";
export const showTheNumbers = "Afficher les chiffres";
export const value = "Valeur";
export const addYourModel = "Ajouter votre modèle";
export const tryIt = "Essayer";
export const copy = "Copier";
export const inputs = "Entrées";
export const request = "Requête";
export const tryNow = "Essayer maintenant";
export const warnings = "Avertissements";
export const ask = "Interroger";
export const share = "Part";
export const doesNotFit = "Cela ne convient pas à cette version du modèle.";
export const searching = "Recherche en cours…";
export const tried = "Essayé";
export const tryAgain = "Réessayer";
/** @type {typeof import("../en/common.js").quoted} */
export const quoted = (text) => `« ${text} »`;
/** @type {typeof import("../en/common.js").range} */
export const range = (low, high) => `${low} à ${high}`;
export const sameSource =
  "Cela vaut pour de nouvelles lignes de même provenance que celles qui ont été mesurées.";
export const actual = "Réel";
export const prediction = "Prédiction";
export const whatInfluencedIt = "Ce qui a influencé le résultat";
export const whatIf = "Et si…";
/** @type {typeof import("../en/common.js").andMore} */
export const andMore = (named, more) => `${named} et ${count(more)} autres`;
export const noVerdict = "Pas de verdict";
/** @type {typeof import("../en/common.js").showTheFirst} */
export const showTheFirst = (first) => `Afficher seulement les ${count(first)} premiers`;
/** @type {typeof import("../en/common.js").showAll} */
export const showAll = (all) => `Afficher les ${count(all)}`;
export const undo = "Annuler";
