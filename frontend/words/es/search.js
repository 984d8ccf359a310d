/** Words for searching the list of models. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {typeof import("../en/search.js").modelCount} */
export const modelCount = (models) =>
  plural(models, { one: "1 modelo", other: `${count(models)} modelos` });
/** @type {typeof import("../en/search.js").foundModels} */
export const foundModels = (shown, all) => `${count(shown)} de ${count(all)} modelos`;
/** @type {typeof import("../en/search.js").noModelMatches} */
export const noModelMatches = (sought) => `Ningún modelo coincide con «${sought}».`;
