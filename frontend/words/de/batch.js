/** Words for a file of rows. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {typeof import("../en/batch.js").leaveWhileSending} */
export const leaveWhileSending = (name) =>
  `Dieses Modell verlassen? „${name}“ wird noch gesendet, und das Verlassen bricht den Upload ab.`;
export const fileDeleted = "Die Datei und ihre Ergebnisse sind gelöscht.";
export const scoreAWholeFile = "Eine ganze Datei auswerten";
export const dropLead =
  "Ziehen Sie sie irgendwo auf diese Seite. Sie bekommen sie mit einer Vorhersage in jeder Zeile zurück.";
export const orPaste = "oder fügen Sie Zellen aus einer Tabellenkalkulation ein, mit der Kopfzeile";
export const pasteHere = "Hier oder irgendwo auf dieser Seite einfügen";
export const chooseAFile = "Datei auswählen";
export const scoreTheseCells = "Diese Zellen auswerten";
export const expectedColumns = "Erwartete Spalten";
export const columnsLead =
  "In beliebiger Reihenfolge. Andere Spalten bleiben, wie sie sind. Groß- und Kleinschreibung und Satzzeichen spielen keine Rolle, und Sie können die Zuordnung korrigieren.";
export const downloadATemplate = "Vorlage herunterladen";
export const column = "Spalte";
export const type = "Typ";
export const example = "Beispiel";
export const mayBeEmpty = "darf leer sein";
export const jobGone = "Diesen Auftrag gibt es nicht mehr.";
export const jobGoneText =
  "Ergebnisse werden nach einer Weile gelöscht, oder wenn jemand sie löscht. Werten Sie die Datei erneut aus, um sie wiederzubekommen.";
export const comparedWithTheTrueOutcomes = "Verglichen mit den wahren Ergebnissen";
export const withoutAnOutcome = "ohne Ergebnis";
export const unknownOutcome = "mit einem Ergebnis, das das Modell nicht kennt";
export const withoutAPrediction = "ohne Vorhersage";
export const figuresOfThisFileAnd = "Zahlen dieser Datei und der Modellkarte";
export const figure = "Zahl";
export const thisFile = "Diese Datei";
export const card = "Modellkarte";
/** @type {typeof import("../en/batch.js").betweenText} */
export const betweenText = (low, high) => `${low} und ${high}`;
export const deleteNow = "Jetzt löschen";
export const deleteQuestion =
  "Die Datei und ihre Ergebnisse löschen, für alle, die diese Adresse haben?";
export const keepIt = "Behalten";
export const deleteIt = "Löschen";
export const columns = "Spalten";
export const none = "Keine";
export const choose = "Auswählen …";
export const noColumnFound = "Keine Spalte gefunden";
export const notKnownInAnyRow = "In keiner Zeile bekannt";
export const emptyInTheFirstRows = "In den ersten Zeilen leer";
export const bothInputsHaveAColumn = "Beide Eingaben haben eine Spalte.";
export const theInputHasAColumn = "Die Eingabe hat eine Spalte.";
export const keptAsTheyAre = "Bleiben, wie sie sind";
export const theFirstRowsScored = "Die ersten Zeilen, ausgewertet";
export const theFirstRows = "Die ersten Zeilen";
export const line = "Zeile";
export const noneFits = "Keine davon passt. Ist jeder Eingabe die richtige Spalte zugeordnet?";
/** @type {typeof import("../en/batch.js").alsoInThePredictionSet} */
export const alsoInThePredictionSet = (others) => `Auch in der Vorhersagemenge: ${others}`;
export const cancel = "Abbrechen";
export const rowsScored = "Ausgewertete Zeilen";
export const notStarted = "Nicht begonnen";
export const waitingForItsTurn = "Wartet, bis sie an der Reihe ist";
export const scoring = "Auswertung läuft";
export const waitingToBeRead = "Wartet darauf, gelesen zu werden";
export const readingTheFile = "Datei wird gelesen";
export const readingAndScoringTheFirst = "Die ersten Zeilen werden gelesen und ausgewertet.";
export const itStartsAsSoonAs = "Sie beginnt, sobald ein Worker frei ist.";
export const starting = "Beginnt.";
export const stalled =
  "Seit einer Weile kein Fortschritt. Falls der Worker angehalten hat, macht ein anderer hier weiter.";
export const notStartedYet =
  "Noch hat nichts begonnen. Andere Dateien sind vielleicht vorher dran, oder es läuft kein Worker.";
export const pace = "Tempo";
export const timeLeft = "Restzeit";
export const howTheFileIsRead = "Wie die Datei gelesen wird";
/** @type {typeof import("../en/batch.js").worksWithout} */
export const worksWithout = (names) =>
  `Das Modell kommt ohne ${names} aus. Der Wert ist dann in jeder Zeile unbekannt.`;
export const continueWithout = "Ohne fortfahren";
export const detect = "Erkennen";
export const missingPlaceholder = "Leer, oder etwa NA, -999";
export const noColumnNamed =
  "Keine Spalte heißt wie eine Eingabe. Prüfen Sie, ob es die richtige Datei ist und ob ihre erste Zeile die Spaltennamen enthält. Wenn ja, wählen Sie unten jede Spalte aus.";
export const chooseReading =
  "Wählen Sie oben, wie die Datei zu lesen ist, oder korrigieren Sie sie und wählen Sie sie erneut aus.";
export const waitingForYourChoices = "Wartet auf Ihre Auswahl";
export const done = "Fertig";
export const failed = "Fehlgeschlagen";
export const cancelled = "Abgebrochen";
export const yourFiles = "Ihre Dateien";
export const recentLead =
  "In diesem Browser geöffnete Aufträge. Jeder wird gelöscht, wenn er abläuft.";
export const file = "Datei";
export const state = "Zustand";
export const uploaded = "Hochgeladen";
export const downloadTheResult = "Ergebnis herunterladen";
export const anotherFile = "Andere Datei";
export const downloadTheEvaluation = "Bewertung herunterladen";
export const scoringFailed = "Die Auswertung ist fehlgeschlagen";
export const scoringWasCancelled = "Die Auswertung wurde abgebrochen";
export const theServerGaveNoReason = "Der Server nannte keinen Grund.";
export const cancelledText = "Sie wurde gelöscht. Nichts davon bleibt auf dem Server.";
export const chooseAnotherFile = "Andere Datei auswählen";
export const rowsThatDidNotFit = "Zeilen, die nicht passten";
export const whyByInput = "Warum, nach Eingabe";
export const reason = "Grund";
export const whatDoesNotFit = "Was nicht passt";
export const whatTheResultContains = "Was das Ergebnis enthält";
export const columnsOfTheFile = "Spalten der Datei";
export const all = "Alle";
export const noneOnlyThePrediction = "Keine, nur die Vorhersage";
export const someOfThem = "Einige davon";
export const columnsInTheResult = "Spalten im Ergebnis";
export const ofAllClasses = "Aller Klassen";
/** @type {typeof import("../en/batch.js").thresholdFor} */
export const thresholdFor = (name) => `Schwellenwert für „${name}“`;
export const resultAs = "Ergebnis als";
export const showMe = "Zeigen";
export const startingNow = "Beginnt …";
export const scoreAllRows = "Alle Zeilen auswerten";
export const trueOutcomes = "Wahre Ergebnisse";
export const firstFixMissing = "Korrigieren Sie zuerst, wie fehlende Werte geschrieben sind.";
/** @type {typeof import("../en/batch.js").firstChooseColumn} */
export const firstChooseColumn = (label) => `Wählen Sie zuerst die Spalte von ${label} aus.`;
export const readingTheFileAgain = "Die Datei wird erneut gelesen.";
export const firstAnswer = "Beantworten Sie zuerst die Frage oben.";
export const outOfRange = "außerhalb des Bereichs";
/** @type {typeof import("../en/batch.js").inEveryRow} */
export const inEveryRow = (value) => `${value} in jeder Zeile.`;
/** @type {typeof import("../en/batch.js").predictedRange} */
export const predictedRange = (minimum, maximum, mean) =>
  `Von ${minimum} bis ${maximum}; im Mittel ${mean}.`;
export const warning = "Warnung";
export const comparedWithTraining = "Verglichen mit dem Training";
export const noDrift =
  "Keine Drift: Die Werte sind wie im Training verteilt, soweit der Zufall es zulässt.";
export const values = "Werte";
export const training = "Training";
export const thePredictions = "Die Vorhersagen";
export const upperBarsThisFile = "Obere Balken: diese Datei";
export const lowerBarsTraining = "Untere Balken: Training";
/** @type {typeof import("../en/batch.js").driftCaption} */
export const driftCaption = (name) => `${name}: Anteile der Zeilen in dieser Datei und im Training`;
export const bytesSent = "Gesendete Bytes";
export const keepOpen = "Lassen Sie diese Seite offen, bis die Datei gesendet ist.";
export const noBatches = "Dieser Server wertet für dieses Modell keine Dateien aus.";
export const dropTheFileToScore = "Datei loslassen, um sie auszuwerten";
export const fileKept = "Die Datei bleibt hier erhalten und wird automatisch erneut gesendet.";
export const choiceKept = "Ihre Auswahl bleibt hier erhalten und wird automatisch erneut gesendet.";
export const nothingLost = "Es wird automatisch erneut versucht. Nichts geht verloren.";
export const notResponding = "Der Server antwortet nicht.";
export const oneFileAtATime = "Eine Datei auf einmal";
/** @type {typeof import("../en/batch.js").unreadableText} */
export const unreadableText = (name) =>
  `${name} ist ein Ordner oder wurde nach dem Auswählen verschoben, geändert oder gelöscht. Wählen Sie die Datei erneut aus.`;
export const theFileCannotBeRead = "Die Datei kann nicht gelesen werden";
export const outsideTheTrainingRange = "Außerhalb des Trainingsbereichs";
export const unknownCategory = "Unbekannte Kategorie";
export const unusualCombination = "Ungewöhnliche Kombination";
export const unknownWords = "Unbekannte Wörter";
export const missingFilledIn = "Fehlend, ergänzt";
export const noValue = "Kein Wert";
export const noText = "Kein Text";
export const notAWholeNumber = "Keine ganze Zahl";
export const neitherTrueNorFalse = "Weder wahr noch falsch";
export const notOneOfTheCategories = "Keine der Kategorien";
export const notADate = "Kein Datum";
export const noAnswerOfTheModel = "Keine Antwort des Modells";
export const theRow = "Die Zeile";
/** @type {typeof import("../en/batch.js").allTheSame} */
export const allTheSame = (label) => `„${label}“ wurde für jede Zeile vorhergesagt.`;
/** @type {typeof import("../en/batch.js").mostPredicted} */
export const mostPredicted = (label, each) =>
  `„${label}“ wurde am häufigsten vorhergesagt: ${each}.`;
/** @type {typeof import("../en/batch.js").tiedPredicted} */
export const tiedPredicted = (tied, each) => `${tied} wurden gleich oft vorhergesagt: je ${each}.`;
export const unwarnedUnknown = "Keine. Wie die Trainingsdaten aussahen, ist nicht bekannt.";
export const unwarned = "Keine. Jede ausgewertete Zeile sieht aus wie die Trainingsdaten.";
export const withoutData =
  "Dieses Modell wurde ohne seine Trainingsdaten veröffentlicht, deshalb wurde keine Zeile damit verglichen.";
export const scoringHasBegun = "Die Auswertung hat begonnen.";
export const fileIsRead = "Die Datei ist gelesen. Ihre ersten Zeilen sind unten ausgewertet.";
/** @type {typeof import("../en/batch.js").formatsList} */
export const formatsList = (list, compressed) =>
  `${list}. Dateien dürfen komprimiert sein: ${compressed}.`;
export const returnedAll =
  "Das Ergebnis enthält alle Spalten in ihrer Reihenfolge, gefolgt von der Vorhersage.";
export const returnedNone = "Das Ergebnis enthält nur die Vorhersage.";
/** @type {typeof import("../en/batch.js").otherThreshold} */
export const otherThreshold = (name, used, card) =>
  `„${name}“ wird ab einer Wahrscheinlichkeit von ${used} vorhergesagt; die Modellkarte verwendet ${card}.`;
/** @type {typeof import("../en/batch.js").separatedBy} */
export const separatedBy = (delimiter) => `getrennt durch: ${delimiter}`;
/** @type {typeof import("../en/batch.js").sheet} */
export const sheet = (sheet) => `Blatt ${sheet}`;
/** @type {typeof import("../en/batch.js").deletedText} */
export const deletedText = (name) => [
  name ?? "Die Datei",
  " und ihre Ergebnisse sind gelöscht. Ihre eigene Datei ist unverändert.",
];
/** @type {typeof import("../en/batch.js").comparedRows} */
export const comparedRows = (rows, target) =>
  plural(rows, {
    one: `1 Zeile, nach der Spalte „${target}“.`,
    other: `${count(rows)} Zeilen, nach der Spalte „${target}“.`,
  });
/** @type {typeof import("../en/batch.js").leftOut} */
export const leftOut = (parts) => `Ausgelassen: ${parts}.`;
/** @type {typeof import("../en/batch.js").intervalsHeld} */
export const intervalsHeld = (stated, measured, low, high) =>
  `Die Vorhersageintervalle zu ${stated} enthielten ${measured} der Ergebnisse; wahrscheinlich zwischen ${low} und ${high}.`;
/** @type {typeof import("../en/batch.js").setsHeld} */
export const setsHeld = (stated, measured, low, high) =>
  `Die Vorhersagemengen zu ${stated} enthielten ${measured} der Ergebnisse; wahrscheinlich zwischen ${low} und ${high}.`;
/** @type {typeof import("../en/batch.js").theOtherInputs} */
export const theOtherInputs = (inputs) =>
  plural(inputs, { one: "Die andere Eingabe", other: `Die anderen ${count(inputs)} Eingaben` });
/** @type {typeof import("../en/batch.js").allInputs} */
export const allInputs = (inputs) =>
  plural(inputs, { one: "Die Eingabe", other: `Alle ${count(inputs)} Eingaben` });
/** @type {typeof import("../en/batch.js").someHaveColumns} */
export const someHaveColumns = (found, wanted) =>
  `${count(found)} von ${count(wanted)} Eingaben haben eine Spalte.`;
/** @type {typeof import("../en/batch.js").allHaveColumns} */
export const allHaveColumns = (inputs) => `Alle ${count(inputs)} Eingaben haben eine Spalte.`;
/** @type {typeof import("../en/batch.js").andMore} */
export const andMore = (more) => `und ${count(more)} weitere`;
/** @type {typeof import("../en/batch.js").morePoints} */
export const morePoints = (more) => `Und ${count(more)} weitere`;
/** @type {typeof import("../en/batch.js").someDoNotFit} */
export const someDoNotFit = (bad, rows) =>
  `${count(bad)} von ${count(rows)} ${bad === 1 ? "passt" : "passen"} nicht.`;
/** @type {typeof import("../en/batch.js").allFit} */
export const allFit = (rows) => `Alle ${count(rows)} passen.`;
export const canClose =
  "Sie können diese Seite schließen. Die Auswertung läuft weiter. Öffnen Sie diese Adresse wieder, um sie zu sehen.";
export const canCloseWaiting =
  "Sie können diese Seite schließen. Öffnen Sie diese Adresse wieder, um sie zu sehen.";
/** @type {typeof import("../en/batch.js").doneOf} */
export const doneOf = (done, total) => `${done} von ${total}`;
/** @type {typeof import("../en/batch.js").soFar} */
export const soFar = (done) => `bisher ${done}`;
/** @type {typeof import("../en/batch.js").startWorker} */
export const startWorker = (command) => [
  "Die Administration kann einen starten mit ",
  command,
  ".",
];
/** @type {typeof import("../en/batch.js").rowsPerSecond} */
export const rowsPerSecond = (rows) =>
  plural(rows, { one: "1 Zeile pro Sekunde", other: `${count(rows)} Zeilen pro Sekunde` });
/** @type {typeof import("../en/batch.js").aboutDuration} */
export const aboutDuration = (duration) => `etwa ${duration}`;
/** @type {typeof import("../en/batch.js").withoutColumn} */
export const withoutColumn = (lacking, all) =>
  `${count(lacking)} von ${count(all)} Eingaben haben keine Spalte. Wählen Sie die Spalten unten aus, oder geben Sie ihnen in der Datei die Namen der Eingaben und wählen Sie sie erneut aus.`;
/** @type {typeof import("../en/batch.js").downloadBadRows} */
export const downloadBadRows = (rows) =>
  plural(rows, {
    one: "Die 1 fehlerhafte Zeile herunterladen",
    other: `Die ${count(rows)} fehlerhaften Zeilen herunterladen`,
  });
/** @type {typeof import("../en/batch.js").byVersion} */
export const byVersion = (version) => `von Version ${version}`;
/** @type {typeof import("../en/batch.js").neutralised} */
export const neutralised = (cells) =>
  plural(cells, {
    one: "1 Zelle sieht aus wie eine Formel einer Tabellenkalkulation. Ein Apostroph wurde davorgesetzt, damit kein Programm sie ausführt.",
    other: `${count(cells)} Zellen sehen aus wie Formeln einer Tabellenkalkulation. Ein Apostroph wurde davorgesetzt, damit kein Programm sie ausführt.`,
  });
/** @type {typeof import("../en/batch.js").cameBackEmpty} */
export const cameBackEmpty = (rows) =>
  plural(rows, {
    one: "1 Zeile kam mit leerer Vorhersage und dem Grund daneben zurück.",
    other: `${count(rows)} Zeilen kamen mit leerer Vorhersage und dem Grund daneben zurück.`,
  });
/** @type {typeof import("../en/batch.js").firstByLine} */
export const firstByLine = (rows) => `Die ersten ${count(rows)} davon, nach Zeile der Datei`;
export const eachByLine = "Jede davon, nach Zeile der Datei";
export const scrollForMore = "Scrollen Sie, um den Rest zu sehen";
/** @type {typeof import("../en/batch.js").firstChooseColumns} */
export const firstChooseColumns = (inputs) =>
  `Wählen Sie zuerst die Spalten von ${count(inputs)} Eingaben aus.`;
/** @type {typeof import("../en/batch.js").warnedRows} */
export const warnedRows = (warned, rows, share) =>
  plural(warned, {
    one: `1 Zeile von ${count(rows)} (${share}) hat eine Warnung: Behandeln Sie die Vorhersage mit Vorsicht.`,
    other: `${count(warned)} Zeilen von ${count(rows)} (${share}) haben eine Warnung: Behandeln Sie die Vorhersage mit Vorsicht.`,
  });
/** @type {typeof import("../en/batch.js").mostCommonReasons} */
export const mostCommonReasons = (shown, all) =>
  `Die ${count(shown)} häufigsten von ${count(all)} Gründen; die Zahlen unten enthalten alle.`;
/** @type {typeof import("../en/batch.js").tooFewRows} */
export const tooFewRows = (rows) =>
  `Zu wenige Zeilen zum Vergleichen: ${count(rows)} oder mehr sind nötig.`;
/** @type {typeof import("../en/batch.js").drifted} */
export const drifted = (inputs, predictions) =>
  inputs === 0
    ? "Die Vorhersagen weichen stärker ab, als der Zufall erklärt."
    : `${inputsAnd(inputs, predictions)} ${inputs === 1 && !predictions ? "weicht" : "weichen"} stärker ab, als der Zufall erklärt.`;
/** @type {typeof import("../en/batch.js").showStable} */
export const showStable = (inputs, predictions) =>
  inputs === 0
    ? "Die Vorhersagen ohne Drift zeigen"
    : `${inputsAnd(inputs, predictions)} ohne Drift zeigen`;
/** @type {typeof import("../en/batch.js").smallDrift} */
export const smallDrift = (name) => `${name}: eine kleine Drift.`;
/** @type {typeof import("../en/batch.js").moderateDrift} */
export const moderateDrift = (name) => `${name}: eine mittlere Drift.`;
/** @type {typeof import("../en/batch.js").largeDrift} */
export const largeDrift = (name) => `${name}: eine große Drift.`;
/** @type {typeof import("../en/batch.js").driftAt} */
export const driftAt = (value, here, training) =>
  `${value}: ${here} der Zeilen, ${training} im Training.`;
export const sendingTheFile = "Datei wird gesendet";
/** @type {typeof import("../en/batch.js").sentOf} */
export const sentOf = (sent, size) => `${sent} von ${size}`;
/** @type {typeof import("../en/batch.js").linesText} */
export const linesText = (rows, lines, more) =>
  plural(rows, {
    one: `Zeile ${lines}`,
    other: `Zeilen ${lines}${more > 0 ? ` und ${count(more)} weitere` : ""}`,
  });
export const aSecond = "eine Sekunde";
/** @type {typeof import("../en/batch.js").seconds} */
export const seconds = (seconds) =>
  plural(seconds, { one: "1 Sekunde", other: `${count(seconds)} Sekunden` });
/** @type {typeof import("../en/batch.js").minutes} */
export const minutes = (minutes) =>
  plural(minutes, { one: "1 Minute", other: `${count(minutes)} Minuten` });
/** @type {typeof import("../en/batch.js").hours} */
export const hours = (hours) => `${hours} Stunden`;
export const temporary =
  "Wird gelöscht, wenn der Server anhält. Laden Sie herunter, was Sie behalten möchten.";
/** @type {typeof import("../en/batch.js").temporaryUntil} */
export const temporaryUntil = (until) =>
  `Wird gelöscht, wenn der Server anhält, spätestens ${until}. Laden Sie herunter, was Sie behalten möchten.`;
export const openAgain = "Öffnen Sie diese Adresse wieder, um sie zu sehen.";
/** @type {typeof import("../en/batch.js").keptUntil} */
export const keptUntil = (until) => `Aufbewahrt bis ${until}.`;
/** @type {typeof import("../en/batch.js").classCount} */
export const classCount = (classes) => `${count(classes)} Klassen`;
/** @type {typeof import("../en/batch.js").allScored} */
export const allScored = (rows) =>
  plural(rows, {
    one: "Die eine Zeile ist ausgewertet.",
    other: `Alle ${count(rows)} Zeilen ausgewertet.`,
  });
/** @type {typeof import("../en/batch.js").noneScored} */
export const noneScored = (rows) =>
  `Keine Zeile passt: Alle ${count(rows)} kamen ohne Vorhersage zurück.`;
/** @type {typeof import("../en/batch.js").someScored} */
export const someScored = (scored, bad) =>
  plural(scored, {
    one: `1 Zeile ausgewertet, ${count(bad)} passten nicht.`,
    other: `${count(scored)} Zeilen ausgewertet, ${count(bad)} passten nicht.`,
  });
/** @type {typeof import("../en/batch.js").shareScored} */
export const shareScored = (share) => `${share} ausgewertet.`;
/** @type {typeof import("../en/batch.js").returnedSome} */
export const returnedSome = (columns) =>
  plural(columns, {
    one: "Das Ergebnis enthält 1 Spalte der Datei, gefolgt von der Vorhersage.",
    other: `Das Ergebnis enthält ${count(columns)} Spalten der Datei, gefolgt von der Vorhersage.`,
  });
/** @type {typeof import("../en/batch.js").severalDropped} */
export const severalDropped = (files) =>
  `${count(files)} Dateien wurden abgelegt. Legen Sie eine davon ab, oder fassen Sie ihre Zeilen in einer Datei zusammen.`;
/** @type {typeof import("../en/batch.js").reasonOf} */
export const reasonOf = (input, reason) => `${input}: ${reason}`;
export const unknownShort = "unbekannt";
export const doneText = "Fertig.";
export const cancelledDone = "Die Auswertung wurde abgebrochen.";
export const failedText = "Die Auswertung ist fehlgeschlagen.";
export const waitingText = "Wartet, bis sie an der Reihe ist.";
/** @type {(inputs: number, predictions: boolean) => string} */ function inputsAnd(
  inputs,
  predictions,
) {
  const counted = plural(inputs, { one: "1 Eingabe", other: `${count(inputs)} Eingaben` });
  return predictions ? `${counted} und die Vorhersagen` : counted;
}
