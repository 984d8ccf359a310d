/** Words for a file of rows. */

import { count } from "../../lib/format.js";

/** @type {typeof import("../en/batch.js").leaveWhileSending} */
export const leaveWhileSending = (name) => `离开此模型？“${name}”仍在发送，离开会中止上传。`;
export const fileDeleted = "文件及其结果已删除。";
export const scoreAWholeFile = "对整个文件进行预测";
export const dropLead = "把文件拖到此页面的任意位置。返回的文件每一行都带有预测。";
export const orPaste = "或者粘贴电子表格中的单元格，包括表头";
export const pasteHere = "粘贴到这里，或此页面的任意位置";
export const chooseAFile = "选择文件";
export const scoreTheseCells = "对这些单元格进行预测";
export const expectedColumns = "所需的列";
export const columnsLead = "顺序不限。其他列保持不变。大小写和标点无关紧要，你也可以更正匹配。";
export const downloadATemplate = "下载模板";
export const column = "列";
export const type = "类型";
export const example = "示例";
export const mayBeEmpty = "可以为空";
export const jobGone = "此任务已不存在。";
export const jobGoneText = "结果会在一段时间后删除，或由他人删除。请重新对文件进行预测以取回结果。";
export const comparedWithTheTrueOutcomes = "与真实结果比较";
export const withoutAnOutcome = "行没有结果";
export const unknownOutcome = "行的结果是模型不认识的";
export const withoutAPrediction = "行没有预测";
export const figuresOfThisFileAnd = "此文件与模型卡片的指标";
export const figure = "指标";
export const thisFile = "此文件";
export const card = "模型卡片";
/** @type {typeof import("../en/batch.js").betweenText} */
export const betweenText = (low, high) => `${low} 与 ${high}`;
export const deleteNow = "立即删除";
export const deleteQuestion = "为所有拥有此网址的人删除该文件及其结果？";
export const keepIt = "保留";
export const deleteIt = "删除";
export const columns = "列";
export const none = "无";
export const choose = "请选择…";
export const noColumnFound = "未找到列";
export const notKnownInAnyRow = "每一行都未知";
export const emptyInTheFirstRows = "前几行为空";
export const bothInputsHaveAColumn = "两个输入都有对应的列。";
export const theInputHasAColumn = "输入有对应的列。";
export const keptAsTheyAre = "保持不变";
export const theFirstRowsScored = "前几行及其预测";
export const theFirstRows = "前几行";
export const line = "行号";
export const noneFits = "没有一行符合。每个输入是否匹配了正确的列？";
/** @type {typeof import("../en/batch.js").alsoInThePredictionSet} */
export const alsoInThePredictionSet = (others) => `预测集中还有：${others}`;
export const cancel = "取消";
export const rowsScored = "已预测的行";
export const notStarted = "未开始";
export const waitingForItsTurn = "正在排队";
export const scoring = "正在预测";
export const waitingToBeRead = "等待读取";
export const readingTheFile = "正在读取文件";
export const readingAndScoringTheFirst = "正在读取并预测前几行。";
export const itStartsAsSoonAs = "一有空闲的工作进程就会开始。";
export const starting = "正在开始。";
export const stalled = "已有一段时间没有进展。如果其工作进程已停止，另一个会从这里继续。";
export const notStartedYet = "尚未开始。可能有其他文件排在前面，或者没有工作进程在运行。";
export const pace = "速度";
export const timeLeft = "剩余时间";
export const howTheFileIsRead = "文件的读取方式";
/** @type {typeof import("../en/batch.js").worksWithout} */
export const worksWithout = (names) => `模型可以没有${names}。此时每一行的该值均为未知。`;
export const continueWithout = "不使用并继续";
export const detect = "自动识别";
export const missingPlaceholder = "空，或如 NA, -999";
export const noColumnNamed =
  "没有与输入同名的列。请检查文件是否正确，以及第一行是否为列名。如果是，请在下面逐一选择列。";
export const chooseReading = "请在上面选择读取方式，或更正文件后重新选择。";
export const waitingForYourChoices = "等待你的选择";
export const done = "已完成";
export const failed = "失败";
export const cancelled = "已取消";
export const yourFiles = "你的文件";
export const recentLead = "在此浏览器中打开过的任务。每个任务到期后删除。";
export const file = "文件";
export const state = "状态";
export const uploaded = "上传时间";
export const downloadTheResult = "下载结果";
export const anotherFile = "换一个文件";
export const downloadTheEvaluation = "下载评估";
export const scoringFailed = "预测失败";
export const scoringWasCancelled = "预测已取消";
export const theServerGaveNoReason = "服务器没有给出原因。";
export const cancelledText = "已删除。服务器上不保留任何内容。";
export const chooseAnotherFile = "选择其他文件";
export const rowsThatDidNotFit = "不符合的行";
export const whyByInput = "原因，按输入";
export const reason = "原因";
export const whatDoesNotFit = "不符合之处";
export const whatTheResultContains = "结果包含的内容";
export const columnsOfTheFile = "文件的列";
export const all = "全部";
export const noneOnlyThePrediction = "无，仅预测";
export const someOfThem = "其中一些";
export const columnsInTheResult = "结果中的列";
export const ofAllClasses = "所有类别";
/** @type {typeof import("../en/batch.js").thresholdFor} */
export const thresholdFor = (name) => `“${name}”的阈值`;
export const resultAs = "结果格式";
export const showMe = "带我去看";
export const startingNow = "正在开始…";
export const scoreAllRows = "预测所有行";
export const trueOutcomes = "真实结果";
export const firstFixMissing = "请先更正缺失值的写法。";
/** @type {typeof import("../en/batch.js").firstChooseColumn} */
export const firstChooseColumn = (label) => `请先选择${label}的列。`;
export const readingTheFileAgain = "正在重新读取文件。";
export const firstAnswer = "请先回答上面的问题。";
export const outOfRange = "超出范围";
/** @type {typeof import("../en/batch.js").inEveryRow} */
export const inEveryRow = (value) => `每一行都是 ${value}。`;
/** @type {typeof import("../en/batch.js").predictedRange} */
export const predictedRange = (minimum, maximum, mean) =>
  `从 ${minimum} 到 ${maximum}；平均 ${mean}。`;
export const warning = "警告";
export const comparedWithTraining = "与训练数据比较";
export const noDrift = "无漂移：在偶然性允许的范围内，值的分布与训练数据一致。";
export const values = "值";
export const training = "训练数据";
export const thePredictions = "预测";
export const upperBarsThisFile = "上方条：此文件";
export const lowerBarsTraining = "下方条：训练数据";
/** @type {typeof import("../en/batch.js").driftCaption} */
export const driftCaption = (name) => `${name}：此文件与训练数据中各值的行数占比`;
export const bytesSent = "已发送字节";
export const keepOpen = "在文件发送完毕之前，请保持此页面打开。";
export const noBatches = "此服务器不对该模型进行文件预测。";
export const dropTheFileToScore = "松开文件即可进行预测";
export const fileKept = "文件保留在此处，并会自动重新发送。";
export const choiceKept = "你的选择保留在此处，并会自动重新发送。";
export const nothingLost = "正在自动重试。不会丢失任何内容。";
export const notResponding = "服务器没有响应。";
export const oneFileAtATime = "一次一个文件";
/** @type {typeof import("../en/batch.js").unreadableText} */
export const unreadableText = (name) =>
  `${name} 是文件夹，或在选择之后被移动、更改或删除。请重新选择文件。`;
export const theFileCannotBeRead = "无法读取文件";
export const outsideTheTrainingRange = "超出训练范围";
export const unknownCategory = "未知类别";
export const unusualCombination = "异常组合";
export const unknownWords = "未知的词";
export const missingFilledIn = "缺失，已补全";
export const noValue = "没有值";
export const noText = "没有文本";
export const notAWholeNumber = "不是整数";
export const neitherTrueNorFalse = "既非真也非假";
export const notOneOfTheCategories = "不属于任何类别";
export const notADate = "不是日期";
export const noAnswerOfTheModel = "模型没有给出答案";
export const theRow = "该行";
/** @type {typeof import("../en/batch.js").allTheSame} */
export const allTheSame = (label) => `每一行都预测为“${label}”。`;
/** @type {typeof import("../en/batch.js").mostPredicted} */
export const mostPredicted = (label, each) => `预测最多的是“${label}”：${each}。`;
/** @type {typeof import("../en/batch.js").tiedPredicted} */
export const tiedPredicted = (tied, each) => `${tied} 的预测次数相同：各 ${each}。`;
export const unwarnedUnknown = "无。训练数据的情况未知。";
export const unwarned = "无。每个已预测的行都与训练数据相似。";
export const withoutData = "此模型发布时没有训练数据，因此没有行与之比较。";
export const scoringHasBegun = "预测已开始。";
export const fileIsRead = "文件已读取。前几行的预测如下。";
/** @type {typeof import("../en/batch.js").formatsList} */
export const formatsList = (list, compressed) => `${list}。文件可以压缩：${compressed}。`;
export const returnedAll = "结果按原顺序包含所有列，最后是预测。";
export const returnedNone = "结果仅包含预测。";
/** @type {typeof import("../en/batch.js").otherThreshold} */
export const otherThreshold = (name, used, card) =>
  `概率达到 ${used} 即预测为“${name}”；模型卡片使用 ${card}。`;
/** @type {typeof import("../en/batch.js").separatedBy} */
export const separatedBy = (delimiter) => `分隔符：${delimiter}`;
/** @type {typeof import("../en/batch.js").sheet} */
export const sheet = (sheet) => `工作表 ${sheet}`;
/** @type {typeof import("../en/batch.js").deletedText} */
export const deletedText = (name) => [name ?? "文件", " 及其结果已删除。你自己的文件没有改变。"];
/** @type {typeof import("../en/batch.js").comparedRows} */
export const comparedRows = (rows, target) => `${count(rows)} 行，依据列“${target}”。`;
/** @type {typeof import("../en/batch.js").leftOut} */
export const leftOut = (parts) => `未计入：${parts}。`;
/** @type {typeof import("../en/batch.js").intervalsHeld} */
export const intervalsHeld = (stated, measured, low, high) =>
  `${stated} 预测区间包含了 ${measured} 的结果；可能在 ${low} 与 ${high} 之间。`;
/** @type {typeof import("../en/batch.js").setsHeld} */
export const setsHeld = (stated, measured, low, high) =>
  `${stated} 预测集包含了 ${measured} 的结果；可能在 ${low} 与 ${high} 之间。`;
/** @type {typeof import("../en/batch.js").theOtherInputs} */
export const theOtherInputs = (inputs) => `其余 ${count(inputs)} 个输入`;
/** @type {typeof import("../en/batch.js").allInputs} */
export const allInputs = (inputs) => `全部 ${count(inputs)} 个输入`;
/** @type {typeof import("../en/batch.js").someHaveColumns} */
export const someHaveColumns = (found, wanted) =>
  `${count(wanted)} 个输入中有 ${count(found)} 个有对应的列。`;
/** @type {typeof import("../en/batch.js").allHaveColumns} */
export const allHaveColumns = (inputs) => `全部 ${count(inputs)} 个输入都有对应的列。`;
/** @type {typeof import("../en/batch.js").andMore} */
export const andMore = (more) => `另有 ${count(more)} 个`;
/** @type {typeof import("../en/batch.js").morePoints} */
export const morePoints = (more) => `另有 ${count(more)} 条`;
/** @type {typeof import("../en/batch.js").someDoNotFit} */
export const someDoNotFit = (bad, rows) => `${count(rows)} 行中有 ${count(bad)} 行不符合。`;
/** @type {typeof import("../en/batch.js").allFit} */
export const allFit = (rows) => `全部 ${count(rows)} 行都符合。`;
export const canClose = "你可以关闭此页面。预测会继续。重新打开此网址即可查看。";
export const canCloseWaiting = "你可以关闭此页面。重新打开此网址即可查看。";
/** @type {typeof import("../en/batch.js").doneOf} */
export const doneOf = (done, total) => `${done} / ${total}`;
/** @type {typeof import("../en/batch.js").soFar} */
export const soFar = (done) => `目前 ${done}`;
/** @type {typeof import("../en/batch.js").startWorker} */
export const startWorker = (command) => ["管理员可以用 ", command, " 启动一个。"];
/** @type {typeof import("../en/batch.js").rowsPerSecond} */
export const rowsPerSecond = (rows) => `每秒 ${count(rows)} 行`;
/** @type {typeof import("../en/batch.js").aboutDuration} */
export const aboutDuration = (duration) => `约 ${duration}`;
/** @type {typeof import("../en/batch.js").withoutColumn} */
export const withoutColumn = (lacking, all) =>
  `${count(all)} 个输入中有 ${count(lacking)} 个没有对应的列。请在下面选择列，或在文件中改用输入的名称后重新选择。`;
/** @type {typeof import("../en/batch.js").downloadBadRows} */
export const downloadBadRows = (rows) => `下载 ${count(rows)} 个不符合的行`;
/** @type {typeof import("../en/batch.js").byVersion} */
export const byVersion = (version) => `使用版本 ${version}`;
/** @type {typeof import("../en/batch.js").neutralised} */
export const neutralised = (cells) =>
  `${count(cells)} 个单元格看起来像电子表格公式。已在前面加上撇号，以免被程序执行。`;
/** @type {typeof import("../en/batch.js").cameBackEmpty} */
export const cameBackEmpty = (rows) => `${count(rows)} 行的预测为空，旁边注明了原因。`;
/** @type {typeof import("../en/batch.js").firstByLine} */
export const firstByLine = (rows) => `其中前 ${count(rows)} 行，按文件行号`;
export const eachByLine = "逐行列出，按文件行号";
export const scrollForMore = "滚动查看其余部分";
/** @type {typeof import("../en/batch.js").firstChooseColumns} */
export const firstChooseColumns = (inputs) => `请先选择 ${count(inputs)} 个输入的列。`;
/** @type {typeof import("../en/batch.js").warnedRows} */
export const warnedRows = (warned, rows, share) =>
  `${count(rows)} 行中有 ${count(warned)} 行（${share}）带有警告：请谨慎对待预测。`;
/** @type {typeof import("../en/batch.js").mostCommonReasons} */
export const mostCommonReasons = (shown, all) =>
  `${count(all)} 个原因中最常见的 ${count(shown)} 个；下面的数字包含全部。`;
/** @type {typeof import("../en/batch.js").tooFewRows} */
export const tooFewRows = (rows) => `行数太少，无法比较：至少需要 ${count(rows)} 行。`;
/** @type {typeof import("../en/batch.js").drifted} */
export const drifted = (inputs, predictions) =>
  `${source(inputs, predictions)}的漂移超出了偶然性。`;
/** @type {typeof import("../en/batch.js").showStable} */
export const showStable = (inputs, predictions) => `显示没有漂移的${source(inputs, predictions)}`;
/** @type {typeof import("../en/batch.js").smallDrift} */
export const smallDrift = (name) => `${name}：轻微漂移。`;
/** @type {typeof import("../en/batch.js").moderateDrift} */
export const moderateDrift = (name) => `${name}：中度漂移。`;
/** @type {typeof import("../en/batch.js").largeDrift} */
export const largeDrift = (name) => `${name}：严重漂移。`;
/** @type {typeof import("../en/batch.js").driftAt} */
export const driftAt = (value, here, training) =>
  `${value}：占此文件的 ${here}，占训练数据的 ${training}。`;
export const sendingTheFile = "正在发送文件";
/** @type {typeof import("../en/batch.js").sentOf} */
export const sentOf = (sent, size) => `${sent} / ${size}`;
/** @type {typeof import("../en/batch.js").linesText} */
export const linesText = (_rows, lines, more) =>
  `第 ${lines} 行${more > 0 ? `，另有 ${count(more)} 行` : ""}`;
export const aSecond = "一秒";
/** @type {typeof import("../en/batch.js").seconds} */
export const seconds = (seconds) => `${count(seconds)} 秒`;
/** @type {typeof import("../en/batch.js").minutes} */
export const minutes = (minutes) => `${count(minutes)} 分钟`;
/** @type {typeof import("../en/batch.js").hours} */
export const hours = (hours) => `${hours} 小时`;
export const temporary = "服务器停止时删除。请下载你要保留的内容。";
/** @type {typeof import("../en/batch.js").temporaryUntil} */
export const temporaryUntil = (until) => `服务器停止时删除，最迟 ${until}。请下载你要保留的内容。`;
export const openAgain = "重新打开此网址即可查看。";
/** @type {typeof import("../en/batch.js").keptUntil} */
export const keptUntil = (until) => `保留至 ${until}。`;
/** @type {typeof import("../en/batch.js").classCount} */
export const classCount = (classes) => `${count(classes)} 个类别`;
/** @type {typeof import("../en/batch.js").allScored} */
export const allScored = (rows) => `全部 ${count(rows)} 行已预测。`;
/** @type {typeof import("../en/batch.js").noneScored} */
export const noneScored = (rows) => `没有一行符合：全部 ${count(rows)} 行都没有预测。`;
/** @type {typeof import("../en/batch.js").someScored} */
export const someScored = (scored, bad) => `已预测 ${count(scored)} 行，${count(bad)} 行不符合。`;
/** @type {typeof import("../en/batch.js").shareScored} */
export const shareScored = (share) => `已预测 ${share}。`;
/** @type {typeof import("../en/batch.js").returnedSome} */
export const returnedSome = (columns) => `结果包含文件的 ${count(columns)} 列，最后是预测。`;
/** @type {typeof import("../en/batch.js").severalDropped} */
export const severalDropped = (files) =>
  `拖入了 ${count(files)} 个文件。请只拖入其中一个，或把它们的行合并到一个文件中。`;
/** @type {typeof import("../en/batch.js").reasonOf} */
export const reasonOf = (input, reason) => `${input}：${reason}`;
export const unknownShort = "未知";
export const doneText = "已完成。";
export const cancelledDone = "预测已取消。";
export const failedText = "预测失败。";
export const waitingText = "正在排队。";
/** @type {(inputs: number, predictions: boolean) => string} */ function source(
  inputs,
  predictions,
) {
  if (inputs === 0) return "预测";
  return predictions ? `${count(inputs)} 个输入和预测` : `${count(inputs)} 个输入`;
}
