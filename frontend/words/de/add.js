/** Words for adding a model. */

export const expectedFileName =
  "Erwartet wird ein Name, der auf .joblib, .pkl, .onnx oder eine andere Endung unten endet.";
export const expectedModelName =
  "Erwartet werden höchstens 100 Zeichen, ohne / \\ oder @ und ohne Punkt am Anfang.";
export const modelFile = "Modelldatei";
export const fileHelp = "Ein gespeicherter Schätzer oder eine Pipeline.";
export const modelName = "Modellname";
export const nameHelp = "Benennt den Ordner und die Adresse.";
export const trainingTable = "Trainingstabelle";
export const tableHelp = "Optional. Sie liefert Wertebereiche, typische Werte und Warnungen.";
export const targetColumn = "Zielspalte";
export const targetHelp =
  "Die Spalte, die das Modell vorhersagt. Lassen Sie das Feld für Clustering oder Ausreißererkennung leer.";
export const addLead =
  "Ein Befehl macht aus einem trainierten Modell eine Seite wie diese; zwei legen es in einem Ordner ab und stellen ihn bereit.";
export const yourNames = "Ihre Namen";
export const yourModel = "Ihr Modell";
export const serve = "Bereitstellen";
export const serveHelp =
  "Stellt jedes Modell im Ordner bereit. Ein laufender Server übernimmt ein neues innerhalb von zwei Sekunden.";
export const tryHelp =
  "Stellt die Datei bereit, bis Sie den Befehl beenden. Nichts wird gespeichert.";
export const folderNamedAfterFile = "einen Ordner in models/, der nach der Datei benannt ist";
export const publish = "Veröffentlichen";
/** @type {typeof import("../en/add.js").publishHelp} */
export const publishHelp = (folder) =>
  `Liest Eingaben und Ergebnisse aus dem Modell und schreibt seine nächste Version in ${folder}.`;
/** @type {typeof import("../en/add.js").commandNamed} */
export const commandNamed = (title) => `Befehl „${title}“`;
export const supportedFiles = "Unterstützte Dateien";
export const plans = "Pläne";
export const tables = "Tabellen";
export const tablesHelp = "alles, was sich im Stapel auswerten lässt, etwa CSV, Excel und Parquet";
export const beforeItIsServed = "Vor dem Bereitstellen";
export const whyNotUpload = "Warum nicht hier hochladen?";
export const whyNotUploadText =
  "Servery öffnet eine Modelldatei in einem abgeschotteten Prozess und führt keinen Code daraus aus. Aber ein Modell kann falsche Antworten geben, und alle hier würden sie sehen. Deshalb entscheidet die Administration auf der Kommandozeile, welche Modelle bereitgestellt werden.";
/** @type {typeof import("../en/add.js").plansHelp} */
export const plansHelp = (extension, command) => [extension, ", geschrieben von ", command];
/** @type {typeof import("../en/add.js").checkHelp} */
export const checkHelp = (command) => [
  command,
  " listet Modell für Modell auf, was scheitern würde, bevor es jemand sieht.",
];
