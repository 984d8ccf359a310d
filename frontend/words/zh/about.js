/** Words for what was measured of a model. */

import { count } from "../../lib/format.js";

export const mustNotBeUsedFor = "不得用于";
export const intendedUse = "预期用途";
export const limitations = "局限";
export const whatIsUnknown = "未知之处";
export const noDescription = "此模型还没有说明。";
export const howGoodItIs = "表现如何";
export const notMeasuredOnUnseen = "此版本没有在未见过的数据上测量过。";
export const resampling = "95% 区间来自对这些行的重抽样：换一批行，数字会有所不同。";
export const eachClass = "各个类别";
export const howWellEachClassIs = "各类别的识别效果";
export const classTitle = "类别";
export const precision = "精确率";
export const recall = "召回率";
export const whereItComesFrom = "来源";
export const trainingRows = "训练行数";
export const fittedOn = "训练日期";
export const computedBy = "计算方式";
export const libraries = "库";
export const data = "数据";
export const source = "出处";
export const licence = "许可";
export const countsAsMissing = "视为缺失";
export const version = "版本";
export const versions = "版本";
export const served = "当前提供";
export const theClassItNames = "它给出的类别";
export const calibration = "校准";
/** @type {typeof import("../en/about.js").calibrationLead} */
export const calibrationLead = (what) => `${what}实际发生的频率是否与概率一致？在虚线上即为一致。`;
/** @type {typeof import("../en/about.js").calibrationPlot} */
export const calibrationPlot = (summary) => `校准图。${summary}`;
export const predictedOnAverage = "平均预测";
export const dotSize = "点越大，行数越多。";
export const confusionKey = "每行合计 100%。着色的单元格为预测正确。";
export const confusionMatrix = "混淆矩阵";
export const everyRowWasPredictedCorrectly = "每一行都预测正确。";
export const mostFrequentMistakes = "最常见的错误";
export const ofTheActual = "占实际的比例";
export const confusionCaption = "行：实际类别。列：预测类别。";
export const intervals = "预测区间";
export const coverageKey = "在虚线上，区间达到标称覆盖率。线段：按行数估计的真实占比范围。";
/** @type {typeof import("../en/about.js").coveragePlot} */
export const coveragePlot = (summary) => `覆盖率图。${summary}`;
export const coverageOfTheIntervals = "预测区间的覆盖率";
export const stated = "标称";
export const measured = "实测";
export const loadingWhatWasMeasured = "正在加载测量结果";
export const evaluationFailed = "无法加载评估";
export const unreachableRetrying = "服务器没有响应。正在自动重试。";
export const whereItIsWrong = "错在哪里";
export const howFarOffItIs = "偏差多大";
export const howFarToTrustIts = "概率有多可信";
export const whichInputsMatter = "哪些输入重要";
export const errorsByGroup = "各组的误差";
export const notMeasured = "未测量";
export const importanceOfTheInputs = "输入的重要性";
export const importanceKey = "误差线：两侧各两个标准误，针对打乱次数和行。";
/** @type {typeof import("../en/about.js").importancePlot} */
export const importancePlot = (summary) => `输入的重要性。${summary}`;
/** @type {typeof import("../en/about.js").lossOf} */
export const lossOf = (metric) => `${metric}的损失`;
export const predictedAndActual = "预测与实际";
/** @type {typeof import("../en/about.js").residualsPlot} */
export const residualsPlot = (summary) => `预测对比实际。${summary}`;
export const miss = "偏差";
export const predictionSets = "预测集";
export const classesInASet = "集合中的类别数";
export const classOrSizeOfThe = "类别或集合大小";
export const trueClassInTheSet = "真实类别在集合中";
/** @type {typeof import("../en/about.js").isClass} */
export const isClass = (name) => `实际为 ${name}`;
/** @type {typeof import("../en/about.js").predictedAs} */
export const predictedAs = (name) => `预测为 ${name}`;
export const trainingData = "训练数据";
export const spreadLead = "各输入的值在训练数据中的分布。对于其中少见的值，模型了解较少。";
/** @type {typeof import("../en/about.js").median} */
export const median = (value) => `中位数 ${value}`;
export const valuesInTraining = "训练数据中的值";
export const threshold = "阈值";
/** @type {typeof import("../en/about.js").thresholdLead} */
export const thresholdLead = (name) => `概率达到此值的行预测为“${name}”。`;
/** @type {typeof import("../en/about.js").predictMore} */
export const predictMore = (value) => `${value}：预测更多`;
/** @type {typeof import("../en/about.js").predictFewer} */
export const predictFewer = (value) => `预测更少：${value}`;
export const chosenThreshold = "模型自己的阈值";
/** @type {typeof import("../en/about.js").backToChosen} */
export const backToChosen = (chosen) => `恢复模型自己的阈值 ${chosen}`;
export const nothingIsPredicted = "没有任何预测";
/** @type {typeof import("../en/about.js").precisionOf} */
export const precisionOf = (precision) => `精确率 ${precision}`;
export const rocCurve = "ROC 曲线";
export const precisionAndRecall = "精确率与召回率";
/** @type {typeof import("../en/about.js").rocSummary} */
export const rocSummary = (threshold, recall, falseAlarmRate) =>
  `ROC 曲线。阈值 ${threshold}：命中该类的 ${recall}，误报其他类的 ${falseAlarmRate}。`;
/** @type {typeof import("../en/about.js").precisionRecallSummary} */
export const precisionRecallSummary = (threshold, recall, precision, base) =>
  `精确率-召回率曲线。阈值 ${threshold}：召回率 ${recall}，${precision}。随机水平：${base}。`;
export const thresholdTable = "各阈值下各行的结果";
export const hits = "命中";
export const falseAlarms = "误报";
export const missed = "漏报";
/** @type {typeof import("../en/about.js").gapText} */
export const gapText = (label, value, most, least, low, high) =>
  `${label}：${most}比${least}高 ${value} 个百分点（95% 区间：${low} 至 ${high}）。`;
/** @type {typeof import("../en/about.js").noRowOfClass} */
export const noRowOfClass = (name) => `已测量的行中没有“${name}”，因此没有测量其误差。`;
/** @type {typeof import("../en/about.js").calibrationError} */
export const calibrationError = (points, byChance) =>
  `预测占比与实际占比平均相差 ${points} 个百分点；若概率完全准确，仅偶然性就会带来约 ${byChance}。`;
/** @type {typeof import("../en/about.js").shareOfClass} */
export const shareOfClass = (measured, name) => `“${name}”的 ${measured}`;
/** @type {typeof import("../en/about.js").singleSets} */
export const singleSets = (share) =>
  `${share} 的行的集合只含一个类别。此类答案的正确率标在每个答案旁。`;
export const noSingleSets = "没有只含一个类别的集合。";
/** @type {typeof import("../en/about.js").widthVaries} */
export const widthVaries = (width) => `平均宽度为 ${width}；宽度随预测而变。`;
/** @type {typeof import("../en/about.js").widthFixed} */
export const widthFixed = (width) => `宽度为 ${width}，每一行都相同。`;
/** @type {typeof import("../en/about.js").halfOff} */
export const halfOff = (difference) => `这些行中有一半的预测偏差小于 ${difference}。`;
/** @type {typeof import("../en/about.js").fallsMost} */
export const fallsMost = (inputs) => `影响最大的是${inputs}。`;
/** @type {typeof import("../en/about.js").notCompiled} */
export const notCompiled = (unsupported) => `scikit-learn。${unsupported} 没有编译形式。`;
/** @type {typeof import("../en/about.js").allClasses} */
export const allClasses = (classes) => `全部 ${count(classes)} 个类别`;
/** @type {typeof import("../en/about.js").emptyCellAnd} */
export const emptyCellAnd = (others) => `空单元格、${others}`;
export const calibrationKey = "线段：按行数估计的真实占比范围。";
/** @type {typeof import("../en/about.js").dotRows} */
export const dotRows = (rows) => `每个点：${count(rows)} 行。`;
/** @type {typeof import("../en/about.js").notEvaluated} */
export const notEvaluated = (test, crossValidation) => [
  "此版本发布时没有评估。请用未见过的行（",
  test,
  "）或交叉验证（",
  crossValidation,
  "）发布，即可在此看到误差。",
];
/** @type {typeof import("../en/about.js").byGroup} */
export const byGroup = (group) => `按${group}`;
/** @type {typeof import("../en/about.js").errorsByThis} */
export const errorsByThis = (group) => `按${group}的误差`;
/** @type {typeof import("../en/about.js").importanceLead} */
export const importanceLead = (metric, repeats, rows) =>
  `将一个输入的值在各行之间打乱时，${metric} 下降多少；在 ${count(rows)} 行上重复 ${count(repeats)} 次。`;
/** @type {typeof import("../en/about.js").someRows} */
export const someRows = (shown, rows) => `${count(rows)} 行中的 ${count(shown)} 行。`;
/** @type {typeof import("../en/about.js").allRows} */
export const allRows = (rows) => `全部 ${count(rows)} 行。`;
/** @type {typeof import("../en/about.js").bandKey} */
export const bandKey = (stated) => `色带：每个预测处的 ${stated} 预测区间。`;
export const residualsLead = "每个点是一行；在虚线上表示预测完全准确。";
export const setsLead = "预测集包含答案可能属于的类别。";
export const heldByClass = "各类别中真实类别在集合内的行";
export const heldByAnswer = "各类答案中真实类别在集合内的行";
export const noClass = "无";
/** @type {typeof import("../en/about.js").classCount} */
export const classCount = (classes) => `${count(classes)} 个类别`;
/** @type {typeof import("../en/about.js").setsOf} */
export const setsOf = (classes) => (classes === 0 ? "空集" : `含 ${classCount(classes)}的集合`);
/** @type {typeof import("../en/about.js").positivesText} */
export const positivesText = (rows, name, caught, missed) =>
  `${count(rows)} 行是“${name}”：识别出 ${count(caught)}，漏掉 ${count(missed)}`;
/** @type {typeof import("../en/about.js").negativesText} */
export const negativesText = (rows, left, falseAlarms) =>
  `${count(rows)} 行不是：正确排除 ${count(left)}，误报 ${count(falseAlarms)}`;
/** @type {typeof import("../en/about.js").others} */
export const others = (others) => `其他 ${count(others)} 个`;
/** @type {typeof import("../en/about.js").spreadOf} */
export const spreadOf = (label, range, half) => `${label}：${range}，其中一半为 ${half}。`;
/** @type {typeof import("../en/about.js").fewMeasured} */
export const fewMeasured = (rows) => `只测量了 ${count(rows)} 行：请结合区间看每个数字。`;
/** @type {typeof import("../en/about.js").measuredOn} */
export const measuredOn = (rows) => `在 ${count(rows)} 行上测量，每行都由没有见过它的拟合来预测。`;
/** @type {typeof import("../en/about.js").interval95} */
export const interval95 = (low, high) => `95% 区间：${low} 至 ${high}。`;
/** @type {typeof import("../en/about.js").valueIn} */
export const valueIn = (value, low, high) => `${value}（${low} 至 ${high}）`;
/** @type {typeof import("../en/about.js").rightOfClass} */
export const rightOfClass = (rows, name, right, share) =>
  `${count(rows)} 行“${name}”中，${count(right)} 行预测正确（${share}）。`;
/** @type {typeof import("../en/about.js").calledAt} */
export const calledAt = (threshold, rows, called, name) =>
  `阈值 ${threshold}：${count(rows)} 行中有 ${count(called)} 行预测为“${name}”`;
/** @type {typeof import("../en/about.js").wrongly} */
export const wrongly = (falseAlarms) => `；其中 ${count(falseAlarms)} 行有误（误报）`;
/** @type {typeof import("../en/about.js").missedOf} */
export const missedOf = (missed, positives, name) =>
  `；${count(positives)} 行“${name}”中漏掉 ${count(missed)} 行。`;
/** @type {typeof import("../en/about.js").setsByClass} */
export const setsByClass = (held, stated) =>
  `在各类别的行中，真实类别在集合内的占比为：${held}。标称覆盖率为 ${stated}。`;
/** @type {typeof import("../en/about.js").setsByAnswer} */
export const setsByAnswer = (held, stated) =>
  `在预测为各类别的行中，真实类别在集合内的占比为：${held}。标称覆盖率为 ${stated}。`;
/** @type {typeof import("../en/about.js").intervalCoverage} */
export const intervalCoverage = (rows, measured, stated) =>
  `在 ${count(rows)} 个未见过的行中，${measured} 落在标称 ${stated} 的预测区间内。`;
/** @type {typeof import("../en/about.js").noDifference} */
export const noDifference = (inputs) => `对于${inputs}，这些行没有显示差异。`;
/** @type {typeof import("../en/about.js").someInputs} */
export const someInputs = (inputs) => `其中 ${count(inputs)} 个输入`;
export const compiledOnnx = "ONNX Runtime。";
export const compiledForm = "模型的编译形式。";
/** @type {typeof import("../en/about.js").verifiedEqual} */
export const verifiedEqual = (rows) =>
  `在 ${count(rows)} 行上与 scikit-learn 比较过：类别相同，数字直到最后一位都相等。`;
/** @type {typeof import("../en/about.js").verifiedNear} */
export const verifiedNear = (rows, difference) =>
  `在 ${count(rows)} 行上与 scikit-learn 比较过：类别相同，数字的相对差异不超过 ${difference}。`;
/** @type {typeof import("../en/about.js").fewInGroups} */
export const fewInGroups = (rows, groups) =>
  `有的比率依据的行少于 ${count(rows)} 行：${groups}。可能偏差几个百分点；具体见区间。`;
