/** Words for the frame of every page. */

export const batch = "批量";
export const about = "关于模型";
export const compare = "比较";
export const disclaimer = "答案来自统计模型。在依赖模型之前，请先了解它的用途。";
export const skipToTheContent = "跳到正文";
export const main = "主导航";
export const models = "模型";
export const add = "添加";
export const light = "浅色";
export const dark = "深色";
export const copied = "已复制";
export const thisModel = "此模型";
export const address = "网址";
export const couldNotLoadThisPanel = "无法加载此面板。";
/** @type {typeof import("../en/shell.js").version} */
export const version = (version) => `版本 ${version}`;
/** @type {typeof import("../en/shell.js").goToVersion} */
export const goToVersion = (served) => `转到版本 ${served}`;
export const loadingTheModel = "正在加载模型";
export const nothingHere = "此网址没有内容";
export const outdatedLink = "链接可能已过期或不完整。";
export const unreachable = "服务器没有响应";
export const retrying = "正在自动重试。你输入的内容不会丢失。";
export const noModelsYet = "还没有模型";
export const howToAdd = "请在仓库中添加模型文件夹，或者用文件夹或模型文件的路径启动 Servery：";
export const allModels = "所有模型";
/** @type {typeof import("../en/shell.js").copiedText} */
export const copiedText = (what) => `已复制${what}。`;
export const api = "API";
/** @type {typeof import("../en/shell.js").pinnedTitle} */
export const pinnedTitle = (title, version) => `${title}（版本 ${version}）`;
/** @type {typeof import("../en/shell.js").alsoServed} */
export const alsoServed = (served) => ["也是", served("当前提供的版本"), "。"];
export const notServed = "不是当前提供的版本。";
export const share = "分享";
export const addLink = "添加你的模型";
