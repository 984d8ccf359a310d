/** Words for searching the list of models. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {typeof import("../en/search.js").modelCount} */
export const modelCount = (models) =>
  plural(models, { one: "1 Modell", other: `${count(models)} Modelle` });
/** @type {typeof import("../en/search.js").foundModels} */
export const foundModels = (shown, all) => `${count(shown)} von ${count(all)} Modellen`;
/** @type {typeof import("../en/search.js").noModelMatches} */
export const noModelMatches = (sought) => `Kein Modell passt zu „${sought}“.`;
