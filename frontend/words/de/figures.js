/** Words around figures, used by several features. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {typeof import("../en/figures.js").rowCount} */
export const rowCount = (rows) => plural(rows, { one: "1 Zeile", other: `${count(rows)} Zeilen` });
