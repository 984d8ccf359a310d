/** Words for searching the list of models. */

import { count } from "../../lib/format.js";

/** @type {typeof import("../en/search.js").modelCount} */
export const modelCount = (models) => `${count(models)} 个模型`;
/** @type {typeof import("../en/search.js").foundModels} */
export const foundModels = (shown, all) => `${count(all)} 个模型中的 ${count(shown)} 个`;
/** @type {typeof import("../en/search.js").noModelMatches} */
export const noModelMatches = (sought) => `没有与“${sought}”匹配的模型。`;
