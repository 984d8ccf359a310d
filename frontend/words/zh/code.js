/** Words for calling the API. */

export const whatWouldChangeIt = "怎样会改变结果";
export const similarRows = "相似行";
export const inTheForm = "以代码表示表单中的问题。";
export const allEndpoints = "所有端点";
export const fillInEvery = "填写所有输入即可看到对应的代码。";
export const languages = "语言或协议";
export const response = "响应";
export const noResponse = "服务器没有响应。";
export const whatToAskFor = "请求的内容";
/** @type {typeof import("../en/code.js").codeIn} */
export const codeIn = (language) => `${language} 代码`;
