/** Words for what the server says by a code. English takes the words of the server itself. */

/** @type {typeof import("../en/server.js").seenInTraining} */
export const seenInTraining = (low, high) => `训练数据中为 ${low} 至 ${high}。`;
export const neverSeen = "训练数据中从未出现过此值。";
export const rarelyTogether = "这些值在训练数据中很少同时出现。";
export const assumedMissing = "没有给出值，因此视为缺失。";
export const wholeNumber = "应为整数。";
export const number = "应为数字。";
export const trueOrFalse = "应为真或假。";
export const knownCategory = "应为已知类别之一。";
export const date = "应为日期，例如 2024-02-29。";
export const text = "应为文本。";
