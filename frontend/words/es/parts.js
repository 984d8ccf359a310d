/** Words for what few answers and few inputs have. */

import { count } from "../../lib/format.js";

/** @type {typeof import("../en/parts.js").saysInDoubt} */
export const saysInDoubt = (answer) => `El modelo dice «${answer}», pero no te fíes de ello.`;
export const belowAll = "Por debajo de todos los resultados del entrenamiento.";
export const aboveAll = "Por encima de todos los resultados del entrenamiento.";
export const within = "Dentro de los resultados del entrenamiento.";
export const scores = "Puntuaciones";
export const scoresOfClasses =
  "Este modelo no da probabilidades. Estas son sus propias puntuaciones, sin unidad. Gana la más alta.";
/** @type {typeof import("../en/parts.js").scoreOfTwo} */
export const scoreOfTwo = (low, high) =>
  `Este modelo no da probabilidades. Una puntuación por debajo de 0 significa «${low}»; por encima de 0, «${high}». Una cercana a 0 está junto a la frontera.`;
export const score = "Puntuación";
export const allOutcomes = "Todos los resultados";
export const allGroups = "Todos los grupos";
/** @type {typeof import("../en/parts.js").oneOfOutcomes} */
export const oneOfOutcomes = (outcomes) =>
  `Uno de ${count(outcomes)} resultados. Este modelo no da probabilidades.`;
/** @type {typeof import("../en/parts.js").oneOfGroups} */
export const oneOfGroups = (groups) =>
  `Uno de ${count(groups)} grupos. Este modelo no da probabilidades.`;
/** @type {typeof import("../en/parts.js").lowerInTraining} */
export const lowerInTraining = (below) =>
  `Unos ${count(below)} de cada 100 resultados del entrenamiento son menores.`;
export const takesLonger = "La respuesta tarda más de lo habitual.";
export const inputsUsed = "Entradas usadas";
export const printOrSaveAsPdf = "Imprimir o guardar como PDF";
export const kept = "Guardada";
export const keepThisAnswer = "Guardar esta respuesta";
export const goToTheAnswer = "Ir a la respuesta:";
/** @type {typeof import("../en/parts.js").localTime} */
export const localTime = (zone) => `Hora local de ${zone}.`;
/** @type {typeof import("../en/parts.js").characters} */
export const characters = (characters, limit) =>
  `${count(characters)} de ${count(limit)} caracteres`;
/** @type {typeof import("../en/parts.js").andMoreOutputs} */
export const andMoreOutputs = (outputs, more) => `${outputs}; y ${count(more)} más`;
/** @type {typeof import("../en/parts.js").rightCounted} */
export const rightCounted = (right, rows) =>
  `${count(right)} de ${count(rows)} respuestas así ${right === 1 ? "fue correcta" : "fueron correctas"}`;
/** @type {typeof import("../en/parts.js").rightShare} */
export const rightShare = (share, rows) =>
  `${share} de ${count(rows)} respuestas así fueron correctas`;
