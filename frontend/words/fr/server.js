/** Words for what the server says by a code. English takes the words of the server itself. */

/** @type {typeof import("../en/server.js").seenInTraining} */
export const seenInTraining = (low, high) => `À l’entraînement : ${low} à ${high}.`;
export const neverSeen = "Cette valeur n’est jamais apparue à l’entraînement.";
export const rarelyTogether =
  "Ces valeurs se rencontrent rarement ensemble dans les données d’entraînement.";
export const assumedMissing = "Aucune valeur n’a été donnée : elle compte comme manquante.";
export const wholeNumber = "Un nombre entier est attendu.";
export const number = "Un nombre est attendu.";
export const trueOrFalse = "Vrai ou faux est attendu.";
export const knownCategory = "Une des catégories connues est attendue.";
export const date = "Une date telle que 2024-02-29 est attendue.";
export const text = "Un texte est attendu.";
