/** Words for the inputs of a form. */

import { count } from "../../lib/format.js";

export const yes = "是";
export const no = "否";
export const trueOrFalse = "是或否";
export const category = "类别";
export const enterAValue = "请输入一个值。";
export const date = "日期";
export const dateAndTime = "日期和时间";
export const number = "数字";
/** @type {typeof import("../en/inputs.js").expectedNumber} */
export const expectedNumber = (found) => `应为数字，却是${found}。`;
/** @type {typeof import("../en/inputs.js").ambiguousNumber} */
export const ambiguousNumber = (found) => `${found}有两种读法。`;
export const wholeNumber = "整数";
export const notKnown = "未知";
export const choose = "请选择…";
/** @type {typeof import("../en/inputs.js").unseen} */
export const unseen = (typed) => `${typed}（训练数据中没有）`;
export const beyondThisSlider = "超出此滑块范围";
/** @type {typeof import("../en/inputs.js").slider} */
export const slider = (label) => `${label}，滑块`;
export const notSet = "未设置";
export const text = "文本";
export const yesWithin = "是";
export const noWithin = "否";
/** @type {typeof import("../en/inputs.js").approximately} */
export const approximately = (value) => `约 ${value}`;
/** @type {typeof import("../en/inputs.js").rare} */
export const rare = (label, rows) => `${label}（少见：训练数据中 ${count(rows)} 行）`;
/** @type {typeof import("../en/inputs.js").useReading} */
export const useReading = (reading) => `采用 ${reading}`;
