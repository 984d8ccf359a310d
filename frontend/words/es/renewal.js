/** Words for another version of a model that is served now. */

/** @type {typeof import("../en/renewal.js").versionIsServedNow} */
export const versionIsServedNow = (version) => `Ahora está en servicio la versión ${version}.`;
/** @type {typeof import("../en/renewal.js").itAlsoAsksFor} */
export const itAlsoAsksFor = (added) => `También pide: ${added}.`;
/** @type {typeof import("../en/renewal.js").itNoLongerAsksFor} */
export const itNoLongerAsksFor = (removed) => `Ya no pide: ${removed}.`;
