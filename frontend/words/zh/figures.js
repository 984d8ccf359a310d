/** Words around figures, used by several features. */

import { count } from "../../lib/format.js";

/** @type {typeof import("../en/figures.js").rowCount} */
export const rowCount = (rows) => `${count(rows)} 行`;
