/** Words for a form with many inputs. */

import { count } from "../../lib/format.js";

export const otherInputs = "其他输入";
export const mostImportant = "最重要的";
export const firstInputs = "前几个输入";
export const byImportance = "按重要性";
export const asInTheModel = "按模型中的顺序";
export const byName = "按名称";
export const filterInputs = "筛选输入";
export const orderOfTheInputs = "输入的顺序";
export const noInputMatches = "没有匹配的输入。";
/** @type {typeof import("../en/long.js").thisLinkIsOfVersion} */
export const thisLinkIsOfVersion = (base, version) =>
  `此链接属于版本 ${base}。链接中省略的输入采用版本 ${version} 的典型值。`;
/** @type {typeof import("../en/long.js").inputsFromTo} */
export const inputsFromTo = (from, to) => `第 ${count(from)} 至 ${count(to)} 个输入`;
/** @type {typeof import("../en/long.js").sectionFromTo} */
export const sectionFromTo = (title, from, to) => `${title}，${count(from)} 至 ${count(to)}`;
/** @type {typeof import("../en/long.js").allTypical} */
export const allTypical = (inputs) => `${count(inputs)} 个输入，均为典型值`;
/** @type {typeof import("../en/long.js").someNotTypical} */
export const someNotTypical = (inputs, changed) =>
  `${count(inputs)} 个输入，${count(changed)} 个不是典型值`;
/** @type {typeof import("../en/long.js").filterSome} */
export const filterSome = (inputs) => `筛选 ${count(inputs)} 个输入`;
/** @type {typeof import("../en/long.js").typeMore} */
export const typeMore = (more) => `还有 ${count(more)} 个：请多输入一些名称。`;
/** @type {typeof import("../en/long.js").toFix} */
export const toFix = (faulty) => `${count(faulty)} 个需更正，`;
/** @type {typeof import("../en/long.js").foundInputs} */
export const foundInputs = (found, all) => `${count(all)} 个输入中的 ${count(found)} 个`;
