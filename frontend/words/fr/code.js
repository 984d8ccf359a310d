/** Words for calling the API. */

export const whatWouldChangeIt = "Ce qui le changerait";
export const similarRows = "Lignes semblables";
export const inTheForm = "La question du formulaire, sous forme de code.";
export const allEndpoints = "Tous les points d’accès";
export const fillInEvery = "Remplissez chaque entrée pour voir le code correspondant.";
export const languages = "Langage ou protocole";
export const response = "Réponse";
export const noResponse = "Le serveur n’a pas répondu.";
export const whatToAskFor = "Que demander";
/** @type {typeof import("../en/code.js").codeIn} */
export const codeIn = (language) => `Code ${language}`;
