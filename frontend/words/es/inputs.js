/** Words for the inputs of a form. */

import { count } from "../../lib/format.js";

export const yes = "Sí";
export const no = "No";
export const trueOrFalse = "Sí o no";
export const category = "Categoría";
export const enterAValue = "Introduce un valor.";
export const date = "Fecha";
export const dateAndTime = "Fecha y hora";
export const number = "Número";
/** @type {typeof import("../en/inputs.js").expectedNumber} */
export const expectedNumber = (found) => `Se esperaba un número y se encontró ${found}.`;
/** @type {typeof import("../en/inputs.js").ambiguousNumber} */
export const ambiguousNumber = (found) => `${found} se puede leer de dos maneras.`;
export const wholeNumber = "Número entero";
export const notKnown = "Desconocido";
export const choose = "Elegir…";
/** @type {typeof import("../en/inputs.js").unseen} */
export const unseen = (typed) => `${typed} (no visto en el entrenamiento)`;
export const beyondThisSlider = "fuera de este control";
/** @type {typeof import("../en/inputs.js").slider} */
export const slider = (label) => `${label}, control deslizante`;
export const notSet = "sin definir";
export const text = "Texto";
export const yesWithin = "sí";
export const noWithin = "no";
/** @type {typeof import("../en/inputs.js").approximately} */
export const approximately = (value) => `aprox. ${value}`;
/** @type {typeof import("../en/inputs.js").rare} */
export const rare = (label, rows) => `${label} (raro: ${count(rows)} en el entrenamiento)`;
/** @type {typeof import("../en/inputs.js").useReading} */
export const useReading = (reading) => `Usar ${reading}`;
