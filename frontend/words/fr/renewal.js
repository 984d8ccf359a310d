/** Words for another version of a model that is served now. */

/** @type {typeof import("../en/renewal.js").versionIsServedNow} */
export const versionIsServedNow = (version) => `La version ${version} est maintenant en service.`;
/** @type {typeof import("../en/renewal.js").itAlsoAsksFor} */
export const itAlsoAsksFor = (added) => `Elle demande aussi : ${added}.`;
/** @type {typeof import("../en/renewal.js").itNoLongerAsksFor} */
export const itNoLongerAsksFor = (removed) => `Elle ne demande plus : ${removed}.`;
