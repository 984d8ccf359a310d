/** Words for what influenced an answer and what would change it. */

import { count } from "../../lib/format.js";

/** @type {typeof import("../en/insight.js").estimated} */
export const estimated = (error) => `估计值：最大标准误为 ${error}。`;
/** @type {typeof import("../en/insight.js").probabilityOf} */
export const probabilityOf = (label) => `${label}的概率`;
/** @type {typeof import("../en/insight.js").whetherItIs} */
export const whetherItIs = (label) => `是否为${label}`;
/** @type {typeof import("../en/insight.js").scoreOf} */
export const scoreOf = (label) => `${label}的得分`;
export const percentagePoints = "个百分点";
export const doesNotChangeIt = "没有改变";
export const nothingFound = "在训练范围内最多改变三个输入，没有找到。";
export const whatWouldChangeIt = "怎样会改变结果？";
/** @type {typeof import("../en/insight.js").movable} */
export const movable = (inputs) => `这些输入可以改变：${inputs}。其余保持不变。`;
export const findChanges = "查找改变";
/** @type {typeof import("../en/insight.js").gives} */
export const gives = (outcome) => `得到 ${outcome}`;
export const to = "变为";
/** @type {typeof import("../en/insight.js").orMore} */
export const orMore = (min) => `${min} 或以上`;
/** @type {typeof import("../en/insight.js").orLess} */
export const orLess = (max) => `${max} 或以下`;
/** @type {typeof import("../en/insight.js").onlySome} */
export const onlySome = (label, changeable) =>
  `${label}（${{ increase: "只能增加", decrease: "只能减少" }[changeable] ?? `仅 ${changeable}`}）`;
export const changeItTo = "改变为";
export const atLeast = "至少";
export const atMost = "至多";
export const any = "不限";
export const onAverage = "平均";
export const thisAnswer = "此答案";
export const correlatedInputs = "相关的输入";
export const goToThisInput = "转到此输入";
export const whatIfItWereDifferent = "假如它不同会怎样？";
/** @type {typeof import("../en/insight.js").whatIfWereDifferent} */
export const whatIfWereDifferent = (label) => `假如${label}不同会怎样？`;
export const asATable = "以表格显示";
export const influencesAsTable = "影响结果的因素，表格";
export const movesItBy = "影响量";
/** @type {typeof import("../en/insight.js").eachChoice} */
export const eachChoice = (label) => `${label}，每个选项`;
/** @type {typeof import("../en/insight.js").onTheCurve} */
export const onTheCurve = (label) => `${label}，在曲线上`;
export const raisesIt = "提高";
export const lowersIt = "降低";
export const theStrongestWords = "影响最大的词";
export const goToThisWord = "转到此词";
export const word = "词";
export const withoutTheWords = "不含任何词";
export const whatIsExplained = "解释的对象";
export const inputToChange = "要改变的输入";
/** @type {typeof import("../en/insight.js").measureAllElseEqual} */
export const measureAllElseEqual = (name) => `${name}，其他条件不变`;
export const accumulatedLocalEffects = "累积局部效应";
/** @type {typeof import("../en/insight.js").notMarked} */
export const notMarked = (label) => `${label}未知，因此没有标记。`;
/** @type {typeof import("../en/insight.js").localEffectsWhy} */
export const localEffectsWhy = (others) =>
  `与${others}相关。“平均”把每一行移到整个范围内，包括几乎不会同时出现的值。累积局部效应只把每一行移动一点点。`;
export const whatIfAsATable = "假如，表格";
/** @type {typeof import("../en/insight.js").measureByInput} */
export const measureByInput = (name, label) => `${name}，按${label}`;
export const localEffects = "局部效应";
export const allElseEqual = "其他条件不变";
/** @type {typeof import("../en/insight.js").raisesBy} */
export const raisesBy = (size) => `使其提高 ${size}`;
/** @type {typeof import("../en/insight.js").lowersBy} */
export const lowersBy = (size) => `使其降低 ${size}`;
/** @type {typeof import("../en/insight.js").waysFound} */
export const waysFound = (ways) => `找到 ${count(ways)} 种方式。`;
/** @type {typeof import("../en/insight.js").pair} */
export const pair = (one, other) => `${one}和${other}`;
/** @type {typeof import("../en/insight.js").correlated} */
export const correlated = (pairs, more) =>
  `相关：${pairs}${more > 0 ? `，另有 ${count(more)} 对` : ""}。这样的输入可以互相替代，看似由一个引起的，也可能是另一个引起的。`;
/** @type {typeof import("../en/insight.js").contributionsLead} */
export const contributionsLead = (name) => `${name}：每个输入使其偏离平均多少。`;
/** @type {typeof import("../en/insight.js").contributionsLeadIn} */
export const contributionsLeadIn = (name, unit) =>
  `${name}：每个输入使其偏离平均多少，单位：${unit}。`;
/** @type {typeof import("../en/insight.js").moreTogether} */
export const moreTogether = (inputs) => `其余 ${count(inputs)} 个合计`;
export const noExplanation = "无法加载解释。";
export const noCurve = "无法加载曲线。";
export const noChanges = "无法加载改变。";
/** @type {typeof import("../en/insight.js").markedLead} */
export const markedLead = (name, without, within) => [
  `${name}`,
  "：不含任何词时为 ",
  without,
  "，包含所有词时为 ",
  within,
  "。",
];
/** @type {typeof import("../en/insight.js").moreWords} */
export const moreWords = (words) => `其余 ${count(words)} 个词合计`;
/** @type {typeof import("../en/insight.js").printed} */
export const printed = (title, version, time) => [
  `${title}`,
  "，版本 ",
  `${version}`,
  "。打印于 ",
  time,
  "。",
];
/** @type {typeof import("../en/insight.js").resultFor} */
export const resultFor = (target) => `查找 ${target} 的结果：`;
export const olderResult = "查找的结果，使用更改之前的输入：";
/** @type {typeof import("../en/insight.js").olderResultFor} */
export const olderResultFor = (target) => `查找 ${target} 的结果，使用更改之前的输入：`;
export const result = "查找的结果：";
