/** Words for a pasted row. */

import { count } from "../../lib/format.js";

export const pasteFormats = "CSV、TSV 或 JSON，带名称或按下面的顺序";
export const fillIn = "填入";
export const noInputNamed = "未填入任何内容：其中没有此模型的输入名称。";
/** @type {typeof import("../en/paste.js").notInIt} */
export const notInIt = (labels) => `其中没有：${labels}。`;
/** @type {typeof import("../en/paste.js").leftOut} */
export const leftOut = (names) => `不是输入，已略去：${names}。`;
/** @type {typeof import("../en/paste.js").rowFilledIn} */
export const rowFilledIn = (values) => `已填入一行：${values}。`;
/** @type {typeof import("../en/paste.js").firstFilledIn} */
export const firstFilledIn = (rows, values) => `已填入 ${count(rows)} 行中的第一行：${values}。`;
export const invalidJson = "未填入任何内容：这不是有效的 JSON。";
/** @type {typeof import("../en/paste.js").expectedValues} */
export const expectedValues = (expected, found) =>
  `未填入任何内容：应为按表单顺序的 ${count(expected)} 个值，或上方带一行名称；实际有 ${count(found)} 个。`;
