/** Words for a file of rows. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {typeof import("../en/batch.js").leaveWhileSending} */
export const leaveWhileSending = (name) =>
  `¿Salir de este modelo? «${name}» aún se está enviando, y salir detiene el envío.`;
export const fileDeleted = "El archivo y sus resultados se han borrado.";
export const scoreAWholeFile = "Procesar un archivo entero";
export const dropLead =
  "Suéltalo en cualquier lugar de esta página. Lo recibes de vuelta con una predicción en cada fila.";
export const orPaste = "o pega celdas de una hoja de cálculo, con el encabezado";
export const pasteHere = "Pega aquí, o en cualquier lugar de esta página";
export const chooseAFile = "Elegir un archivo";
export const scoreTheseCells = "Procesar estas celdas";
export const expectedColumns = "Columnas esperadas";
export const columnsLead =
  "En cualquier orden. Las demás columnas quedan como están. Las mayúsculas y la puntuación no importan, y puedes corregir la correspondencia.";
export const downloadATemplate = "Descargar una plantilla";
export const column = "Columna";
export const type = "Tipo";
export const example = "Ejemplo";
export const mayBeEmpty = "puede estar vacía";
export const jobGone = "Esta tarea ya no existe.";
export const jobGoneText =
  "Los resultados se borran al cabo de un tiempo, o cuando alguien los borra. Vuelve a procesar el archivo para recuperarlos.";
export const comparedWithTheTrueOutcomes = "Comparado con los resultados verdaderos";
export const withoutAnOutcome = "sin resultado";
export const unknownOutcome = "con un resultado que el modelo no conoce";
export const withoutAPrediction = "sin predicción";
export const figuresOfThisFileAnd = "Cifras de este archivo y de la ficha";
export const figure = "Cifra";
export const thisFile = "Este archivo";
export const card = "Ficha";
/** @type {typeof import("../en/batch.js").betweenText} */
export const betweenText = (low, high) => `${low} y ${high}`;
export const deleteNow = "Borrar ahora";
export const deleteQuestion =
  "¿Borrar el archivo y sus resultados, para todos los que tengan esta dirección?";
export const keepIt = "Conservar";
export const deleteIt = "Borrar";
export const columns = "Columnas";
export const none = "Ninguna";
export const choose = "Elegir…";
export const noColumnFound = "No se encontró columna";
export const notKnownInAnyRow = "Desconocido en todas las filas";
export const emptyInTheFirstRows = "Vacío en las primeras filas";
export const bothInputsHaveAColumn = "Las dos entradas tienen columna.";
export const theInputHasAColumn = "La entrada tiene columna.";
export const keptAsTheyAre = "Quedan como están";
export const theFirstRowsScored = "Las primeras filas, procesadas";
export const theFirstRows = "Las primeras filas";
export const line = "Línea";
export const noneFits = "Ninguna encaja. ¿Corresponde cada entrada a la columna correcta?";
/** @type {typeof import("../en/batch.js").alsoInThePredictionSet} */
export const alsoInThePredictionSet = (others) => `También en el conjunto de predicción: ${others}`;
export const cancel = "Cancelar";
export const rowsScored = "Filas procesadas";
export const notStarted = "Sin empezar";
export const waitingForItsTurn = "Esperando su turno";
export const scoring = "Procesando";
export const waitingToBeRead = "Esperando a ser leído";
export const readingTheFile = "Leyendo el archivo";
export const readingAndScoringTheFirst = "Leyendo y procesando las primeras filas.";
export const itStartsAsSoonAs = "Empieza en cuanto haya un worker libre.";
export const starting = "Empezando.";
export const stalled =
  "Sin avances desde hace un rato. Si su worker se ha detenido, otro continúa desde aquí.";
export const notStartedYet =
  "Aún no ha empezado nada. Puede que otros archivos vayan antes, o que no haya ningún worker en marcha.";
export const pace = "Ritmo";
export const timeLeft = "Tiempo restante";
export const howTheFileIsRead = "Cómo se lee el archivo";
/** @type {typeof import("../en/batch.js").worksWithout} */
export const worksWithout = (names) =>
  `El modelo funciona sin ${names}. El valor queda desconocido en todas las filas.`;
export const continueWithout = "Continuar sin ello";
export const detect = "Detectar";
export const missingPlaceholder = "Vacío, o como NA, -999";
export const noColumnNamed =
  "Ninguna columna se llama como una entrada. Comprueba que es el archivo correcto y que su primera línea tiene los nombres de las columnas. Si es así, elige cada columna abajo.";
export const chooseReading = "Elige arriba cómo leerlo, o corrige el archivo y vuelve a elegirlo.";
export const waitingForYourChoices = "Esperando tus decisiones";
export const done = "Terminado";
export const failed = "Fallido";
export const cancelled = "Cancelado";
export const yourFiles = "Tus archivos";
export const recentLead = "Tareas abiertas en este navegador. Cada una se borra al caducar.";
export const file = "Archivo";
export const state = "Estado";
export const uploaded = "Enviado";
export const downloadTheResult = "Descargar el resultado";
export const anotherFile = "Otro archivo";
export const downloadTheEvaluation = "Descargar la evaluación";
export const scoringFailed = "El proceso ha fallado";
export const scoringWasCancelled = "El proceso se ha cancelado";
export const theServerGaveNoReason = "El servidor no dio ningún motivo.";
export const cancelledText = "Se ha borrado. No queda nada de ello en el servidor.";
export const chooseAnotherFile = "Elegir otro archivo";
export const rowsThatDidNotFit = "Filas que no encajaron";
export const whyByInput = "Por qué, según la entrada";
export const reason = "Motivo";
export const whatDoesNotFit = "Qué no encaja";
export const whatTheResultContains = "Qué contiene el resultado";
export const columnsOfTheFile = "Columnas del archivo";
export const all = "Todas";
export const noneOnlyThePrediction = "Ninguna, solo la predicción";
export const someOfThem = "Algunas";
export const columnsInTheResult = "Columnas del resultado";
export const ofAllClasses = "De todas las clases";
/** @type {typeof import("../en/batch.js").thresholdFor} */
export const thresholdFor = (name) => `Umbral para «${name}»`;
export const resultAs = "Resultado como";
export const showMe = "Mostrar dónde";
export const startingNow = "Empezando…";
export const scoreAllRows = "Procesar todas las filas";
export const trueOutcomes = "Resultados verdaderos";
export const firstFixMissing = "Corrige primero cómo se escriben los valores ausentes.";
/** @type {typeof import("../en/batch.js").firstChooseColumn} */
export const firstChooseColumn = (label) => `Elige primero la columna de ${label}.`;
export const readingTheFileAgain = "Leyendo de nuevo el archivo.";
export const firstAnswer = "Responde primero a la pregunta de arriba.";
export const outOfRange = "fuera de rango";
/** @type {typeof import("../en/batch.js").inEveryRow} */
export const inEveryRow = (value) => `${value} en todas las filas.`;
/** @type {typeof import("../en/batch.js").predictedRange} */
export const predictedRange = (minimum, maximum, mean) =>
  `De ${minimum} a ${maximum}; ${mean} de media.`;
export const warning = "Advertencia";
export const comparedWithTraining = "Comparado con el entrenamiento";
export const noDrift =
  "Sin deriva: los valores se distribuyen como en el entrenamiento, hasta donde permite el azar.";
export const values = "Valores";
export const training = "Entrenamiento";
export const thePredictions = "Las predicciones";
export const upperBarsThisFile = "Barras superiores: este archivo";
export const lowerBarsTraining = "Barras inferiores: entrenamiento";
/** @type {typeof import("../en/batch.js").driftCaption} */
export const driftCaption = (name) =>
  `${name}: proporciones de las filas en este archivo y en el entrenamiento`;
export const bytesSent = "Bytes enviados";
export const keepOpen = "Deja esta página abierta hasta que se envíe el archivo.";
export const noBatches = "Este servidor no procesa archivos para este modelo.";
export const dropTheFileToScore = "Suelta el archivo para procesarlo";
export const fileKept = "El archivo se conserva aquí y se vuelve a enviar automáticamente.";
export const choiceKept = "Tu elección se conserva aquí y se vuelve a enviar automáticamente.";
export const nothingLost = "Se reintenta automáticamente. No se pierde nada.";
export const notResponding = "El servidor no responde.";
export const oneFileAtATime = "Un archivo cada vez";
/** @type {typeof import("../en/batch.js").unreadableText} */
export const unreadableText = (name) =>
  `${name} es una carpeta, o se movió, cambió o borró después de elegirlo. Vuelve a elegir el archivo.`;
export const theFileCannotBeRead = "No se puede leer el archivo";
export const outsideTheTrainingRange = "Fuera del rango de entrenamiento";
export const unknownCategory = "Categoría desconocida";
export const unusualCombination = "Combinación inusual";
export const unknownWords = "Palabras desconocidas";
export const missingFilledIn = "Ausente, completado";
export const noValue = "Sin valor";
export const noText = "Sin texto";
export const notAWholeNumber = "No es un número entero";
export const neitherTrueNorFalse = "Ni verdadero ni falso";
export const notOneOfTheCategories = "No es una de las categorías";
export const notADate = "No es una fecha";
export const noAnswerOfTheModel = "El modelo no respondió";
export const theRow = "La fila";
/** @type {typeof import("../en/batch.js").allTheSame} */
export const allTheSame = (label) => `Se predijo «${label}» en todas las filas.`;
/** @type {typeof import("../en/batch.js").mostPredicted} */
export const mostPredicted = (label, each) => `Lo más predicho fue «${label}»: en ${each}.`;
/** @type {typeof import("../en/batch.js").tiedPredicted} */
export const tiedPredicted = (tied, each) =>
  `${tied} se predijeron con la misma frecuencia: en ${each} cada uno.`;
export const unwarnedUnknown = "Ninguna. No se sabe cómo eran los datos de entrenamiento.";
export const unwarned =
  "Ninguna. Todas las filas procesadas se parecen a los datos de entrenamiento.";
export const withoutData =
  "Este modelo se publicó sin sus datos de entrenamiento, así que ninguna fila se comparó con ellos.";
export const scoringHasBegun = "El proceso ha empezado.";
export const fileIsRead = "El archivo está leído. Abajo están procesadas sus primeras filas.";
/** @type {typeof import("../en/batch.js").formatsList} */
export const formatsList = (list, compressed) =>
  `${list}. Los archivos pueden estar comprimidos: ${compressed}.`;
export const returnedAll =
  "El resultado tiene todas las columnas en su orden, seguidas de la predicción.";
export const returnedNone = "El resultado solo tiene la predicción.";
/** @type {typeof import("../en/batch.js").otherThreshold} */
export const otherThreshold = (name, used, card) =>
  `Se predice «${name}» a partir de una probabilidad de ${used}; la ficha del modelo usa ${card}.`;
/** @type {typeof import("../en/batch.js").separatedBy} */
export const separatedBy = (delimiter) => `separado por: ${delimiter}`;
/** @type {typeof import("../en/batch.js").sheet} */
export const sheet = (sheet) => `hoja ${sheet}`;
/** @type {typeof import("../en/batch.js").deletedText} */
export const deletedText = (name) => [
  name ?? "El archivo",
  " y sus resultados se han borrado. Tu propio archivo no ha cambiado.",
];
/** @type {typeof import("../en/batch.js").comparedRows} */
export const comparedRows = (rows, target) =>
  plural(rows, {
    one: `1 fila, según la columna «${target}».`,
    other: `${count(rows)} filas, según la columna «${target}».`,
  });
/** @type {typeof import("../en/batch.js").leftOut} */
export const leftOut = (parts) => `Se omiten: ${parts}.`;
/** @type {typeof import("../en/batch.js").intervalsHeld} */
export const intervalsHeld = (stated, measured, low, high) =>
  `Los intervalos de predicción del ${stated} contuvieron ${measured} de los resultados; probablemente entre ${low} y ${high}.`;
/** @type {typeof import("../en/batch.js").setsHeld} */
export const setsHeld = (stated, measured, low, high) =>
  `Los conjuntos de predicción del ${stated} contuvieron ${measured} de los resultados; probablemente entre ${low} y ${high}.`;
/** @type {typeof import("../en/batch.js").theOtherInputs} */
export const theOtherInputs = (inputs) =>
  plural(inputs, { one: "La otra entrada", other: `Las otras ${count(inputs)} entradas` });
/** @type {typeof import("../en/batch.js").allInputs} */
export const allInputs = (inputs) =>
  plural(inputs, { one: "La entrada", other: `Las ${count(inputs)} entradas` });
/** @type {typeof import("../en/batch.js").someHaveColumns} */
export const someHaveColumns = (found, wanted) =>
  `${count(found)} de ${count(wanted)} entradas tienen columna.`;
/** @type {typeof import("../en/batch.js").allHaveColumns} */
export const allHaveColumns = (inputs) => `Las ${count(inputs)} entradas tienen columna.`;
/** @type {typeof import("../en/batch.js").andMore} */
export const andMore = (more) => `y ${count(more)} más`;
/** @type {typeof import("../en/batch.js").morePoints} */
export const morePoints = (more) => `Y ${count(more)} más`;
/** @type {typeof import("../en/batch.js").someDoNotFit} */
export const someDoNotFit = (bad, rows) =>
  `${count(bad)} de ${count(rows)} no ${bad === 1 ? "encaja" : "encajan"}.`;
/** @type {typeof import("../en/batch.js").allFit} */
export const allFit = (rows) => `Las ${count(rows)} encajan.`;
export const canClose =
  "Puedes cerrar esta página. El proceso continúa. Vuelve a abrir esta dirección para verlo.";
export const canCloseWaiting =
  "Puedes cerrar esta página. Vuelve a abrir esta dirección para verlo.";
/** @type {typeof import("../en/batch.js").doneOf} */
export const doneOf = (done, total) => `${done} de ${total}`;
/** @type {typeof import("../en/batch.js").soFar} */
export const soFar = (done) => `${done} hasta ahora`;
/** @type {typeof import("../en/batch.js").startWorker} */
export const startWorker = (command) => ["El administrador puede iniciar uno con ", command, "."];
/** @type {typeof import("../en/batch.js").rowsPerSecond} */
export const rowsPerSecond = (rows) =>
  plural(rows, { one: "1 fila por segundo", other: `${count(rows)} filas por segundo` });
/** @type {typeof import("../en/batch.js").aboutDuration} */
export const aboutDuration = (duration) => `unos ${duration}`;
/** @type {typeof import("../en/batch.js").withoutColumn} */
export const withoutColumn = (lacking, all) =>
  `${count(lacking)} de ${count(all)} entradas no tienen columna. Elige abajo las columnas, o dales en el archivo los nombres de las entradas y vuelve a elegirlo.`;
/** @type {typeof import("../en/batch.js").downloadBadRows} */
export const downloadBadRows = (rows) =>
  plural(rows, {
    one: "Descargar la fila que no encaja",
    other: `Descargar las ${count(rows)} filas que no encajan`,
  });
/** @type {typeof import("../en/batch.js").byVersion} */
export const byVersion = (version) => `con la versión ${version}`;
/** @type {typeof import("../en/batch.js").neutralised} */
export const neutralised = (cells) =>
  plural(cells, {
    one: "1 celda parece una fórmula de hoja de cálculo. Se le antepuso un apóstrofo para que ningún programa la ejecute.",
    other: `${count(cells)} celdas parecen fórmulas de hoja de cálculo. Se les antepuso un apóstrofo para que ningún programa las ejecute.`,
  });
/** @type {typeof import("../en/batch.js").cameBackEmpty} */
export const cameBackEmpty = (rows) =>
  plural(rows, {
    one: "1 fila volvió con la predicción vacía y el motivo al lado.",
    other: `${count(rows)} filas volvieron con la predicción vacía y el motivo al lado.`,
  });
/** @type {typeof import("../en/batch.js").firstByLine} */
export const firstByLine = (rows) => `Las primeras ${count(rows)}, por línea del archivo`;
export const eachByLine = "Cada una, por línea del archivo";
export const scrollForMore = "Desplázate para ver el resto";
/** @type {typeof import("../en/batch.js").firstChooseColumns} */
export const firstChooseColumns = (inputs) =>
  `Elige primero las columnas de ${count(inputs)} entradas.`;
/** @type {typeof import("../en/batch.js").warnedRows} */
export const warnedRows = (warned, rows, share) =>
  plural(warned, {
    one: `1 fila de ${count(rows)} (${share}) tiene una advertencia: toma la predicción con cautela.`,
    other: `${count(warned)} filas de ${count(rows)} (${share}) tienen una advertencia: toma la predicción con cautela.`,
  });
/** @type {typeof import("../en/batch.js").mostCommonReasons} */
export const mostCommonReasons = (shown, all) =>
  `Los ${count(shown)} motivos más comunes de ${count(all)}; los números de abajo los tienen todos.`;
/** @type {typeof import("../en/batch.js").tooFewRows} */
export const tooFewRows = (rows) =>
  `Muy pocas filas para comparar: hacen falta ${count(rows)} o más.`;
/** @type {typeof import("../en/batch.js").drifted} */
export const drifted = (inputs, predictions) =>
  inputs === 0
    ? "Las predicciones derivaron más de lo que explica el azar."
    : `${inputsAnd(inputs, predictions)} ${inputs === 1 && !predictions ? "derivó" : "derivaron"} más de lo que explica el azar.`;
/** @type {typeof import("../en/batch.js").showStable} */
export const showStable = (inputs, predictions) =>
  inputs === 0
    ? "Mostrar las predicciones sin deriva"
    : `Mostrar ${inputsAnd(inputs, predictions)} sin deriva`;
/** @type {typeof import("../en/batch.js").smallDrift} */
export const smallDrift = (name) => `${name}: deriva pequeña.`;
/** @type {typeof import("../en/batch.js").moderateDrift} */
export const moderateDrift = (name) => `${name}: deriva moderada.`;
/** @type {typeof import("../en/batch.js").largeDrift} */
export const largeDrift = (name) => `${name}: deriva grande.`;
/** @type {typeof import("../en/batch.js").driftAt} */
export const driftAt = (value, here, training) =>
  `${value}: ${here} de las filas, ${training} en el entrenamiento.`;
export const sendingTheFile = "Enviando el archivo";
/** @type {typeof import("../en/batch.js").sentOf} */
export const sentOf = (sent, size) => `${sent} de ${size}`;
/** @type {typeof import("../en/batch.js").linesText} */
export const linesText = (rows, lines, more) =>
  plural(rows, {
    one: `Línea ${lines}`,
    other: `Líneas ${lines}${more > 0 ? ` y ${count(more)} más` : ""}`,
  });
export const aSecond = "un segundo";
/** @type {typeof import("../en/batch.js").seconds} */
export const seconds = (seconds) =>
  plural(seconds, { one: "1 segundo", other: `${count(seconds)} segundos` });
/** @type {typeof import("../en/batch.js").minutes} */
export const minutes = (minutes) =>
  plural(minutes, { one: "1 minuto", other: `${count(minutes)} minutos` });
/** @type {typeof import("../en/batch.js").hours} */
export const hours = (hours) => `${hours} horas`;
export const temporary = "Se borra al detenerse el servidor. Descarga lo que quieras conservar.";
/** @type {typeof import("../en/batch.js").temporaryUntil} */
export const temporaryUntil = (until) =>
  `Se borra al detenerse el servidor, a más tardar el ${until}. Descarga lo que quieras conservar.`;
export const openAgain = "Vuelve a abrir esta dirección para verlo.";
/** @type {typeof import("../en/batch.js").keptUntil} */
export const keptUntil = (until) => `Se conserva hasta el ${until}.`;
/** @type {typeof import("../en/batch.js").classCount} */
export const classCount = (classes) => `${count(classes)} clases`;
/** @type {typeof import("../en/batch.js").allScored} */
export const allScored = (rows) =>
  plural(rows, {
    one: "La única fila está procesada.",
    other: `Procesadas las ${count(rows)} filas.`,
  });
/** @type {typeof import("../en/batch.js").noneScored} */
export const noneScored = (rows) =>
  `Ninguna fila encaja: las ${count(rows)} volvieron sin predicción.`;
/** @type {typeof import("../en/batch.js").someScored} */
export const someScored = (scored, bad) =>
  plural(scored, {
    one: `1 fila procesada, ${count(bad)} no encajaron.`,
    other: `${count(scored)} filas procesadas, ${count(bad)} no encajaron.`,
  });
/** @type {typeof import("../en/batch.js").shareScored} */
export const shareScored = (share) => `Procesado el ${share}.`;
/** @type {typeof import("../en/batch.js").returnedSome} */
export const returnedSome = (columns) =>
  plural(columns, {
    one: "El resultado tiene 1 columna del archivo, seguida de la predicción.",
    other: `El resultado tiene ${count(columns)} columnas del archivo, seguidas de la predicción.`,
  });
/** @type {typeof import("../en/batch.js").severalDropped} */
export const severalDropped = (files) =>
  `Se soltaron ${count(files)} archivos. Suelta uno de ellos, o reúne sus filas en un solo archivo.`;
/** @type {typeof import("../en/batch.js").reasonOf} */
export const reasonOf = (input, reason) =>
  `${input}: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
export const unknownShort = "desconocido";
export const doneText = "Terminado.";
export const cancelledDone = "El proceso se ha cancelado.";
export const failedText = "El proceso ha fallado.";
export const waitingText = "Esperando su turno.";
/** @type {(inputs: number, predictions: boolean) => string} */ function inputsAnd(
  inputs,
  predictions,
) {
  const counted = plural(inputs, { one: "1 entrada", other: `${count(inputs)} entradas` });
  return predictions ? `${counted} y las predicciones` : counted;
}
