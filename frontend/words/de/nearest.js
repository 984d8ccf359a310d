/** Words for measured rows near an answer. */

import { count } from "../../lib/format.js";

export const similarRowsInTheData = "Ähnliche Zeilen in den Daten";
export const nearestLead =
  "Zeilen mit bekanntem Ergebnis, vorhergesagt von einer Anpassung, die sie nicht gesehen hat. Am nächsten sind die Zeilen, deren Unterschiede für das Modell am wenigsten zählen.";
export const showSimilarRows = "Ähnliche Zeilen zeigen";
export const moreRows = "Weitere Zeilen";
export const theSameInputs = "Dieselben Eingaben";
export const noneClose =
  "Keine gemessene Zeile liegt nahe bei diesen Eingaben. Deshalb wird über Fehler hier nichts ausgesagt. Diese Zeilen unterscheiden sich am wenigsten.";
/** @type {typeof import("../en/nearest.js").predictedNumber} */
export const predictedNumber = (figure) => `vorhergesagt: ${figure}`;
export const predictedCorrectly = "richtig vorhergesagt";
/** @type {typeof import("../en/nearest.js").predictedClass} */
export const predictedClass = (name) => `vorhergesagt: „${name}“`;
/** @type {typeof import("../en/nearest.js").notCompared} */
export const notCompared = (inputs) => `Nicht verglichen: ${inputs}.`;
export const noRows = "Die Zeilen konnten nicht geladen werden.";
/** @type {typeof import("../en/nearest.js").more} */
export const more = (more) => `${count(more)} weitere`;
/** @type {typeof import("../en/nearest.js").tooFewKept} */
export const tooFewKept = (rows) =>
  `Nur ${count(rows)} Zeilen sind gespeichert: zu wenige, um Fehler in der Nähe einer Antwort anzugeben.`;
/** @type {typeof import("../en/nearest.js").rightNearby} */
export const rightNearby = (rows, right, share, low, high) =>
  `Von den ${count(rows)} gemessenen Zeilen, die diesen Eingaben am nächsten sind, wurden ${count(right)} richtig vorhergesagt: ${share} (95-%-Intervall: ${low} bis ${high}).`;
/** @type {typeof import("../en/nearest.js").errorNearby} */
export const errorNearby = (rows, error, low, high) =>
  `Auf den ${count(rows)} gemessenen Zeilen, die diesen Eingaben am nächsten sind, lagen die Vorhersagen im Mittel um ${error} daneben (95-%-Intervall: ${low} bis ${high}).`;
/** @type {typeof import("../en/nearest.js").rightOfAll} */
export const rightOfAll = (rows, share) =>
  `Auf allen ${count(rows)} gespeicherten Zeilen sind es ${share}.`;
/** @type {typeof import("../en/nearest.js").errorOfAll} */
export const errorOfAll = (rows, error) =>
  `Auf allen ${count(rows)} gespeicherten Zeilen sind es ${error}.`;
/** @type {typeof import("../en/nearest.js").tooHigh} */
export const tooHigh = (off) =>
  `In der Nähe dieser Eingaben waren sie im Mittel um ${off} zu hoch.`;
/** @type {typeof import("../en/nearest.js").tooLow} */
export const tooLow = (off) =>
  `In der Nähe dieser Eingaben waren sie im Mittel um ${off} zu niedrig.`;
/** @type {typeof import("../en/nearest.js").intervalHeld} */
export const intervalHeld = (stated, held, rows) =>
  `Das Vorhersageintervall zu ${stated} enthielt das Ergebnis von ${count(held)} von ${count(rows)}.`;
/** @type {typeof import("../en/nearest.js").setHeld} */
export const setHeld = (stated, held, rows) =>
  `Die Vorhersagemenge zu ${stated} enthielt das Ergebnis von ${count(held)} von ${count(rows)}.`;
