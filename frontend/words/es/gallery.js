/** Words for the list of models. */

export const askAModel = "Pregunta a un modelo";
export const galleryLead = "Elige un modelo, cambia sus entradas y mira cómo cambia su respuesta.";
export const searchModels = "Buscar modelos";
export const oneCommand = "Basta un solo comando.";
export const newModel = "Nuevo";
export const loading = "Cargando";
export const cannotBeServed = "No disponibles";
export const picksAnOutcome = "Elige una clase";
export const estimatesANumber = "Estima un número";
export const groupsSimilarRows = "Agrupa filas parecidas";
export const findsUnusualRows = "Encuentra filas inusuales";
export const givesSeveralAnswers = "Da varias respuestas";
/** @type {typeof import("../en/gallery.js").versionCannotBeServed} */
export const versionCannotBeServed = (version) =>
  `La versión ${version} no se puede poner en servicio`;
export const changeCannotBeServed = "Su último cambio no se puede poner en servicio";
/** @type {typeof import("../en/gallery.js").arrived} */
export const arrived = (added) => `Nuevo: ${added}.`;
/** @type {typeof import("../en/gallery.js").noLongerServed} */
export const noLongerServed = (removed) => `Ya no está en servicio: ${removed}.`;
/** @type {typeof import("../en/gallery.js").version} */
export const version = (version) => `Versión ${version}`;
