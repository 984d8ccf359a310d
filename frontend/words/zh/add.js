/** Words for adding a model. */

export const expectedFileName = "名称应以 .joblib、.pkl、.onnx 或下列其他扩展名结尾。";
export const expectedModelName = "最多 100 个字符，不含 / \\ 或 @，且不以点开头。";
export const modelFile = "模型文件";
export const fileHelp = "已保存的估计器或管道。";
export const modelName = "模型名称";
export const nameHelp = "用作文件夹名和网址。";
export const trainingTable = "训练数据表";
export const tableHelp = "可选。用于提供取值范围、典型值和警告。";
export const targetColumn = "目标列";
export const targetHelp = "模型预测的列。聚类或异常检测请留空。";
export const addLead =
  "一条命令就能把拟合好的模型变成这样的页面；两条命令则把它发布到文件夹并提供该文件夹。";
export const yourNames = "你的名称";
export const yourModel = "你的模型";
export const serve = "提供";
export const serveHelp = "提供文件夹中的每个模型。运行中的服务器会在两秒内载入新模型。";
export const tryHelp = "提供该文件，直到你停止命令。不会保存任何内容。";
export const folderNamedAfterFile = "models/ 中以该文件命名的文件夹";
export const publish = "发布";
/** @type {typeof import("../en/add.js").publishHelp} */
export const publishHelp = (folder) => `从模型读取输入和结果，并将其下一版本写入 ${folder}。`;
/** @type {typeof import("../en/add.js").commandNamed} */
export const commandNamed = (title) => `“${title}”命令`;
export const supportedFiles = "支持的文件";
export const plans = "计划";
export const tables = "数据表";
export const tablesHelp = "可批量处理的所有格式，例如 CSV、Excel 和 Parquet";
export const beforeItIsServed = "提供之前";
export const whyNotUpload = "为什么不能在这里上传？";
export const whyNotUploadText =
  "Servery 在沙箱进程中打开模型文件，不运行其中的任何代码。但模型可能给出错误的答案，而且这里的所有人都会看到。因此由管理员在命令行上选择提供哪些模型。";
/** @type {typeof import("../en/add.js").plansHelp} */
export const plansHelp = (extension, command) => [extension, "，由 ", command, " 写出"];
/** @type {typeof import("../en/add.js").checkHelp} */
export const checkHelp = (command) => [
  command,
  " 会在任何人看到之前，逐个模型列出所有会失败的地方。",
];
