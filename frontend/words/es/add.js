/** Words for adding a model. */

export const expectedFileName =
  "Se esperaba un nombre que termine en .joblib, .pkl, .onnx u otra extensión de abajo.";
export const expectedModelName =
  "Como máximo 100 caracteres, sin / \\ ni @, y sin punto al principio.";
export const modelFile = "Archivo del modelo";
export const fileHelp = "Un estimador o una pipeline guardados.";
export const modelName = "Nombre del modelo";
export const nameHelp = "Da nombre a su carpeta y a su dirección.";
export const trainingTable = "Tabla de entrenamiento";
export const tableHelp = "Opcional. Aporta rangos, valores típicos y advertencias.";
export const targetColumn = "Columna objetivo";
export const targetHelp =
  "La columna que predice el modelo. Déjala vacía para agrupamiento o detección de anomalías.";
export const addLead =
  "Un comando convierte un modelo entrenado en una página como estas; dos lo publican en una carpeta y la ponen en servicio.";
export const yourNames = "Tus nombres";
export const yourModel = "Tu modelo";
export const serve = "Poner en servicio";
export const serveHelp =
  "Pone en servicio todos los modelos de la carpeta. Un servidor en marcha recoge uno nuevo en menos de dos segundos.";
export const tryHelp =
  "Pone el archivo en servicio hasta que detengas el comando. No se guarda nada.";
export const folderNamedAfterFile = "una carpeta de models/ con el nombre del archivo";
export const publish = "Publicar";
/** @type {typeof import("../en/add.js").publishHelp} */
export const publishHelp = (folder) =>
  `Lee las entradas y los resultados del modelo y escribe su siguiente versión en ${folder}.`;
/** @type {typeof import("../en/add.js").commandNamed} */
export const commandNamed = (title) => `Comando «${title}»`;
export const supportedFiles = "Archivos admitidos";
export const plans = "Planes";
export const tables = "Tablas";
export const tablesHelp = "todo lo que se puede procesar en un lote, como CSV, Excel y Parquet";
export const beforeItIsServed = "Antes de ponerlo en servicio";
export const whyNotUpload = "¿Por qué no subirlo aquí?";
export const whyNotUploadText =
  "Servery abre un archivo de modelo en un proceso aislado y no ejecuta ningún código suyo. Pero un modelo puede dar respuestas erróneas, y aquí las vería todo el mundo. Por eso el administrador elige en la línea de comandos qué modelos se ponen en servicio.";
/** @type {typeof import("../en/add.js").plansHelp} */
export const plansHelp = (extension, command) => [extension, ", escritos por ", command];
/** @type {typeof import("../en/add.js").checkHelp} */
export const checkHelp = (command) => [
  command,
  " enumera todo lo que fallaría, modelo por modelo, antes de que nadie lo vea.",
];
