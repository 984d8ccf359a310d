/** Words for another version of a model that is served now. */

/** @type {(version: string) => string} */
export const versionIsServedNow = (version) => `Version ${version} is served now.`;
/** @type {(added: string) => string} */
export const itAlsoAsksFor = (added) => `It also asks for: ${added}.`;
/** @type {(removed: string) => string} */
export const itNoLongerAsksFor = (removed) => `It no longer asks for: ${removed}.`;
