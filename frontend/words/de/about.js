/** Words for what was measured of a model. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const mustNotBeUsedFor = "Darf nicht verwendet werden für";
export const intendedUse = "Vorgesehene Verwendung";
export const limitations = "Einschränkungen";
export const whatIsUnknown = "Was nicht bekannt ist";
export const noDescription = "Dieses Modell hat noch keine Beschreibung.";
export const howGoodItIs = "Wie gut es ist";
export const notMeasuredOnUnseen = "Diese Version wurde nicht an ungesehenen Zeilen gemessen.";
export const resampling =
  "Die 95-%-Intervalle stammen aus dem wiederholten Ziehen dieser Zeilen: Andere Zeilen ergäben andere Zahlen.";
export const eachClass = "Jede Klasse";
export const howWellEachClassIs = "Wie gut jede Klasse erkannt wird";
export const classTitle = "Klasse";
export const precision = "Precision";
export const recall = "Recall";
export const whereItComesFrom = "Woher es kommt";
export const trainingRows = "Trainingszeilen";
export const fittedOn = "Trainiert am";
export const computedBy = "Berechnet von";
export const libraries = "Bibliotheken";
export const data = "Daten";
export const source = "Quelle";
export const licence = "Lizenz";
export const countsAsMissing = "Gilt als fehlend";
export const version = "Version";
export const versions = "Versionen";
export const served = "bereitgestellt";
export const theClassItNames = "die Klasse, die es nennt,";
export const calibration = "Kalibrierung";
/** @type {typeof import("../en/about.js").calibrationLead} */
export const calibrationLead = (what) =>
  `Trifft ${what} so oft zu, wie die Wahrscheinlichkeit sagt? Auf der gestrichelten Linie ist es so.`;
/** @type {typeof import("../en/about.js").calibrationPlot} */
export const calibrationPlot = (summary) => `Kalibrierungsdiagramm. ${summary}`;
export const predictedOnAverage = "Vorhergesagt, im Mittel";
export const dotSize = "Je größer ein Punkt, desto mehr Zeilen.";
export const confusionKey =
  "Jede Zeile ergibt zusammen 100 %. Farbige Zellen wurden richtig vorhergesagt.";
export const confusionMatrix = "Konfusionsmatrix";
export const everyRowWasPredictedCorrectly = "Jede Zeile wurde richtig vorhergesagt.";
export const mostFrequentMistakes = "Häufigste Fehler";
export const ofTheActual = "Anteil an den tatsächlichen";
export const confusionCaption =
  "Zeilen: die tatsächliche Klasse. Spalten: die vorhergesagte Klasse.";
export const intervals = "Vorhersageintervalle";
export const coverageKey =
  "Auf der gestrichelten Linie hält ein Intervall, was es angibt. Striche: wo der wahre Anteil bei dieser Zeilenzahl liegen kann.";
/** @type {typeof import("../en/about.js").coveragePlot} */
export const coveragePlot = (summary) => `Überdeckungsdiagramm. ${summary}`;
export const coverageOfTheIntervals = "Überdeckung der Vorhersageintervalle";
export const stated = "Angegeben";
export const measured = "Gemessen";
export const loadingWhatWasMeasured = "Die Messungen werden geladen";
export const evaluationFailed = "Die Bewertung konnte nicht geladen werden";
export const unreachableRetrying =
  "Der Server antwortet nicht. Es wird automatisch erneut versucht.";
export const whereItIsWrong = "Wo es sich irrt";
export const howFarOffItIs = "Wie weit es danebenliegt";
export const howFarToTrustIts = "Wie weit seinen Wahrscheinlichkeiten zu trauen ist";
export const whichInputsMatter = "Welche Eingaben wichtig sind";
export const errorsByGroup = "Fehler nach Gruppen";
export const notMeasured = "nicht gemessen";
export const importanceOfTheInputs = "Wichtigkeit der Eingaben";
export const importanceKey =
  "Fehlerbalken: zwei Standardfehler nach jeder Seite, über Vertauschungen und Zeilen.";
/** @type {typeof import("../en/about.js").importancePlot} */
export const importancePlot = (summary) => `Wichtigkeit der Eingaben. ${summary}`;
/** @type {typeof import("../en/about.js").lossOf} */
export const lossOf = (metric) => `Verlust an ${metric}`;
export const predictedAndActual = "Vorhergesagt und tatsächlich";
/** @type {typeof import("../en/about.js").residualsPlot} */
export const residualsPlot = (summary) => `Vorhergesagt gegen tatsächlich. ${summary}`;
export const miss = "Abweichung";
export const predictionSets = "Vorhersagemengen";
export const classesInASet = "Klassen in einer Menge";
export const classOrSizeOfThe = "Klasse oder Größe der Menge";
export const trueClassInTheSet = "Wahre Klasse in der Menge";
/** @type {typeof import("../en/about.js").isClass} */
export const isClass = (name) => `Ist ${name}`;
/** @type {typeof import("../en/about.js").predictedAs} */
export const predictedAs = (name) => `Vorhergesagt als ${name}`;
export const trainingData = "Trainingsdaten";
export const spreadLead =
  "Wie die Werte jeder Eingabe im Training verteilt waren. Über Werte, die dort selten waren, weiß das Modell weniger.";
/** @type {typeof import("../en/about.js").median} */
export const median = (value) => `Median ${value}`;
export const valuesInTraining = "Werte im Training";
export const threshold = "Schwellenwert";
/** @type {typeof import("../en/about.js").thresholdLead} */
export const thresholdLead = (name) =>
  `Zeilen mit mindestens dieser Wahrscheinlichkeit werden als „${name}“ vorhergesagt.`;
/** @type {typeof import("../en/about.js").predictMore} */
export const predictMore = (value) => `${value}: mehr vorhersagen`;
/** @type {typeof import("../en/about.js").predictFewer} */
export const predictFewer = (value) => `weniger vorhersagen: ${value}`;
export const chosenThreshold = "Der des Modells";
/** @type {typeof import("../en/about.js").backToChosen} */
export const backToChosen = (chosen) => `Zurück zu dem des Modells, ${chosen}`;
export const nothingIsPredicted = "nichts wird vorhergesagt";
/** @type {typeof import("../en/about.js").precisionOf} */
export const precisionOf = (precision) => `Precision ${precision}`;
export const rocCurve = "ROC-Kurve";
export const precisionAndRecall = "Precision und Recall";
/** @type {typeof import("../en/about.js").rocSummary} */
export const rocSummary = (threshold, recall, falseAlarmRate) =>
  `ROC-Kurve. Bei ${threshold}: ${recall} der Klasse werden getroffen, bei Fehlalarmen für ${falseAlarmRate} der anderen.`;
/** @type {typeof import("../en/about.js").precisionRecallSummary} */
export const precisionRecallSummary = (threshold, recall, precision, base) =>
  `Precision-Recall-Kurve. Bei ${threshold}: Recall ${recall}, ${precision}. Durch Zufall: ${base}.`;
export const thresholdTable = "Was bei jedem Schwellenwert aus den Zeilen wird";
export const hits = "Treffer";
export const falseAlarms = "Fehlalarme";
export const missed = "Verpasst";
/** @type {typeof import("../en/about.js").gapText} */
export const gapText = (label, value, most, least, low, high) =>
  `${label}: ${value} Prozentpunkte mehr bei ${most} als bei ${least} (95-%-Intervall: ${low} bis ${high}).`;
/** @type {typeof import("../en/about.js").noRowOfClass} */
export const noRowOfClass = (name) =>
  `Keine gemessene Zeile war „${name}“, deshalb wurden die Fehler dafür nicht gemessen.`;
/** @type {typeof import("../en/about.js").calibrationError} */
export const calibrationError = (points, byChance) =>
  `Im Mittel unterscheiden sich vorhergesagte und tatsächliche Anteile um ${points} Prozentpunkte; bei perfekten Wahrscheinlichkeiten ergäbe allein der Zufall etwa ${byChance}.`;
/** @type {typeof import("../en/about.js").shareOfClass} */
export const shareOfClass = (measured, name) => `${measured} von „${name}“`;
/** @type {typeof import("../en/about.js").singleSets} */
export const singleSets = (share) =>
  `Bei ${share} der Zeilen enthält die Menge eine einzige Klasse. Wie oft solche Antworten richtig sind, steht neben jeder Antwort.`;
export const noSingleSets = "Keine Menge enthält eine einzige Klasse.";
/** @type {typeof import("../en/about.js").widthVaries} */
export const widthVaries = (width) =>
  `Es ist im Mittel ${width} breit; die Breite folgt der Vorhersage.`;
/** @type {typeof import("../en/about.js").widthFixed} */
export const widthFixed = (width) => `Es ist ${width} breit, bei jeder Zeile gleich.`;
/** @type {typeof import("../en/about.js").halfOff} */
export const halfOff = (difference) =>
  `Bei der Hälfte dieser Zeilen lag die Vorhersage um weniger als ${difference} daneben.`;
/** @type {typeof import("../en/about.js").fallsMost} */
export const fallsMost = (inputs) => `Am stärksten fällt sie bei ${inputs}.`;
/** @type {typeof import("../en/about.js").notCompiled} */
export const notCompiled = (unsupported) =>
  `scikit-learn. Es gibt keine kompilierte Form von ${unsupported}.`;
/** @type {typeof import("../en/about.js").allClasses} */
export const allClasses = (classes) => `Alle ${count(classes)} Klassen`;
/** @type {typeof import("../en/about.js").emptyCellAnd} */
export const emptyCellAnd = (others) => `eine leere Zelle, ${others}`;
export const calibrationKey = "Striche: wo der wahre Anteil bei dieser Zeilenzahl liegen kann.";
/** @type {typeof import("../en/about.js").dotRows} */
export const dotRows = (rows) =>
  plural(rows, { one: "Jeder Punkt: 1 Zeile.", other: `Jeder Punkt: ${count(rows)} Zeilen.` });
/** @type {typeof import("../en/about.js").notEvaluated} */
export const notEvaluated = (test, crossValidation) => [
  "Diese Version wurde ohne Bewertung veröffentlicht. Veröffentlichen Sie sie mit ungesehenen Zeilen (",
  test,
  ") oder Kreuzvalidierung (",
  crossValidation,
  "), um ihre Fehler hier zu sehen.",
];
/** @type {typeof import("../en/about.js").byGroup} */
export const byGroup = (group) => `Nach ${group}`;
/** @type {typeof import("../en/about.js").errorsByThis} */
export const errorsByThis = (group) => `Fehler nach ${group}`;
/** @type {typeof import("../en/about.js").importanceLead} */
export const importanceLead = (metric, repeats, rows) =>
  `Wie weit die Metrik „${metric}“ fällt, wenn die Werte einer Eingabe zwischen den Zeilen vertauscht werden, ${count(repeats)}-mal über ${count(rows)} Zeilen.`;
/** @type {typeof import("../en/about.js").someRows} */
export const someRows = (shown, rows) => `${count(shown)} der ${count(rows)} Zeilen.`;
/** @type {typeof import("../en/about.js").allRows} */
export const allRows = (rows) => `Alle ${count(rows)} Zeilen.`;
/** @type {typeof import("../en/about.js").bandKey} */
export const bandKey = (stated) =>
  `Das Band: das Vorhersageintervall zu ${stated} bei jeder Vorhersage.`;
export const residualsLead =
  "Jeder Punkt ist eine Zeile; auf der gestrichelten Linie wurde sie genau vorhergesagt.";
export const setsLead = "Eine Vorhersagemenge enthält die Klassen, die eine Antwort sein kann.";
export const heldByClass = "Zeilen jeder Klasse mit der wahren Klasse in der Menge";
export const heldByAnswer = "Antworten jeder Klasse mit der wahren Klasse in der Menge";
export const noClass = "keine";
/** @type {typeof import("../en/about.js").classCount} */
export const classCount = (classes) =>
  plural(classes, { one: "1 Klasse", other: `${count(classes)} Klassen` });
/** @type {typeof import("../en/about.js").setsOf} */
export const setsOf = (classes) =>
  classes === 0 ? "Leere Mengen" : `Mengen aus ${classCount(classes)}`;
/** @type {typeof import("../en/about.js").positivesText} */
export const positivesText = (rows, name, caught, missed) =>
  `${count(rows)} waren „${name}“: ${count(caught)} erkannt, ${count(missed)} verpasst`;
/** @type {typeof import("../en/about.js").negativesText} */
export const negativesText = (rows, left, falseAlarms) =>
  `${count(rows)} waren es nicht: ${count(left)} in Ruhe gelassen, ${count(falseAlarms)} Fehlalarme`;
/** @type {typeof import("../en/about.js").others} */
export const others = (others) =>
  plural(others, { one: "1 weitere", other: `${count(others)} weitere` });
/** @type {typeof import("../en/about.js").spreadOf} */
export const spreadOf = (label, range, half) => `${label}: ${range}, die Hälfte davon ${half}.`;
/** @type {typeof import("../en/about.js").fewMeasured} */
export const fewMeasured = (rows) =>
  plural(rows, {
    one: "Es wurde nur 1 Zeile gemessen: Lesen Sie jede Zahl mit ihrem Intervall.",
    other: `Es wurden nur ${count(rows)} Zeilen gemessen: Lesen Sie jede Zahl mit ihrem Intervall.`,
  });
/** @type {typeof import("../en/about.js").measuredOn} */
export const measuredOn = (rows) =>
  `Gemessen an ${count(rows)} Zeilen, jede vorhergesagt von einer Anpassung, die sie nicht gesehen hat.`;
/** @type {typeof import("../en/about.js").interval95} */
export const interval95 = (low, high) => `95-%-Intervall: ${low} bis ${high}.`;
/** @type {typeof import("../en/about.js").valueIn} */
export const valueIn = (value, low, high) => `${value} (${low} bis ${high})`;
/** @type {typeof import("../en/about.js").rightOfClass} */
export const rightOfClass = (rows, name, right, share) =>
  `Von ${count(rows)} Zeilen, die „${name}“ waren, wurden ${count(right)} richtig vorhergesagt (${share}).`;
/** @type {typeof import("../en/about.js").calledAt} */
export const calledAt = (threshold, rows, called, name) =>
  `Bei ${threshold}: Von ${count(rows)} Zeilen werden ${count(called)} als „${name}“ vorhergesagt`;
/** @type {typeof import("../en/about.js").wrongly} */
export const wrongly = (falseAlarms) => `; ${count(falseAlarms)} davon zu Unrecht (Fehlalarme)`;
/** @type {typeof import("../en/about.js").missedOf} */
export const missedOf = (missed, positives, name) =>
  `; ${count(missed)} der ${count(positives)}, die „${name}“ waren, werden verpasst.`;
/** @type {typeof import("../en/about.js").setsByClass} */
export const setsByClass = (held, stated) =>
  `Von den Zeilen jeder Klasse hatte dieser Anteil die wahre Klasse in der Menge: ${held}. Die angegebene Überdeckung ist ${stated}.`;
/** @type {typeof import("../en/about.js").setsByAnswer} */
export const setsByAnswer = (held, stated) =>
  `Von den als jede Klasse vorhergesagten Zeilen hatte dieser Anteil die wahre Klasse in der Menge: ${held}. Die angegebene Überdeckung ist ${stated}.`;
/** @type {typeof import("../en/about.js").intervalCoverage} */
export const intervalCoverage = (rows, measured, stated) =>
  `Von ${count(rows)} ungesehenen Zeilen lagen ${measured} im Vorhersageintervall, das ${stated} angibt.`;
/** @type {typeof import("../en/about.js").noDifference} */
export const noDifference = (inputs) => `Bei ${inputs} zeigen diese Zeilen keinen Unterschied.`;
/** @type {typeof import("../en/about.js").someInputs} */
export const someInputs = (inputs) => `${count(inputs)} der Eingaben`;
export const compiledOnnx = "ONNX Runtime.";
export const compiledForm = "Eine kompilierte Form des Modells.";
/** @type {typeof import("../en/about.js").verifiedEqual} */
export const verifiedEqual = (rows) =>
  `Sie wurde an ${count(rows)} Zeilen mit scikit-learn verglichen: Die Klassen waren dieselben, die Zahlen bis zur letzten Stelle gleich.`;
/** @type {typeof import("../en/about.js").verifiedNear} */
export const verifiedNear = (rows, difference) =>
  `Sie wurde an ${count(rows)} Zeilen mit scikit-learn verglichen: Die Klassen waren dieselben, die Zahlen wichen höchstens um ${difference} ihrer Größe ab.`;
/** @type {typeof import("../en/about.js").fewInGroups} */
export const fewInGroups = (rows, groups) =>
  `Eine Rate beruht auf weniger als ${count(rows)} Zeilen: ${groups}. Sie kann um mehrere Prozentpunkte danebenliegen; um wie viele, sagt das Intervall.`;
