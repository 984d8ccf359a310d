/** Words for calling the API. */

export const whatWouldChangeIt = "Was es ändern würde";
export const similarRows = "Ähnliche Zeilen";
export const inTheForm = "Die Frage im Formular, als Code.";
export const allEndpoints = "Alle Endpunkte";
export const fillInEvery = "Füllen Sie jede Eingabe aus, um den Code dafür zu sehen.";
export const languages = "Sprache oder Protokoll";
export const response = "Antwort des Servers";
export const noResponse = "Der Server hat nicht geantwortet.";
export const whatToAskFor = "Wonach gefragt wird";
/** @type {typeof import("../en/code.js").codeIn} */
export const codeIn = (language) => `Code für ${language}`;
