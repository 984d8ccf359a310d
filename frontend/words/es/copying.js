/** Words for copying by hand. */

/** @type {typeof import("../en/copying.js").copyOf} */
export const copyOf = (what) => `Copiar: ${what}`;
export const copyByHand = "Este navegador no permite copiar. Copia tú el texto:";
export const close = "Cerrar";
