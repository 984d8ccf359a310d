/** Words for two answers to one question. */

export const twoAnswers = "同一问题的两个答案";
export const compareLead = "选择此模型的其他版本，或具有相同输入的模型。它也会回答表单中的问题。";
export const compareWith = "比较对象";
export const choose = "选择版本或模型";
export const versionsOfThisModel = "此模型的版本";
export const modelsWithTheseInputs = "具有这些输入的模型";
export const otherModels = "其他模型";
export const nothingElse = "此服务器没有该模型的其他版本，也没有其他模型。";
export const loading = "正在加载…";
export const asking = "正在提问…";
export const fillIn = "填写输入即可看到两个答案。";
export const unreachable = "服务器没有应答。请重新选择以重试。";
export const beforeYourChange = "更改之前";
/** @type {typeof import("../en/compare.js").version} */
export const version = (version) => `版本 ${version}`;
/** @type {typeof import("../en/compare.js").servedVersion} */
export const servedVersion = (version) => `版本 ${version}，当前提供`;
/** @type {typeof import("../en/compare.js").lacksInputs} */
export const lacksInputs = (model, inputs) => `“${model}”需要此模型没有的输入：${inputs}。`;
/** @type {typeof import("../en/compare.js").otherTypes} */
export const otherTypes = (model, inputs) => `“${model}”的输入类型不同：${inputs}。`;
export const noSingleDifference = "有多个输出的模型没有单一的差异。";
export const notAlike = "两者的单位或类别不同，因此无法显示差异。";
/** @type {typeof import("../en/compare.js").bothAnswer} */
export const bothAnswer = (outcome) => `两者的答案都是“${outcome}”。`;
/** @type {typeof import("../en/compare.js").answersDiffer} */
export const answersDiffer = (mine, other) => `答案不同：“${mine}”和“${other}”。`;
export const bothPredictTheSame = "两者的预测相同。";
/** @type {typeof import("../en/compare.js").predictsMore} */
export const predictsMore = (model, size) => `${model} 的预测高 ${size}。`;
/** @type {typeof import("../en/compare.js").predictsLess} */
export const predictsLess = (model, size) => `${model} 的预测低 ${size}。`;
/** @type {typeof import("../en/compare.js").sameProbability} */
export const sameProbability = (outcome) => `“${outcome}”的概率相同。`;
/** @type {typeof import("../en/compare.js").higherProbability} */
export const higherProbability = (outcome, size, model) =>
  `${model} 给出的“${outcome}”的概率高 ${size}。`;
/** @type {typeof import("../en/compare.js").lowerProbability} */
export const lowerProbability = (outcome, size, model) =>
  `${model} 给出的“${outcome}”的概率低 ${size}。`;
/** @type {typeof import("../en/compare.js").intervalsOverlap} */
export const intervalsOverlap = (coverage) => `两者的 ${coverage} 预测区间有重叠。`;
/** @type {typeof import("../en/compare.js").intervalsApart} */
export const intervalsApart = (coverage) => `两者的 ${coverage} 预测区间没有重叠。`;
