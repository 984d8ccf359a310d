/** Words for searching the list of models. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {typeof import("../en/search.js").modelCount} */
export const modelCount = (models) =>
  plural(models, { one: `${count(models)} modèle`, other: `${count(models)} modèles` });
/** @type {typeof import("../en/search.js").foundModels} */
export const foundModels = (shown, all) => `${count(shown)} modèles sur ${count(all)}`;
/** @type {typeof import("../en/search.js").noModelMatches} */
export const noModelMatches = (sought) => `Aucun modèle ne correspond à « ${sought} ».`;
