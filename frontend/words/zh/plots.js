/** Words for drawings. */

export const probabilityItSays = "给出的概率";
export const shareThatCameTrue = "实际发生的占比";
export const coverageItStates = "标称覆盖率";
export const coverageMeasured = "实测覆盖率";
export const falseAlarmsAmongTheOthers = "其他类中的误报";
export const hitsAmongTheClass = "该类中的命中";
export const hitsAmongTheClassRecall = "该类中的命中（召回率）";
export const hitsAmongTheCalledPrecision = "预测为该类中的命中（精确率）";
export const couldNotLoadThePlots = "无法加载图表。";
/** @type {typeof import("../en/plots.js").predictedIn} */
export const predictedIn = (unit) => `预测，${unit}`;
/** @type {typeof import("../en/plots.js").actualIn} */
export const actualIn = (unit) => `实际，${unit}`;
