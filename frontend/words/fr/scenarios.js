/** Words for answers side by side. */

import { count } from "../../lib/format.js";

export const scenarioRemoved = "Scénario retiré.";
export const theServerDidNotAnswer = "Le serveur n’a pas répondu.";
export const scenarios = "Scénarios";
export const copyAsCsv = "Copier en CSV";
export const table = "Tableau";
export const scenariosSideBySide = "Scénarios côte à côte";
export const scenario = "Scénario";
export const againstNow = "Par rapport à maintenant";
export const largestContributions = "Contributions les plus fortes";
export const nowInTheForm = "Actuellement dans le formulaire";
export const moveUp = "Monter";
export const moveDown = "Descendre";
export const remove = "Retirer";
export const now = "Maintenant";
export const changeToCompare = "Changez une entrée pour voir une autre réponse à côté de celle-ci.";
export const everyInputDiffers = "Toutes les entrées diffèrent.";
/** @type {typeof import("../en/scenarios.js").intervalTitle} */
export const intervalTitle = (coverage) => `Intervalle de prédiction (${coverage})`;
/** @type {typeof import("../en/scenarios.js").setTitle} */
export const setTitle = (coverage) => `Ensemble de prédiction (${coverage})`;
/** @type {typeof import("../en/scenarios.js").sharedInputs} */
export const sharedInputs = (shared, all) =>
  `${count(shared)} entrées sur ${count(all)} sont les mêmes partout.`;
/** @type {typeof import("../en/scenarios.js").nameOfScenario} */
export const nameOfScenario = (place) => `Nom du scénario ${place}`;
/** @type {typeof import("../en/scenarios.js").scenarioAt} */
export const scenarioAt = (place) => `Scénario ${place}`;
export const fillIn = "Remplir";
