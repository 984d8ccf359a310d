/** Words for what the server says by a code. English takes the words of the server itself. */

/** @type {typeof import("../en/server.js").seenInTraining} */
export const seenInTraining = (low, high) => `En el entrenamiento: ${low} a ${high}.`;
export const neverSeen = "Este valor nunca apareció en el entrenamiento.";
export const rarelyTogether = "Estos valores rara vez se dan juntos en los datos de entrenamiento.";
export const assumedMissing = "No se dio ningún valor, así que cuenta como ausente.";
export const wholeNumber = "Se esperaba un número entero.";
export const number = "Se esperaba un número.";
export const trueOrFalse = "Se esperaba verdadero o falso.";
export const knownCategory = "Se esperaba una de las categorías conocidas.";
export const date = "Se esperaba una fecha como 2024-02-29.";
export const text = "Se esperaba un texto.";
