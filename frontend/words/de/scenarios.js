/** Words for answers side by side. */

import { count } from "../../lib/format.js";

export const scenarioRemoved = "Szenario entfernt.";
export const theServerDidNotAnswer = "Der Server hat nicht geantwortet.";
export const scenarios = "Szenarien";
export const copyAsCsv = "Als CSV kopieren";
export const table = "Tabelle";
export const scenariosSideBySide = "Szenarien nebeneinander";
export const scenario = "Szenario";
export const againstNow = "Gegenüber jetzt";
export const largestContributions = "Größte Beiträge";
export const nowInTheForm = "Jetzt im Formular";
export const moveUp = "Nach oben";
export const moveDown = "Nach unten";
export const remove = "Entfernen";
export const now = "Jetzt";
export const changeToCompare =
  "Ändern Sie eine Eingabe, um eine weitere Antwort neben dieser zu sehen.";
export const everyInputDiffers = "Alle Eingaben unterscheiden sich.";
/** @type {typeof import("../en/scenarios.js").intervalTitle} */
export const intervalTitle = (coverage) => `Vorhersageintervall (${coverage})`;
/** @type {typeof import("../en/scenarios.js").setTitle} */
export const setTitle = (coverage) => `Vorhersagemenge (${coverage})`;
/** @type {typeof import("../en/scenarios.js").sharedInputs} */
export const sharedInputs = (shared, all) =>
  `${count(shared)} von ${count(all)} Eingaben sind in allen gleich.`;
/** @type {typeof import("../en/scenarios.js").nameOfScenario} */
export const nameOfScenario = (place) => `Name von Szenario ${place}`;
/** @type {typeof import("../en/scenarios.js").scenarioAt} */
export const scenarioAt = (place) => `Szenario ${place}`;
export const fillIn = "Einsetzen";
