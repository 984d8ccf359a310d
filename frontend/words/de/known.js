/** Words for rows whose outcome is known, and for an answer against the truth. */

import { count } from "../../lib/format.js";

export const knownRows = "Zeilen mit bekanntem Ergebnis";
export const knownLead =
  "Zeilen, an denen das Modell gemessen wurde, jede vorhergesagt von einer Anpassung, die sie nicht gesehen hat. Füllen Sie das Formular mit einer davon, um die Antwort neben der Wahrheit zu sehen.";
export const showRows = "Zeilen zeigen";
export const order = "Reihenfolge";
export const largestError = "Größter Fehler zuerst";
export const smallestError = "Kleinster Fehler zuerst";
export const wrongFirst = "Falsche Antworten zuerst";
export const rightFirst = "Richtige Antworten zuerst";
export const leastSure = "Unsicherste zuerst";
export const mostSure = "Sicherste zuerst";
export const highestOutcome = "Höchstes Ergebnis zuerst";
export const lowestOutcome = "Niedrigstes Ergebnis zuerst";
export const outcome = "Ergebnis";
export const allOutcomes = "Alle Ergebnisse";
export const loading = "Wird geladen …";
export const tryAgain = "Erneut versuchen";
export const unreachable =
  "Die Zeilen konnten nicht geladen werden: Der Server hat nicht geantwortet.";
export const noRows = "Keine Zeilen.";
/** @type {typeof import("../en/known.js").range} */
export const range = (first, last, total) =>
  `${count(first)} bis ${count(last)} von ${count(total)}`;
export const previous = "Zurück";
export const next = "Weiter";
export const pick = "Einsetzen";
export const picked = "Eingesetzt";
/** @type {typeof import("../en/known.js").predictedOff} */
export const predictedOff = (prediction, difference) =>
  `vorhergesagt: ${prediction} (${difference})`;
/** @type {typeof import("../en/known.js").predictedInstead} */
export const predictedInstead = (outcome) => `vorhergesagt: „${outcome}“`;
export const predictedRightly = "richtig vorhergesagt";
/** @type {typeof import("../en/known.js").moreInputs} */
export const moreInputs = (more) => `${count(more)} weitere`;
export const trueOutcome = "Wahres Ergebnis";
export const answerIsRight = "Die Antwort ist richtig.";
export const answerIsWrong = "Die Antwort ist falsch.";
export const answerIsExact = "Die Antwort ist gleich.";
/** @type {typeof import("../en/known.js").answerIsHigher} */
export const answerIsHigher = (size) => `Die Antwort ist um ${size} höher.`;
/** @type {typeof import("../en/known.js").answerIsLower} */
export const answerIsLower = (size) => `Die Antwort ist um ${size} niedriger.`;
/** @type {typeof import("../en/known.js").intervalHolds} */
export const intervalHolds = (coverage) =>
  `Das Vorhersageintervall zu ${coverage} enthält das wahre Ergebnis.`;
/** @type {typeof import("../en/known.js").intervalMisses} */
export const intervalMisses = (coverage) =>
  `Das Vorhersageintervall zu ${coverage} enthält das wahre Ergebnis nicht.`;
/** @type {typeof import("../en/known.js").setHolds} */
export const setHolds = (coverage) =>
  `Die Vorhersagemenge zu ${coverage} enthält das wahre Ergebnis.`;
/** @type {typeof import("../en/known.js").setMisses} */
export const setMisses = (coverage) =>
  `Die Vorhersagemenge zu ${coverage} enthält das wahre Ergebnis nicht.`;
