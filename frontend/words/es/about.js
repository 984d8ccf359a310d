/** Words for what was measured of a model. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const mustNotBeUsedFor = "No debe usarse para";
export const intendedUse = "Uso previsto";
export const limitations = "Limitaciones";
export const whatIsUnknown = "Qué se desconoce";
export const noDescription = "Este modelo aún no tiene descripción.";
export const howGoodItIs = "Qué tan bueno es";
export const notMeasuredOnUnseen = "Esta versión no se midió con filas no vistas.";
export const resampling =
  "Los intervalos del 95 % proceden de remuestrear estas filas: otras filas darían otras cifras.";
export const eachClass = "Cada clase";
export const howWellEachClassIs = "Qué tan bien se reconoce cada clase";
export const classTitle = "Clase";
export const precision = "Precisión";
export const recall = "Exhaustividad";
export const whereItComesFrom = "De dónde viene";
export const trainingRows = "Filas de entrenamiento";
export const fittedOn = "Entrenado el";
export const computedBy = "Calculado con";
export const libraries = "Bibliotecas";
export const data = "Datos";
export const source = "Procedencia";
export const licence = "Licencia";
export const countsAsMissing = "Cuenta como ausente";
export const version = "Versión";
export const versions = "Versiones";
export const served = "en servicio";
export const theClassItNames = "la clase que nombra";
export const calibration = "Calibración";
/** @type {typeof import("../en/about.js").calibrationLead} */
export const calibrationLead = (what) =>
  `¿Se cumple ${what} tan a menudo como dice la probabilidad? Sobre la línea discontinua, sí.`;
/** @type {typeof import("../en/about.js").calibrationPlot} */
export const calibrationPlot = (summary) => `Gráfico de calibración. ${summary}`;
export const predictedOnAverage = "Predicho, de media";
export const dotSize = "Cuanto mayor es un punto, más filas tiene.";
export const confusionKey =
  "Cada fila suma 100 %. Las celdas coloreadas se predijeron correctamente.";
export const confusionMatrix = "Matriz de confusión";
export const everyRowWasPredictedCorrectly = "Todas las filas se predijeron correctamente.";
export const mostFrequentMistakes = "Errores más frecuentes";
export const ofTheActual = "De los reales";
export const confusionCaption = "Filas: la clase real. Columnas: la clase predicha.";
export const intervals = "Intervalos de predicción";
export const coverageKey =
  "Sobre la línea discontinua, un intervalo cumple lo que indica. Trazos: dónde puede estar la proporción verdadera, dado el número de filas.";
/** @type {typeof import("../en/about.js").coveragePlot} */
export const coveragePlot = (summary) => `Gráfico de cobertura. ${summary}`;
export const coverageOfTheIntervals = "Cobertura de los intervalos de predicción";
export const stated = "Indicado";
export const measured = "Medido";
export const loadingWhatWasMeasured = "Cargando lo medido";
export const evaluationFailed = "No se pudo cargar la evaluación";
export const unreachableRetrying = "El servidor no responde. Se reintenta automáticamente.";
export const whereItIsWrong = "Dónde se equivoca";
export const howFarOffItIs = "Cuánto se desvía";
export const howFarToTrustIts = "Hasta dónde fiarse de sus probabilidades";
export const whichInputsMatter = "Qué entradas importan";
export const errorsByGroup = "Errores por grupo";
export const notMeasured = "no medido";
export const importanceOfTheInputs = "Importancia de las entradas";
export const importanceKey =
  "Barras de error: dos errores estándar a cada lado, sobre permutaciones y filas.";
/** @type {typeof import("../en/about.js").importancePlot} */
export const importancePlot = (summary) => `Importancia de las entradas. ${summary}`;
/** @type {typeof import("../en/about.js").lossOf} */
export const lossOf = (metric) => `Pérdida de ${metric}`;
export const predictedAndActual = "Predicho y real";
/** @type {typeof import("../en/about.js").residualsPlot} */
export const residualsPlot = (summary) => `Predicho frente a real. ${summary}`;
export const miss = "Desviación";
export const predictionSets = "Conjuntos de predicción";
export const classesInASet = "Clases en un conjunto";
export const classOrSizeOfThe = "Clase, o tamaño del conjunto";
export const trueClassInTheSet = "Clase verdadera en el conjunto";
/** @type {typeof import("../en/about.js").isClass} */
export const isClass = (name) => `Es ${name}`;
/** @type {typeof import("../en/about.js").predictedAs} */
export const predictedAs = (name) => `Predicho como ${name}`;
export const trainingData = "Datos de entrenamiento";
export const spreadLead =
  "Cómo se distribuían los valores de cada entrada en el entrenamiento. El modelo sabe menos de los valores que eran raros en él.";
/** @type {typeof import("../en/about.js").median} */
export const median = (value) => `mediana ${value}`;
export const valuesInTraining = "Valores en el entrenamiento";
export const threshold = "Umbral";
/** @type {typeof import("../en/about.js").thresholdLead} */
export const thresholdLead = (name) =>
  `Las filas con al menos esta probabilidad se predicen como «${name}».`;
/** @type {typeof import("../en/about.js").predictMore} */
export const predictMore = (value) => `${value}: predecir más`;
/** @type {typeof import("../en/about.js").predictFewer} */
export const predictFewer = (value) => `predecir menos: ${value}`;
export const chosenThreshold = "El del modelo";
/** @type {typeof import("../en/about.js").backToChosen} */
export const backToChosen = (chosen) => `Volver al del modelo, ${chosen}`;
export const nothingIsPredicted = "no se predice nada";
/** @type {typeof import("../en/about.js").precisionOf} */
export const precisionOf = (precision) => `precisión ${precision}`;
export const rocCurve = "Curva ROC";
export const precisionAndRecall = "Precisión y exhaustividad";
/** @type {typeof import("../en/about.js").rocSummary} */
export const rocSummary = (threshold, recall, falseAlarmRate) =>
  `Curva ROC. En ${threshold}: se acierta ${recall} de la clase, con falsas alarmas en ${falseAlarmRate} de los demás.`;
/** @type {typeof import("../en/about.js").precisionRecallSummary} */
export const precisionRecallSummary = (threshold, recall, precision, base) =>
  `Curva de precisión y exhaustividad. En ${threshold}: exhaustividad ${recall}, ${precision}. Por azar: ${base}.`;
export const thresholdTable = "Qué ocurre con las filas en cada umbral";
export const hits = "Aciertos";
export const falseAlarms = "Falsas alarmas";
export const missed = "Omitidos";
/** @type {typeof import("../en/about.js").gapText} */
export const gapText = (label, value, most, least, low, high) =>
  `${label}: ${value} puntos porcentuales más para ${most} que para ${least} (intervalo del 95 %: ${low} a ${high}).`;
/** @type {typeof import("../en/about.js").noRowOfClass} */
export const noRowOfClass = (name) =>
  `Ninguna fila medida era «${name}», así que no se midieron sus errores.`;
/** @type {typeof import("../en/about.js").calibrationError} */
export const calibrationError = (points, byChance) =>
  `De media, las proporciones predichas y reales difieren en ${points} puntos porcentuales; con probabilidades perfectas, el azar por sí solo daría unos ${byChance}.`;
/** @type {typeof import("../en/about.js").shareOfClass} */
export const shareOfClass = (measured, name) => `${measured} de «${name}»`;
/** @type {typeof import("../en/about.js").singleSets} */
export const singleSets = (share) =>
  `En ${share} de las filas, el conjunto tiene una sola clase. La frecuencia con que esas respuestas son correctas se indica junto a cada respuesta.`;
export const noSingleSets = "Ningún conjunto tiene una sola clase.";
/** @type {typeof import("../en/about.js").widthVaries} */
export const widthVaries = (width) => `Su anchura es de ${width} de media; sigue a la predicción.`;
/** @type {typeof import("../en/about.js").widthFixed} */
export const widthFixed = (width) => `Su anchura es de ${width}, igual en todas las filas.`;
/** @type {typeof import("../en/about.js").halfOff} */
export const halfOff = (difference) =>
  `En la mitad de estas filas, la predicción se desvió menos de ${difference}.`;
/** @type {typeof import("../en/about.js").fallsMost} */
export const fallsMost = (inputs) => `Cae sobre todo con ${inputs}.`;
/** @type {typeof import("../en/about.js").notCompiled} */
export const notCompiled = (unsupported) =>
  `scikit-learn. No hay forma compilada de ${unsupported}.`;
/** @type {typeof import("../en/about.js").allClasses} */
export const allClasses = (classes) => `Las ${count(classes)} clases`;
/** @type {typeof import("../en/about.js").emptyCellAnd} */
export const emptyCellAnd = (others) => `una celda vacía, ${others}`;
export const calibrationKey =
  "Trazos: dónde puede estar la proporción verdadera, dado el número de filas.";
/** @type {typeof import("../en/about.js").dotRows} */
export const dotRows = (rows) =>
  plural(rows, { one: "Cada punto: 1 fila.", other: `Cada punto: ${count(rows)} filas.` });
/** @type {typeof import("../en/about.js").notEvaluated} */
export const notEvaluated = (test, crossValidation) => [
  "Esta versión se publicó sin evaluación. Publícala con filas no vistas (",
  test,
  ") o con validación cruzada (",
  crossValidation,
  ") para ver aquí sus errores.",
];
/** @type {typeof import("../en/about.js").byGroup} */
export const byGroup = (group) => `Según ${group.charAt(0).toLowerCase()}${group.slice(1)}`;
/** @type {typeof import("../en/about.js").errorsByThis} */
export const errorsByThis = (group) =>
  `Errores según ${group.charAt(0).toLowerCase()}${group.slice(1)}`;
/** @type {typeof import("../en/about.js").importanceLead} */
export const importanceLead = (metric, repeats, rows) =>
  `Cuánto cae la métrica «${metric}» cuando los valores de una entrada se permutan entre las filas, ${count(repeats)} veces sobre ${count(rows)} filas.`;
/** @type {typeof import("../en/about.js").someRows} */
export const someRows = (shown, rows) => `${count(shown)} de las ${count(rows)} filas.`;
/** @type {typeof import("../en/about.js").allRows} */
export const allRows = (rows) => `Las ${count(rows)} filas.`;
/** @type {typeof import("../en/about.js").bandKey} */
export const bandKey = (stated) =>
  `La banda: el intervalo de predicción del ${stated} en cada predicción.`;
export const residualsLead =
  "Cada punto es una fila; sobre la línea discontinua se predijo con exactitud.";
export const setsLead =
  "Un conjunto de predicción contiene las clases que puede tener una respuesta.";
export const heldByClass = "Filas de cada clase con la clase verdadera en el conjunto";
export const heldByAnswer = "Respuestas de cada clase con la clase verdadera en el conjunto";
export const noClass = "ninguna";
/** @type {typeof import("../en/about.js").classCount} */
export const classCount = (classes) =>
  plural(classes, { one: "1 clase", other: `${count(classes)} clases` });
/** @type {typeof import("../en/about.js").setsOf} */
export const setsOf = (classes) =>
  classes === 0 ? "Conjuntos vacíos" : `Conjuntos de ${classCount(classes)}`;
/** @type {typeof import("../en/about.js").positivesText} */
export const positivesText = (rows, name, caught, missed) =>
  `${count(rows)} eran «${name}»: ${count(caught)} detectados, ${count(missed)} omitidos`;
/** @type {typeof import("../en/about.js").negativesText} */
export const negativesText = (rows, left, falseAlarms) =>
  `${count(rows)} no lo eran: ${count(left)} sin marcar, ${count(falseAlarms)} falsas alarmas`;
/** @type {typeof import("../en/about.js").others} */
export const others = (others) => plural(others, { one: "1 más", other: `${count(others)} más` });
/** @type {typeof import("../en/about.js").spreadOf} */
export const spreadOf = (label, range, half) => `${label}: ${range}, la mitad de ellos ${half}.`;
/** @type {typeof import("../en/about.js").fewMeasured} */
export const fewMeasured = (rows) =>
  plural(rows, {
    one: "Solo se midió 1 fila: lee cada cifra con su intervalo.",
    other: `Solo se midieron ${count(rows)} filas: lee cada cifra con su intervalo.`,
  });
/** @type {typeof import("../en/about.js").measuredOn} */
export const measuredOn = (rows) =>
  `Medido con ${count(rows)} filas, cada una predicha por un ajuste que no la vio.`;
/** @type {typeof import("../en/about.js").interval95} */
export const interval95 = (low, high) => `Intervalo del 95 %: ${low} a ${high}.`;
/** @type {typeof import("../en/about.js").valueIn} */
export const valueIn = (value, low, high) => `${value} (${low} a ${high})`;
/** @type {typeof import("../en/about.js").rightOfClass} */
export const rightOfClass = (rows, name, right, share) =>
  `De ${count(rows)} filas que eran «${name}», ${count(right)} se predijeron correctamente (${share}).`;
/** @type {typeof import("../en/about.js").calledAt} */
export const calledAt = (threshold, rows, called, name) =>
  `En ${threshold}: de ${count(rows)} filas, ${count(called)} se predicen como «${name}»`;
/** @type {typeof import("../en/about.js").wrongly} */
export const wrongly = (falseAlarms) =>
  `; ${count(falseAlarms)} de ellas por error (falsas alarmas)`;
/** @type {typeof import("../en/about.js").missedOf} */
export const missedOf = (missed, positives, name) =>
  `; se omiten ${count(missed)} de las ${count(positives)} que eran «${name}».`;
/** @type {typeof import("../en/about.js").setsByClass} */
export const setsByClass = (held, stated) =>
  `De las filas de cada clase, esta proporción tenía la clase verdadera en su conjunto: ${held}. La cobertura indicada es ${stated}.`;
/** @type {typeof import("../en/about.js").setsByAnswer} */
export const setsByAnswer = (held, stated) =>
  `De las filas predichas como cada clase, esta proporción tenía la clase verdadera en su conjunto: ${held}. La cobertura indicada es ${stated}.`;
/** @type {typeof import("../en/about.js").intervalCoverage} */
export const intervalCoverage = (rows, measured, stated) =>
  `De ${count(rows)} filas no vistas, ${measured} estaban dentro del intervalo de predicción que indica ${stated}.`;
/** @type {typeof import("../en/about.js").noDifference} */
export const noDifference = (inputs) => `Con ${inputs}, estas filas no muestran diferencia.`;
/** @type {typeof import("../en/about.js").someInputs} */
export const someInputs = (inputs) => `${count(inputs)} de las entradas`;
export const compiledOnnx = "ONNX Runtime.";
export const compiledForm = "Una forma compilada del modelo.";
/** @type {typeof import("../en/about.js").verifiedEqual} */
export const verifiedEqual = (rows) =>
  `Se comparó con scikit-learn en ${count(rows)} filas: las clases fueron las mismas y los números, iguales hasta la última cifra.`;
/** @type {typeof import("../en/about.js").verifiedNear} */
export const verifiedNear = (rows, difference) =>
  `Se comparó con scikit-learn en ${count(rows)} filas: las clases fueron las mismas y los números difirieron como máximo en ${difference} de su tamaño.`;
/** @type {typeof import("../en/about.js").fewInGroups} */
export const fewInGroups = (rows, groups) =>
  `Una tasa se apoya en menos de ${count(rows)} filas: ${groups}. Puede desviarse varios puntos porcentuales; el intervalo dice cuántos.`;
