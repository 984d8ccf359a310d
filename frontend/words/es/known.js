/** Words for rows whose outcome is known, and for an answer against the truth. */

import { count } from "../../lib/format.js";

export const knownRows = "Filas con resultado conocido";
export const knownLead =
  "Filas con las que se midió el modelo, cada una predicha por un ajuste que no la vio. Rellena el formulario con una para ver la respuesta junto a la verdad.";
export const showRows = "Mostrar filas";
export const order = "Orden";
export const largestError = "Primero el mayor error";
export const smallestError = "Primero el menor error";
export const wrongFirst = "Primero las respuestas erróneas";
export const rightFirst = "Primero las respuestas correctas";
export const leastSure = "Primero las menos seguras";
export const mostSure = "Primero las más seguras";
export const highestOutcome = "Primero el resultado más alto";
export const lowestOutcome = "Primero el resultado más bajo";
export const outcome = "Resultado";
export const allOutcomes = "Todos los resultados";
export const loading = "Cargando…";
export const tryAgain = "Reintentar";
export const unreachable = "No se pudieron cargar las filas: el servidor no contestó.";
export const noRows = "No hay filas.";
/** @type {typeof import("../en/known.js").range} */
export const range = (first, last, total) => `${count(first)} a ${count(last)} de ${count(total)}`;
export const previous = "Anterior";
export const next = "Siguiente";
export const pick = "Rellenar";
export const picked = "Rellenado";
/** @type {typeof import("../en/known.js").predictedOff} */
export const predictedOff = (prediction, difference) => `predicho: ${prediction} (${difference})`;
/** @type {typeof import("../en/known.js").predictedInstead} */
export const predictedInstead = (outcome) => `predicho: «${outcome}»`;
export const predictedRightly = "predicho correctamente";
/** @type {typeof import("../en/known.js").moreInputs} */
export const moreInputs = (more) => `${count(more)} más`;
export const trueOutcome = "Resultado verdadero";
export const answerIsRight = "La respuesta es correcta.";
export const answerIsWrong = "La respuesta es errónea.";
export const answerIsExact = "La respuesta es la misma.";
/** @type {typeof import("../en/known.js").answerIsHigher} */
export const answerIsHigher = (size) => `La respuesta es ${size} mayor.`;
/** @type {typeof import("../en/known.js").answerIsLower} */
export const answerIsLower = (size) => `La respuesta es ${size} menor.`;
/** @type {typeof import("../en/known.js").intervalHolds} */
export const intervalHolds = (coverage) =>
  `Su intervalo de predicción del ${coverage} contiene el resultado verdadero.`;
/** @type {typeof import("../en/known.js").intervalMisses} */
export const intervalMisses = (coverage) =>
  `Su intervalo de predicción del ${coverage} no contiene el resultado verdadero.`;
/** @type {typeof import("../en/known.js").setHolds} */
export const setHolds = (coverage) =>
  `Su conjunto de predicción del ${coverage} contiene el resultado verdadero.`;
/** @type {typeof import("../en/known.js").setMisses} */
export const setMisses = (coverage) =>
  `Su conjunto de predicción del ${coverage} no contiene el resultado verdadero.`;
