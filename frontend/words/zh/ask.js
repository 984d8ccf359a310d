/** Words for a question and its answer. */

import { count } from "../../lib/format.js";

export const answer = "答案";
export const beforeYourChange = "更改之前";
export const asking = "正在提问…";
export const ready = "就绪";
export const howToBegin = "填写输入，或从示例开始。答案会随输入而变化。";
export const examples = "示例";
export const clear = "清空";
export const typical = "典型值";
export const pasteARow = "粘贴一行";
/** @type {typeof import("../en/ask.js").probability} */
export const probability = (chance) => `概率 ${chance}`;
/** @type {typeof import("../en/ask.js").calledFrom} */
export const calledFrom = (label, value) => `达到 ${value} 即预测为“${label}”。`;
export const moreThan99In100 = "100 次中超过 99 次";
export const fewerThan1In100 = "100 次中不到 1 次";
export const aCloseCall = "结果很接近。";
export const nothingMeasuredHere = "没有在这类输入上做过测量，因此不给出准确率。";
/** @type {typeof import("../en/ask.js").itReachesFromTo} */
export const itReachesFromTo = (first, last) => `区间从“${first}”延伸到“${last}”。`;
export const outsideTrainingRange = "超出了模型训练数据的范围，因此答案不可靠。";
export const unusualTogether = "组合异常";
export const theInputsTogether = "全部输入";
export const stillWorking = "仍在计算…";
export const fillInTheRest = "填完其余输入即可得到答案。";
export const unreachableKept = "服务器没有响应。你输入的内容已保留。正在自动重试。";
export const theServerRefused = "服务器拒绝了请求。";
/** @type {typeof import("../en/ask.js").ignoredInputs} */
export const ignoredInputs = (names) => `已忽略，因为模型没有这样的输入：${names}。`;
/** @type {typeof import("../en/ask.js").answeredIn} */
export const answeredIn = (milliseconds, warnings) =>
  `用时 ${count(milliseconds)} 毫秒${warnings > 0 ? `，${count(warnings)} 条警告` : ""}`;
/** @type {typeof import("../en/ask.js").warningCount} */
export const warningCount = (warnings) => `${count(warnings)} 条警告`;
/** @type {typeof import("../en/ask.js").aboutIn100} */
export const aboutIn100 = (hundredths) => `100 次中约 ${count(hundredths)} 次`;
/** @type {typeof import("../en/ask.js").aboutIn10} */
export const aboutIn10 = (tenths) => `10 次中约 ${count(tenths)} 次`;
/** @type {typeof import("../en/ask.js").rightOfFew} */
export const rightOfFew = (rows, right) =>
  `在未见过的数据上，${count(rows)} 个此类答案中有 ${count(right)} 个正确。`;
/** @type {typeof import("../en/ask.js").rightOfMany} */
export const rightOfMany = (rows, share, low, high) =>
  `在未见过的数据上，${count(rows)} 个此类答案中有 ${share} 正确（95% 区间：${low} 至 ${high}）。`;
/** @type {typeof import("../en/ask.js").setOfOne} */
export const setOfOne = (coverage) => `${coverage} 预测集中没有其他结果。`;
/** @type {typeof import("../en/ask.js").setOfMore} */
export const setOfMore = (coverage, others) => `${coverage} 预测集中还有：${others}。`;
/** @type {typeof import("../en/ask.js").intervalText} */
export const intervalText = (coverage, range) => `${coverage} 预测区间：${range}。`;
/** @type {typeof import("../en/ask.js").trainedOnOnly} */
export const trainedOnOnly = (rows) => `仅用 ${count(rows)} 行数据训练。`;
/** @type {typeof import("../en/ask.js").needFixing} */
export const needFixing = (inputs) => `有 ${count(inputs)} 个输入需要更正。`;
