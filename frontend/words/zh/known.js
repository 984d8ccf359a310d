/** Words for rows whose outcome is known, and for an answer against the truth. */

import { count } from "../../lib/format.js";

export const knownRows = "结果已知的行";
export const knownLead =
  "用来测量模型的行，每行都由没有见过它的拟合来预测。用其中一行填写表单，即可对照真实结果查看答案。";
export const showRows = "显示行";
export const order = "排序";
export const largestError = "误差最大的在前";
export const smallestError = "误差最小的在前";
export const wrongFirst = "错误答案在前";
export const rightFirst = "正确答案在前";
export const leastSure = "最不确定的在前";
export const mostSure = "最确定的在前";
export const highestOutcome = "结果最高的在前";
export const lowestOutcome = "结果最低的在前";
export const outcome = "结果";
export const allOutcomes = "所有结果";
export const loading = "正在加载…";
export const tryAgain = "重试";
export const unreachable = "无法加载这些行：服务器没有应答。";
export const noRows = "没有行。";
/** @type {typeof import("../en/known.js").range} */
export const range = (first, last, total) =>
  `第 ${count(first)} 至 ${count(last)} 行，共 ${count(total)} 行`;
export const previous = "上一页";
export const next = "下一页";
export const pick = "填入";
export const picked = "已填入";
/** @type {typeof import("../en/known.js").predictedOff} */
export const predictedOff = (prediction, difference) => `预测：${prediction}（${difference}）`;
/** @type {typeof import("../en/known.js").predictedInstead} */
export const predictedInstead = (outcome) => `预测：“${outcome}”`;
export const predictedRightly = "预测正确";
/** @type {typeof import("../en/known.js").moreInputs} */
export const moreInputs = (more) => `另有 ${count(more)} 个`;
export const trueOutcome = "真实结果";
export const answerIsRight = "答案正确。";
export const answerIsWrong = "答案错误。";
export const answerIsExact = "答案相同。";
/** @type {typeof import("../en/known.js").answerIsHigher} */
export const answerIsHigher = (size) => `答案高 ${size}。`;
/** @type {typeof import("../en/known.js").answerIsLower} */
export const answerIsLower = (size) => `答案低 ${size}。`;
/** @type {typeof import("../en/known.js").intervalHolds} */
export const intervalHolds = (coverage) => `其 ${coverage} 预测区间包含真实结果。`;
/** @type {typeof import("../en/known.js").intervalMisses} */
export const intervalMisses = (coverage) => `其 ${coverage} 预测区间不包含真实结果。`;
/** @type {typeof import("../en/known.js").setHolds} */
export const setHolds = (coverage) => `其 ${coverage} 预测集包含真实结果。`;
/** @type {typeof import("../en/known.js").setMisses} */
export const setMisses = (coverage) => `其 ${coverage} 预测集不包含真实结果。`;
