/** Words for calling the API. */

export const whatWouldChangeIt = "Qué lo cambiaría";
export const similarRows = "Filas parecidas";
export const inTheForm = "La pregunta del formulario, como código.";
export const allEndpoints = "Todos los puntos de acceso";
export const fillInEvery = "Rellena todas las entradas para ver su código.";
export const languages = "Lenguaje o protocolo";
export const response = "Respuesta";
export const noResponse = "El servidor no respondió.";
export const whatToAskFor = "Qué se pide";
/** @type {typeof import("../en/code.js").codeIn} */
export const codeIn = (language) => `Código de ${language}`;
