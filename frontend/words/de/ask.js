/** Words for a question and its answer. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const answer = "Antwort";
export const beforeYourChange = "Vor Ihrer Änderung";
export const asking = "Wird gefragt …";
export const ready = "Bereit";
export const howToBegin =
  "Füllen Sie die Eingaben aus oder beginnen Sie mit einem Beispiel. Die Antwort ändert sich beim Tippen.";
export const examples = "Beispiele";
export const clear = "Leeren";
export const typical = "Typisch";
export const pasteARow = "Zeile einfügen";
/** @type {typeof import("../en/ask.js").probability} */
export const probability = (chance) => `Wahrscheinlichkeit ${chance}`;
/** @type {typeof import("../en/ask.js").calledFrom} */
export const calledFrom = (label, value) => `Ab ${value} wird „${label}“ vorhergesagt.`;
export const moreThan99In100 = "mehr als 99 von 100";
export const fewerThan1In100 = "weniger als 1 von 100";
export const aCloseCall = "Knappe Entscheidung.";
export const nothingMeasuredHere =
  "Es wird keine Genauigkeit angegeben, weil an solchen Eingaben nichts gemessen wurde.";
/** @type {typeof import("../en/ask.js").itReachesFromTo} */
export const itReachesFromTo = (first, last) => `Es reicht von „${first}“ bis „${last}“.`;
export const outsideTrainingRange =
  "liegt außerhalb des Bereichs, in dem das Modell trainiert wurde. Die Antwort ist deshalb unzuverlässig.";
export const unusualTogether = "Zusammen ungewöhnlich";
export const theInputsTogether = "Die Eingaben zusammen";
export const stillWorking = "Wird noch berechnet …";
export const fillInTheRest = "Füllen Sie den Rest aus, um eine Antwort zu bekommen.";
export const unreachableKept =
  "Der Server antwortet nicht. Ihre Eingaben bleiben erhalten. Es wird automatisch erneut versucht.";
export const theServerRefused = "Der Server hat abgelehnt.";
/** @type {typeof import("../en/ask.js").ignoredInputs} */
export const ignoredInputs = (names) =>
  `Ignoriert, weil das Modell keine solche Eingabe hat: ${names}.`;
/** @type {typeof import("../en/ask.js").answeredIn} */
export const answeredIn = (milliseconds, warnings) =>
  `In ${count(milliseconds)} ms beantwortet${warnings > 0 ? `, mit ${plural(warnings, { one: "1 Warnung", other: `${count(warnings)} Warnungen` })}` : ""}`;
/** @type {typeof import("../en/ask.js").warningCount} */
export const warningCount = (warnings) =>
  plural(warnings, { one: "1 Warnung", other: `${count(warnings)} Warnungen` });
/** @type {typeof import("../en/ask.js").aboutIn100} */
export const aboutIn100 = (hundredths) => `etwa ${count(hundredths)} von 100`;
/** @type {typeof import("../en/ask.js").aboutIn10} */
export const aboutIn10 = (tenths) => `etwa ${count(tenths)} von 10`;
/** @type {typeof import("../en/ask.js").rightOfFew} */
export const rightOfFew = (rows, right) =>
  plural(rows, {
    one: `Die eine solche Antwort auf ungesehenen Zeilen war ${right === 1 ? "richtig" : "falsch"}.`,
    other: `Von ${count(rows)} solchen Antworten auf ungesehenen Zeilen ${right === 1 ? "war 1" : `waren ${count(right)}`} richtig.`,
  });
/** @type {typeof import("../en/ask.js").rightOfMany} */
export const rightOfMany = (rows, share, low, high) =>
  `Von ${count(rows)} solchen Antworten auf ungesehenen Zeilen waren ${share} richtig (95-%-Intervall: ${low} bis ${high}).`;
/** @type {typeof import("../en/ask.js").setOfOne} */
export const setOfOne = (coverage) =>
  `Die Vorhersagemenge zu ${coverage} enthält kein weiteres Ergebnis.`;
/** @type {typeof import("../en/ask.js").setOfMore} */
export const setOfMore = (coverage, others) =>
  `Die Vorhersagemenge zu ${coverage} enthält auch: ${others}.`;
/** @type {typeof import("../en/ask.js").intervalText} */
export const intervalText = (coverage, range) => `Vorhersageintervall zu ${coverage}: ${range}.`;
/** @type {typeof import("../en/ask.js").trainedOnOnly} */
export const trainedOnOnly = (rows) =>
  plural(rows, {
    one: "Mit nur 1 Zeile trainiert.",
    other: `Mit nur ${count(rows)} Zeilen trainiert.`,
  });
/** @type {typeof import("../en/ask.js").needFixing} */
export const needFixing = (inputs) =>
  plural(inputs, {
    one: "1 Eingabe muss korrigiert werden.",
    other: `${count(inputs)} Eingaben müssen korrigiert werden.`,
  });
