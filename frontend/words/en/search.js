/** Words for searching the list of models. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {(models: number) => string} */
export const modelCount = (models) =>
  plural(models, { one: "1 model", other: `${count(models)} models` });
/** @type {(shown: number, all: number) => string} */
export const foundModels = (shown, all) => `${count(shown)} of ${count(all)} models`;
/** @type {(sought: string) => string} */
export const noModelMatches = (sought) => `No model matches “${sought}”.`;
