/** Words for two answers to one question. */

export const twoAnswers = "Zwei Antworten auf eine Frage";
export const compareLead =
  "Wählen Sie eine andere Version dieses Modells oder ein Modell mit denselben Eingaben. Es beantwortet die Frage im Formular ebenfalls.";
export const compareWith = "Vergleichen mit";
export const choose = "Version oder Modell auswählen";
export const versionsOfThisModel = "Versionen dieses Modells";
export const modelsWithTheseInputs = "Modelle mit diesen Eingaben";
export const otherModels = "Andere Modelle";
export const nothingElse =
  "Dieser Server hat keine andere Version dieses Modells und kein anderes Modell.";
export const loading = "Wird geladen …";
export const asking = "Wird gefragt …";
export const fillIn = "Füllen Sie die Eingaben aus, um beide Antworten zu sehen.";
export const unreachable =
  "Der Server hat nicht geantwortet. Wählen Sie erneut aus, um es noch einmal zu versuchen.";
export const beforeYourChange = "Vor Ihrer Änderung";
/** @type {typeof import("../en/compare.js").version} */
export const version = (version) => `Version ${version}`;
/** @type {typeof import("../en/compare.js").servedVersion} */
export const servedVersion = (version) => `Version ${version}, bereitgestellt`;
/** @type {typeof import("../en/compare.js").lacksInputs} */
export const lacksInputs = (model, inputs) =>
  `„${model}“ braucht Eingaben, die dieses Modell nicht hat: ${inputs}.`;
/** @type {typeof import("../en/compare.js").otherTypes} */
export const otherTypes = (model, inputs) =>
  `„${model}“ hat Eingaben eines anderen Typs: ${inputs}.`;
export const noSingleDifference =
  "Modelle mit mehreren Ausgaben haben keinen einzelnen Unterschied.";
export const notAlike =
  "Sie antworten in verschiedenen Einheiten oder Klassen, deshalb lässt sich kein Unterschied zeigen.";
/** @type {typeof import("../en/compare.js").bothAnswer} */
export const bothAnswer = (outcome) => `Beide antworten „${outcome}“.`;
/** @type {typeof import("../en/compare.js").answersDiffer} */
export const answersDiffer = (mine, other) =>
  `Die Antworten unterscheiden sich: „${mine}“ und „${other}“.`;
export const bothPredictTheSame = "Beide sagen dasselbe vorher.";
/** @type {typeof import("../en/compare.js").predictsMore} */
export const predictsMore = (model, size) => `${model} sagt ${size} mehr vorher.`;
/** @type {typeof import("../en/compare.js").predictsLess} */
export const predictsLess = (model, size) => `${model} sagt ${size} weniger vorher.`;
/** @type {typeof import("../en/compare.js").sameProbability} */
export const sameProbability = (outcome) => `Die Wahrscheinlichkeit von „${outcome}“ ist gleich.`;
/** @type {typeof import("../en/compare.js").higherProbability} */
export const higherProbability = (outcome, size, model) =>
  `Die Wahrscheinlichkeit von „${outcome}“ ist bei ${model} um ${size} höher.`;
/** @type {typeof import("../en/compare.js").lowerProbability} */
export const lowerProbability = (outcome, size, model) =>
  `Die Wahrscheinlichkeit von „${outcome}“ ist bei ${model} um ${size} niedriger.`;
/** @type {typeof import("../en/compare.js").intervalsOverlap} */
export const intervalsOverlap = (coverage) =>
  `Ihre Vorhersageintervalle zu ${coverage} überschneiden sich.`;
/** @type {typeof import("../en/compare.js").intervalsApart} */
export const intervalsApart = (coverage) =>
  `Ihre Vorhersageintervalle zu ${coverage} überschneiden sich nicht.`;
