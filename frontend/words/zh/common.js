/** Words that several features use. */

import { count } from "../../lib/format.js";

export const rows = "行数";
export const predicted = "预测";
export const notKnown = "未知";
export const probabilities = "概率";
export const likelyBetween = "可能范围";
export const tryAgainNow = "立即重试";
export const input = "输入";
export const standardError = "标准误";
export const showTheNumbers = "显示数字";
export const value = "值";
export const addYourModel = "添加你的模型";
export const tryIt = "试一试";
export const copy = "复制";
export const inputs = "输入";
export const request = "请求";
export const tryNow = "立即重试";
export const warnings = "警告";
export const ask = "提问";
export const share = "占比";
export const doesNotFit = "与该模型的这个版本不匹配。";
export const searching = "正在查找…";
export const tried = "已填入";
export const tryAgain = "重试";
/** @type {typeof import("../en/common.js").quoted} */
export const quoted = (text) => `“${text}”`;
/** @type {typeof import("../en/common.js").range} */
export const range = (low, high) => `${low} 至 ${high}`;
export const sameSource = "这适用于与已测量数据同一来源的新数据。";
export const actual = "实际";
export const prediction = "预测";
export const whatInfluencedIt = "影响结果的因素";
export const whatIf = "假如";
/** @type {typeof import("../en/common.js").andMore} */
export const andMore = (named, more) => `${named} 等另外 ${count(more)} 个`;
export const noVerdict = "无法判断";
/** @type {typeof import("../en/common.js").showTheFirst} */
export const showTheFirst = (first) => `只显示前 ${count(first)} 个`;
/** @type {typeof import("../en/common.js").showAll} */
export const showAll = (all) => `显示全部 ${count(all)} 个`;
export const undo = "撤销";
