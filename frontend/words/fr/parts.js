/** Words for what few answers and few inputs have. */

import { count } from "../../lib/format.js";

/** @type {typeof import("../en/parts.js").saysInDoubt} */
export const saysInDoubt = (answer) => `Le modèle dit « ${answer} », mais ne vous y fiez pas.`;
export const belowAll = "En dessous de tous les résultats vus à l’entraînement.";
export const aboveAll = "Au-dessus de tous les résultats vus à l’entraînement.";
export const within = "Parmi les résultats vus à l’entraînement.";
export const scores = "Scores";
export const scoresOfClasses =
  "Ce modèle ne donne pas de probabilités. Voici ses propres scores, sans unité. Le score le plus élevé l’emporte.";
/** @type {typeof import("../en/parts.js").scoreOfTwo} */
export const scoreOfTwo = (low, high) =>
  `Ce modèle ne donne pas de probabilités. Un score inférieur à 0 signifie « ${low} », un score supérieur à 0 « ${high} ». Un score proche de 0 est près de la frontière.`;
export const score = "Score";
export const allOutcomes = "Tous les résultats";
export const allGroups = "Tous les groupes";
/** @type {typeof import("../en/parts.js").oneOfOutcomes} */
export const oneOfOutcomes = (outcomes) =>
  `Un résultat parmi ${count(outcomes)}. Ce modèle ne donne pas de probabilités.`;
/** @type {typeof import("../en/parts.js").oneOfGroups} */
export const oneOfGroups = (groups) =>
  `Un groupe parmi ${count(groups)}. Ce modèle ne donne pas de probabilités.`;
/** @type {typeof import("../en/parts.js").lowerInTraining} */
export const lowerInTraining = (below) =>
  `Environ ${count(below)} résultats sur 100 à l’entraînement sont inférieurs.`;
export const takesLonger = "La réponse prend plus de temps que d’habitude.";
export const inputsUsed = "Entrées utilisées";
export const printOrSaveAsPdf = "Imprimer ou enregistrer en PDF";
export const kept = "Conservée";
export const keepThisAnswer = "Conserver cette réponse";
export const goToTheAnswer = "Aller à la réponse :";
/** @type {typeof import("../en/parts.js").localTime} */
export const localTime = (zone) => `Heure locale de ${zone}.`;
/** @type {typeof import("../en/parts.js").characters} */
export const characters = (characters, limit) =>
  `${count(characters)} caractères sur ${count(limit)}`;
/** @type {typeof import("../en/parts.js").andMoreOutputs} */
export const andMoreOutputs = (outputs, more) => `${outputs} ; et ${count(more)} autres`;
/** @type {typeof import("../en/parts.js").rightCounted} */
export const rightCounted = (right, rows) =>
  `${count(right)} réponses de ce type sur ${count(rows)} étaient justes`;
/** @type {typeof import("../en/parts.js").rightShare} */
export const rightShare = (share, rows) =>
  `${share} de ${count(rows)} réponses de ce type étaient justes`;
