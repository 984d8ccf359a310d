/** Words for answers side by side. */

import { count } from "../../lib/format.js";

export const scenarioRemoved = "Escenario quitado.";
export const theServerDidNotAnswer = "El servidor no contestó.";
export const scenarios = "Escenarios";
export const copyAsCsv = "Copiar como CSV";
export const table = "Tabla";
export const scenariosSideBySide = "Escenarios lado a lado";
export const scenario = "Escenario";
export const againstNow = "Respecto a ahora";
export const largestContributions = "Mayores contribuciones";
export const nowInTheForm = "Ahora en el formulario";
export const moveUp = "Subir";
export const moveDown = "Bajar";
export const remove = "Quitar";
export const now = "Ahora";
export const changeToCompare = "Cambia una entrada para ver otra respuesta junto a esta.";
export const everyInputDiffers = "Todas las entradas difieren.";
/** @type {typeof import("../en/scenarios.js").intervalTitle} */
export const intervalTitle = (coverage) => `Intervalo de predicción (${coverage})`;
/** @type {typeof import("../en/scenarios.js").setTitle} */
export const setTitle = (coverage) => `Conjunto de predicción (${coverage})`;
/** @type {typeof import("../en/scenarios.js").sharedInputs} */
export const sharedInputs = (shared, all) =>
  `${count(shared)} de ${count(all)} entradas son iguales en todos.`;
/** @type {typeof import("../en/scenarios.js").nameOfScenario} */
export const nameOfScenario = (place) => `Nombre del escenario ${place}`;
/** @type {typeof import("../en/scenarios.js").scenarioAt} */
export const scenarioAt = (place) => `Escenario ${place}`;
export const fillIn = "Rellenar";
