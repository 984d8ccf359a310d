/** Words for adding a model. */

export const expectedFileName =
  "Expected a name that ends in .joblib, .pkl, .onnx or another ending below.";
export const expectedModelName =
  "Expected at most 100 characters, without / \\ or @, not starting with a dot.";
export const modelFile = "Model file";
export const fileHelp = "A saved estimator or pipeline.";
export const modelName = "Model name";
export const nameHelp = "Names its folder and its address.";
export const trainingTable = "Training table";
export const tableHelp = "Optional. It provides ranges, typical values and warnings.";
export const targetColumn = "Target column";
export const targetHelp =
  "The column that the model predicts. Leave it empty for clustering or outlier detection.";
export const addLead =
  "One command turns a fitted model into a page like these; two publish it to a folder and serve that.";
export const yourNames = "Your names";
export const yourModel = "Your model";
export const serve = "Serve";
export const serveHelp =
  "Serves every model in the folder. A running server picks up a new one within two seconds.";
export const tryHelp = "Serves the file until you stop the command. Nothing is saved.";
export const folderNamedAfterFile = "a folder in models/ that is named after the file";
export const publish = "Publish";
/** @type {(folder: string) => string} */
export const publishHelp = (folder) =>
  `Reads the inputs and outcomes from the model and writes its next version to ${folder}.`;
/** @type {(title: string) => string} */
export const commandNamed = (title) => `“${title}” command`;
export const supportedFiles = "Supported files";
export const plans = "Plans";
export const tables = "Tables";
export const tablesHelp = "all that can be scored in a batch, such as CSV, Excel and Parquet";
export const beforeItIsServed = "Before it is served";
export const whyNotUpload = "Why not upload it here?";
export const whyNotUploadText =
  "Servery opens a model file in a sandboxed process and runs no code from it. But a model can give wrong answers, and everyone here would see them. That is why the administrator chooses which models are served, on the command line.";
/** @type {(extension: unknown, command: unknown) => unknown} */
export const plansHelp = (extension, command) => [extension, ", written by ", command];
/** @type {(command: unknown) => unknown} */
export const checkHelp = (command) => [
  command,
  " lists everything that would fail, model by model, before anyone sees it.",
];
