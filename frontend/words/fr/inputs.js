/** Words for the inputs of a form. */

import { count } from "../../lib/format.js";

export const yes = "Oui";
export const no = "Non";
export const trueOrFalse = "Oui ou non";
export const category = "Catégorie";
export const enterAValue = "Saisissez une valeur.";
export const date = "Date";
export const dateAndTime = "Date et heure";
export const number = "Nombre";
/** @type {typeof import("../en/inputs.js").expectedNumber} */
export const expectedNumber = (found) => `Un nombre est attendu, et non ${found}.`;
/** @type {typeof import("../en/inputs.js").ambiguousNumber} */
export const ambiguousNumber = (found) => `${found} peut se lire de deux façons.`;
export const wholeNumber = "Nombre entier";
export const notKnown = "Inconnu";
export const choose = "Choisir…";
/** @type {typeof import("../en/inputs.js").unseen} */
export const unseen = (typed) => `${typed} (absent de l’entraînement)`;
export const beyondThisSlider = "hors de ce curseur";
/** @type {typeof import("../en/inputs.js").slider} */
export const slider = (label) => `${label}, curseur`;
export const notSet = "non défini";
export const text = "Texte";
export const yesWithin = "oui";
export const noWithin = "non";
/** @type {typeof import("../en/inputs.js").approximately} */
export const approximately = (value) => `environ ${value}`;
/** @type {typeof import("../en/inputs.js").rare} */
export const rare = (label, rows) => `${label} (rare : ${count(rows)} à l’entraînement)`;
/** @type {typeof import("../en/inputs.js").useReading} */
export const useReading = (reading) => `Utiliser ${reading}`;
