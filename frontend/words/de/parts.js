/** Words for what few answers and few inputs have. */

import { count } from "../../lib/format.js";

/** @type {typeof import("../en/parts.js").saysInDoubt} */
export const saysInDoubt = (answer) =>
  `Das Modell sagt „${answer}“, aber verlassen Sie sich nicht darauf.`;
export const belowAll = "Unter allen Ergebnissen aus dem Training.";
export const aboveAll = "Über allen Ergebnissen aus dem Training.";
export const within = "Im Bereich der Ergebnisse aus dem Training.";
export const scores = "Scores";
export const scoresOfClasses =
  "Dieses Modell gibt keine Wahrscheinlichkeiten an. Das sind seine eigenen Scores, ohne Einheit. Der höchste Score gewinnt.";
/** @type {typeof import("../en/parts.js").scoreOfTwo} */
export const scoreOfTwo = (low, high) =>
  `Dieses Modell gibt keine Wahrscheinlichkeiten an. Ein Score unter 0 bedeutet „${low}“, einer über 0 „${high}“. Ein Score nahe 0 liegt dicht an der Grenze.`;
export const score = "Score";
export const allOutcomes = "Alle Ergebnisse";
export const allGroups = "Alle Gruppen";
/** @type {typeof import("../en/parts.js").oneOfOutcomes} */
export const oneOfOutcomes = (outcomes) =>
  `Eines von ${count(outcomes)} Ergebnissen. Dieses Modell gibt keine Wahrscheinlichkeiten an.`;
/** @type {typeof import("../en/parts.js").oneOfGroups} */
export const oneOfGroups = (groups) =>
  `Eine von ${count(groups)} Gruppen. Dieses Modell gibt keine Wahrscheinlichkeiten an.`;
/** @type {typeof import("../en/parts.js").lowerInTraining} */
export const lowerInTraining = (below) =>
  `Etwa ${count(below)} von 100 Ergebnissen im Training sind niedriger.`;
export const takesLonger = "Die Antwort dauert länger als gewöhnlich.";
export const inputsUsed = "Verwendete Eingaben";
export const printOrSaveAsPdf = "Drucken oder als PDF speichern";
export const kept = "Gemerkt";
export const keepThisAnswer = "Diese Antwort merken";
export const goToTheAnswer = "Zur Antwort:";
/** @type {typeof import("../en/parts.js").localTime} */
export const localTime = (zone) => `Ortszeit in ${zone}.`;
/** @type {typeof import("../en/parts.js").characters} */
export const characters = (characters, limit) => `${count(characters)} von ${count(limit)} Zeichen`;
/** @type {typeof import("../en/parts.js").andMoreOutputs} */
export const andMoreOutputs = (outputs, more) => `${outputs}; und ${count(more)} weitere`;
/** @type {typeof import("../en/parts.js").rightCounted} */
export const rightCounted = (right, rows) =>
  `${count(right)} von ${count(rows)} solchen Antworten ${right === 1 ? "war" : "waren"} richtig`;
/** @type {typeof import("../en/parts.js").rightShare} */
export const rightShare = (share, rows) =>
  `${share} von ${count(rows)} solchen Antworten waren richtig`;
