/** Words for copying by hand. */

/** @type {typeof import("../en/copying.js").copyOf} */
export const copyOf = (what) => `${what} kopieren`;
export const copyByHand =
  "Dieser Browser erlaubt das Kopieren nicht. Kopieren Sie den Text selbst:";
export const close = "Schließen";
