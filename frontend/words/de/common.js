/** Words that several features use. */

import { count } from "../../lib/format.js";

export const rows = "Zeilen";
export const predicted = "Vorhergesagt";
export const notKnown = "nicht bekannt";
export const probabilities = "Wahrscheinlichkeiten";
export const likelyBetween = "Wahrscheinlich zwischen";
export const tryAgainNow = "Jetzt erneut versuchen";
export const input = "Eingabe";
export const standardError = "Standardfehler";
export const showTheNumbers = "Zahlen anzeigen";
export const value = "Wert";
export const addYourModel = "Eigenes Modell hinzufügen";
export const tryIt = "Ausprobieren";
export const copy = "Kopieren";
export const inputs = "Eingaben";
export const request = "Anfrage";
export const tryNow = "Jetzt versuchen";
export const warnings = "Warnungen";
export const ask = "Fragen";
export const share = "Anteil";
export const doesNotFit = "Das passt nicht zu dieser Version des Modells.";
export const searching = "Suche läuft …";
export const tried = "Eingesetzt";
export const tryAgain = "Erneut versuchen";
/** @type {typeof import("../en/common.js").quoted} */
export const quoted = (text) => `„${text}“`;
/** @type {typeof import("../en/common.js").range} */
export const range = (low, high) => `${low} bis ${high}`;
export const sameSource = "Das gilt für neue Zeilen aus derselben Quelle wie die gemessenen.";
export const actual = "Tatsächlich";
export const prediction = "Vorhersage";
export const whatInfluencedIt = "Was das Ergebnis beeinflusst hat";
export const whatIf = "Was wäre, wenn";
/** @type {typeof import("../en/common.js").andMore} */
export const andMore = (named, more) => `${named} und ${count(more)} weitere`;
export const noVerdict = "Kein Urteil";
/** @type {typeof import("../en/common.js").showTheFirst} */
export const showTheFirst = (first) => `Nur die ersten ${count(first)} anzeigen`;
/** @type {typeof import("../en/common.js").showAll} */
export const showAll = (all) => `Alle ${count(all)} anzeigen`;
export const undo = "Rückgängig";
