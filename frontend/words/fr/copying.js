/** Words for copying by hand. */

/** @type {typeof import("../en/copying.js").copyOf} */
export const copyOf = (what) => `Copier : ${what}`;
export const copyByHand = "Ce navigateur ne permet pas de copier. Copiez le texte vous-même :";
export const close = "Fermer";
