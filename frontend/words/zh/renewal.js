/** Words for another version of a model that is served now. */

/** @type {typeof import("../en/renewal.js").versionIsServedNow} */
export const versionIsServedNow = (version) => `现在提供的是版本 ${version}。`;
/** @type {typeof import("../en/renewal.js").itAlsoAsksFor} */
export const itAlsoAsksFor = (added) => `它还需要：${added}。`;
/** @type {typeof import("../en/renewal.js").itNoLongerAsksFor} */
export const itNoLongerAsksFor = (removed) => `它不再需要：${removed}。`;
