/** Words for another version of a model that is served now. */

/** @type {typeof import("../en/renewal.js").versionIsServedNow} */
export const versionIsServedNow = (version) => `Jetzt wird Version ${version} bereitgestellt.`;
/** @type {typeof import("../en/renewal.js").itAlsoAsksFor} */
export const itAlsoAsksFor = (added) => `Sie fragt zusätzlich nach: ${added}.`;
/** @type {typeof import("../en/renewal.js").itNoLongerAsksFor} */
export const itNoLongerAsksFor = (removed) => `Sie fragt nicht mehr nach: ${removed}.`;
