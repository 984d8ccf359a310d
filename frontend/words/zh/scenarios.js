/** Words for answers side by side. */

import { count } from "../../lib/format.js";

export const scenarioRemoved = "已移除情景。";
export const theServerDidNotAnswer = "服务器没有应答。";
export const scenarios = "情景";
export const copyAsCsv = "复制为 CSV";
export const table = "表格";
export const scenariosSideBySide = "情景对比";
export const scenario = "情景";
export const againstNow = "与当前相比";
export const largestContributions = "最大的贡献";
export const nowInTheForm = "当前在表单中";
export const moveUp = "上移";
export const moveDown = "下移";
export const remove = "移除";
export const now = "当前";
export const changeToCompare = "更改一个输入，即可在旁边看到另一个答案。";
export const everyInputDiffers = "所有输入都不同。";
/** @type {typeof import("../en/scenarios.js").intervalTitle} */
export const intervalTitle = (coverage) => `${coverage} 预测区间`;
/** @type {typeof import("../en/scenarios.js").setTitle} */
export const setTitle = (coverage) => `${coverage} 预测集`;
/** @type {typeof import("../en/scenarios.js").sharedInputs} */
export const sharedInputs = (shared, all) =>
  `${count(all)} 个输入中有 ${count(shared)} 个在所有情景中相同。`;
/** @type {typeof import("../en/scenarios.js").nameOfScenario} */
export const nameOfScenario = (place) => `情景 ${place} 的名称`;
/** @type {typeof import("../en/scenarios.js").scenarioAt} */
export const scenarioAt = (place) => `情景 ${place}`;
export const fillIn = "填入";
