/** Words for what the server says by a code. English takes the words of the server itself. */

/** @type {typeof import("../en/server.js").seenInTraining} */
export const seenInTraining = (low, high) => `Im Training: ${low} bis ${high}.`;
export const neverSeen = "Dieser Wert kam im Training nie vor.";
export const rarelyTogether = "Diese Werte kommen in den Trainingsdaten selten zusammen vor.";
export const assumedMissing = "Es wurde kein Wert angegeben; er gilt als fehlend.";
export const wholeNumber = "Erwartet wird eine ganze Zahl.";
export const number = "Erwartet wird eine Zahl.";
export const trueOrFalse = "Erwartet wird wahr oder falsch.";
export const knownCategory = "Erwartet wird eine der bekannten Kategorien.";
export const date = "Erwartet wird ein Datum wie 2024-02-29.";
export const text = "Erwartet wird Text.";
