/** Words for measured rows near an answer. */

import { count } from "../../lib/format.js";

export const similarRowsInTheData = "数据中的相似行";
export const nearestLead =
  "结果已知的行，由没有见过它们的拟合来预测。最近的行是其差异对模型影响最小的行。";
export const showSimilarRows = "显示相似行";
export const moreRows = "更多行";
export const theSameInputs = "输入相同";
export const noneClose = "没有与这些输入接近的已测量行，因此不说明此处的误差。以下是差异最小的行。";
/** @type {typeof import("../en/nearest.js").predictedNumber} */
export const predictedNumber = (figure) => `预测：${figure}`;
export const predictedCorrectly = "预测正确";
/** @type {typeof import("../en/nearest.js").predictedClass} */
export const predictedClass = (name) => `预测：“${name}”`;
/** @type {typeof import("../en/nearest.js").notCompared} */
export const notCompared = (inputs) => `未比较：${inputs}。`;
export const noRows = "无法加载这些行。";
/** @type {typeof import("../en/nearest.js").more} */
export const more = (more) => `另有 ${count(more)} 个`;
/** @type {typeof import("../en/nearest.js").tooFewKept} */
export const tooFewKept = (rows) => `只保留了 ${count(rows)} 行：太少，无法说明答案附近的误差。`;
/** @type {typeof import("../en/nearest.js").rightNearby} */
export const rightNearby = (rows, right, share, low, high) =>
  `与这些输入最近的 ${count(rows)} 个已测量行中，${count(right)} 个预测正确：${share}（95% 区间：${low} 至 ${high}）。`;
/** @type {typeof import("../en/nearest.js").errorNearby} */
export const errorNearby = (rows, error, low, high) =>
  `在与这些输入最近的 ${count(rows)} 个已测量行上，预测平均偏差 ${error}（95% 区间：${low} 至 ${high}）。`;
/** @type {typeof import("../en/nearest.js").rightOfAll} */
export const rightOfAll = (rows, share) => `在全部 ${count(rows)} 个保留行上为 ${share}。`;
/** @type {typeof import("../en/nearest.js").errorOfAll} */
export const errorOfAll = (rows, error) => `在全部 ${count(rows)} 个保留行上为 ${error}。`;
/** @type {typeof import("../en/nearest.js").tooHigh} */
export const tooHigh = (off) => `在这些输入附近，预测平均偏高 ${off}。`;
/** @type {typeof import("../en/nearest.js").tooLow} */
export const tooLow = (off) => `在这些输入附近，预测平均偏低 ${off}。`;
/** @type {typeof import("../en/nearest.js").intervalHeld} */
export const intervalHeld = (stated, held, rows) =>
  `${stated} 预测区间包含了 ${count(rows)} 行中 ${count(held)} 行的结果。`;
/** @type {typeof import("../en/nearest.js").setHeld} */
export const setHeld = (stated, held, rows) =>
  `${stated} 预测集包含了 ${count(rows)} 行中 ${count(held)} 行的结果。`;
