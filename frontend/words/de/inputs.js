/** Words for the inputs of a form. */

import { count } from "../../lib/format.js";

export const yes = "Ja";
export const no = "Nein";
export const trueOrFalse = "Ja oder nein";
export const category = "Kategorie";
export const enterAValue = "Geben Sie einen Wert ein.";
export const date = "Datum";
export const dateAndTime = "Datum und Uhrzeit";
export const number = "Zahl";
/** @type {typeof import("../en/inputs.js").expectedNumber} */
export const expectedNumber = (found) => `Erwartet wird eine Zahl, gefunden wurde ${found}.`;
/** @type {typeof import("../en/inputs.js").ambiguousNumber} */
export const ambiguousNumber = (found) => `${found} lässt sich auf zwei Arten lesen.`;
export const wholeNumber = "Ganze Zahl";
export const notKnown = "Nicht bekannt";
export const choose = "Auswählen …";
/** @type {typeof import("../en/inputs.js").unseen} */
export const unseen = (typed) => `${typed} (kam im Training nicht vor)`;
export const beyondThisSlider = "außerhalb dieses Reglers";
/** @type {typeof import("../en/inputs.js").slider} */
export const slider = (label) => `${label}, Schieberegler`;
export const notSet = "nicht gesetzt";
export const text = "Text";
export const yesWithin = "ja";
export const noWithin = "nein";
/** @type {typeof import("../en/inputs.js").approximately} */
export const approximately = (value) => `etwa ${value}`;
/** @type {typeof import("../en/inputs.js").rare} */
export const rare = (label, rows) => `${label} (selten: ${count(rows)} im Training)`;
/** @type {typeof import("../en/inputs.js").useReading} */
export const useReading = (reading) => `${reading} übernehmen`;
