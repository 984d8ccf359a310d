/** Words for a pasted row. */

import { count } from "../../lib/format.js";

export const pasteFormats = "CSV, TSV oder JSON, mit Namen oder in der Reihenfolge unten";
export const fillIn = "Ausfüllen";
export const noInputNamed = "Nichts ausgefüllt: Kein Name darin ist eine Eingabe dieses Modells.";
/** @type {typeof import("../en/paste.js").notInIt} */
export const notInIt = (labels) => `Nicht enthalten: ${labels}.`;
/** @type {typeof import("../en/paste.js").leftOut} */
export const leftOut = (names) => `Keine Eingabe, weggelassen: ${names}.`;
/** @type {typeof import("../en/paste.js").rowFilledIn} */
export const rowFilledIn = (values) => `Zeile ausgefüllt: ${values}.`;
/** @type {typeof import("../en/paste.js").firstFilledIn} */
export const firstFilledIn = (rows, values) =>
  `Die erste von ${count(rows)} Zeilen ausgefüllt: ${values}.`;
export const invalidJson = "Nichts ausgefüllt: Das ist kein gültiges JSON.";
/** @type {typeof import("../en/paste.js").expectedValues} */
export const expectedValues = (expected, found) =>
  `Nichts ausgefüllt: Erwartet werden ${count(expected)} Werte in der Reihenfolge des Formulars oder eine Zeile mit Namen darüber; gefunden: ${count(found)}.`;
