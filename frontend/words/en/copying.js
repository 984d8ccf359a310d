/** Words for copying by hand. */

/** @type {(what: string) => string} */
export const copyOf = (what) => `Copy ${what}`;
export const copyByHand = "This browser does not allow copying. Copy the text yourself:";
export const close = "Close";
