/** Words for what few answers and few inputs have. */

import { count } from "../../lib/format.js";

/** @type {typeof import("../en/parts.js").saysInDoubt} */
export const saysInDoubt = (answer) => `模型的回答是“${answer}”，但请不要依赖它。`;
export const belowAll = "低于训练数据中的所有结果。";
export const aboveAll = "高于训练数据中的所有结果。";
export const within = "在训练数据结果的范围内。";
export const scores = "得分";
export const scoresOfClasses = "此模型不给出概率。这些是它自己的得分，没有单位。得分最高者胜出。";
/** @type {typeof import("../en/parts.js").scoreOfTwo} */
export const scoreOfTwo = (low, high) =>
  `此模型不给出概率。得分低于 0 表示“${low}”，高于 0 表示“${high}”。得分接近 0 说明靠近分界。`;
export const score = "得分";
export const allOutcomes = "所有结果";
export const allGroups = "所有分组";
/** @type {typeof import("../en/parts.js").oneOfOutcomes} */
export const oneOfOutcomes = (outcomes) => `${count(outcomes)} 个结果之一。此模型不给出概率。`;
/** @type {typeof import("../en/parts.js").oneOfGroups} */
export const oneOfGroups = (groups) => `${count(groups)} 个分组之一。此模型不给出概率。`;
/** @type {typeof import("../en/parts.js").lowerInTraining} */
export const lowerInTraining = (below) => `训练数据中每 100 个结果约有 ${count(below)} 个更低。`;
export const takesLonger = "答案比平时慢。";
export const inputsUsed = "使用的输入";
export const printOrSaveAsPdf = "打印或存为 PDF";
export const kept = "已保留";
export const keepThisAnswer = "保留此答案";
export const goToTheAnswer = "转到答案：";
/** @type {typeof import("../en/parts.js").localTime} */
export const localTime = (zone) => `${zone} 的当地时间。`;
/** @type {typeof import("../en/parts.js").characters} */
export const characters = (characters, limit) => `${count(characters)}/${count(limit)} 个字符`;
/** @type {typeof import("../en/parts.js").andMoreOutputs} */
export const andMoreOutputs = (outputs, more) => `${outputs}；另有 ${count(more)} 个`;
/** @type {typeof import("../en/parts.js").rightCounted} */
export const rightCounted = (right, rows) => `${count(rows)} 个此类答案中有 ${count(right)} 个正确`;
/** @type {typeof import("../en/parts.js").rightShare} */
export const rightShare = (share, rows) => `${count(rows)} 个此类答案中有 ${share} 正确`;
