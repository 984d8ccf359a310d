/** Words around figures, used by several features. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {(rows: number) => string} */
export const rowCount = (rows) => plural(rows, { one: "1 row", other: `${count(rows)} rows` });
