/** Words for the list of models. */

export const askAModel = "向模型提问";
export const galleryLead = "选择一个模型，改变输入，看看答案如何变化。";
export const searchModels = "搜索模型";
export const oneCommand = "只需一条命令。";
export const newModel = "新";
export const loading = "正在加载";
export const cannotBeServed = "无法提供";
export const picksAnOutcome = "判断类别";
export const estimatesANumber = "估计数值";
export const groupsSimilarRows = "将相似的行分组";
export const findsUnusualRows = "找出异常的行";
export const givesSeveralAnswers = "给出多个答案";
/** @type {typeof import("../en/gallery.js").versionCannotBeServed} */
export const versionCannotBeServed = (version) => `版本 ${version} 无法提供`;
export const changeCannotBeServed = "最近的更改无法提供";
/** @type {typeof import("../en/gallery.js").arrived} */
export const arrived = (added) => `新增：${added}。`;
/** @type {typeof import("../en/gallery.js").noLongerServed} */
export const noLongerServed = (removed) => `不再提供：${removed}。`;
/** @type {typeof import("../en/gallery.js").version} */
export const version = (version) => `版本 ${version}`;
