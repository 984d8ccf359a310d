/** Words for what was measured of a model. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

export const mustNotBeUsedFor = "Ne doit pas servir à";
export const intendedUse = "Usage prévu";
export const limitations = "Limites";
export const whatIsUnknown = "Ce qui est inconnu";
export const noDescription = "Ce modèle n’a pas encore de description.";
export const howGoodItIs = "Quelle est sa qualité";
export const notMeasuredOnUnseen = "Cette version n’a pas été mesurée sur des lignes inédites.";
export const resampling =
  "Les intervalles à 95 % proviennent d’un rééchantillonnage de ces lignes : d’autres lignes donneraient d’autres chiffres.";
export const eachClass = "Chaque classe";
export const howWellEachClassIs = "À quel point chaque classe est reconnue";
export const classTitle = "Classe";
export const precision = "Précision";
export const recall = "Rappel";
export const whereItComesFrom = "D’où il vient";
export const trainingRows = "Lignes d’entraînement";
export const fittedOn = "Entraîné le";
export const computedBy = "Calculé par";
export const libraries = "Bibliothèques";
export const data = "Données";
export const source = "Source";
export const licence = "Licence";
export const countsAsMissing = "Compte comme manquant";
export const version = "Version";
export const versions = "Versions";
export const served = "en service";
export const theClassItNames = "la classe annoncée";
export const calibration = "Calibration";
/** @type {typeof import("../en/about.js").calibrationLead} */
export const calibrationLead = (what) =>
  `Est-ce que ${what} se réalise aussi souvent que la probabilité le dit ? Sur la ligne pointillée, oui.`;
/** @type {typeof import("../en/about.js").calibrationPlot} */
export const calibrationPlot = (summary) => `Graphique de calibration. ${summary}`;
export const predictedOnAverage = "Prédit, en moyenne";
export const dotSize = "Plus un point est grand, plus il y a de lignes.";
export const confusionKey =
  "La somme de chaque ligne est 100 %. Les cellules colorées ont été prédites correctement.";
export const confusionMatrix = "Matrice de confusion";
export const everyRowWasPredictedCorrectly = "Chaque ligne a été prédite correctement.";
export const mostFrequentMistakes = "Erreurs les plus fréquentes";
export const ofTheActual = "Parmi les réels";
export const confusionCaption = "Lignes : la classe réelle. Colonnes : la classe prédite.";
export const intervals = "Intervalles de prédiction";
export const coverageKey =
  "Sur la ligne pointillée, un intervalle tient ce qu’il annonce. Traits : où peut se situer la vraie part, vu le nombre de lignes.";
/** @type {typeof import("../en/about.js").coveragePlot} */
export const coveragePlot = (summary) => `Graphique de couverture. ${summary}`;
export const coverageOfTheIntervals = "Couverture des intervalles de prédiction";
export const stated = "Annoncé";
export const measured = "Mesuré";
export const loadingWhatWasMeasured = "Chargement des mesures";
export const evaluationFailed = "Impossible de charger l’évaluation";
export const unreachableRetrying = "Le serveur ne répond pas. Nouvelle tentative automatique.";
export const whereItIsWrong = "Où il se trompe";
export const howFarOffItIs = "De combien il s’écarte";
export const howFarToTrustIts = "À quel point se fier à ses probabilités";
export const whichInputsMatter = "Quelles entrées comptent";
export const errorsByGroup = "Erreurs par groupe";
export const notMeasured = "non mesuré";
export const importanceOfTheInputs = "Importance des entrées";
export const importanceKey =
  "Barres d’erreur : deux erreurs types de chaque côté, sur les permutations et les lignes.";
/** @type {typeof import("../en/about.js").importancePlot} */
export const importancePlot = (summary) => `Importance des entrées. ${summary}`;
/** @type {typeof import("../en/about.js").lossOf} */
export const lossOf = (metric) => `Perte de ${metric}`;
export const predictedAndActual = "Prédit et réel";
/** @type {typeof import("../en/about.js").residualsPlot} */
export const residualsPlot = (summary) => `Prédit par rapport au réel. ${summary}`;
export const miss = "Écart";
export const predictionSets = "Ensembles de prédiction";
export const classesInASet = "Classes dans un ensemble";
export const classOrSizeOfThe = "Classe, ou taille de l’ensemble";
export const trueClassInTheSet = "Vraie classe dans l’ensemble";
/** @type {typeof import("../en/about.js").isClass} */
export const isClass = (name) => `Est ${name}`;
/** @type {typeof import("../en/about.js").predictedAs} */
export const predictedAs = (name) => `Prédit comme ${name}`;
export const trainingData = "Données d’entraînement";
export const spreadLead =
  "Comment les valeurs de chaque entrée étaient réparties à l’entraînement. Le modèle en sait moins sur les valeurs qui y étaient rares.";
/** @type {typeof import("../en/about.js").median} */
export const median = (value) => `médiane ${value}`;
export const valuesInTraining = "Valeurs à l’entraînement";
export const threshold = "Seuil";
/** @type {typeof import("../en/about.js").thresholdLead} */
export const thresholdLead = (name) =>
  `Les lignes ayant au moins cette probabilité sont prédites comme « ${name} ».`;
/** @type {typeof import("../en/about.js").predictMore} */
export const predictMore = (value) => `${value} : prédire plus`;
/** @type {typeof import("../en/about.js").predictFewer} */
export const predictFewer = (value) => `prédire moins : ${value}`;
export const chosenThreshold = "Celui du modèle";
/** @type {typeof import("../en/about.js").backToChosen} */
export const backToChosen = (chosen) => `Revenir à celui du modèle, ${chosen}`;
export const nothingIsPredicted = "rien n’est prédit";
/** @type {typeof import("../en/about.js").precisionOf} */
export const precisionOf = (precision) => `précision ${precision}`;
export const rocCurve = "Courbe ROC";
export const precisionAndRecall = "Précision et rappel";
/** @type {typeof import("../en/about.js").rocSummary} */
export const rocSummary = (threshold, recall, falseAlarmRate) =>
  `Courbe ROC. À ${threshold} : ${recall} de la classe sont trouvés, avec de fausses alarmes pour ${falseAlarmRate} des autres.`;
/** @type {typeof import("../en/about.js").precisionRecallSummary} */
export const precisionRecallSummary = (threshold, recall, precision, base) =>
  `Courbe précision-rappel. À ${threshold} : rappel ${recall}, ${precision}. Par hasard : ${base}.`;
export const thresholdTable = "Ce que deviennent les lignes à chaque seuil";
export const hits = "Réussites";
export const falseAlarms = "Fausses alarmes";
export const missed = "Manqués";
/** @type {typeof import("../en/about.js").gapText} */
export const gapText = (label, value, most, least, low, high) =>
  `${label} : ${value} points de pourcentage de plus pour ${most} que pour ${least} (intervalle à 95 % : ${low} à ${high}).`;
/** @type {typeof import("../en/about.js").noRowOfClass} */
export const noRowOfClass = (name) =>
  `Aucune ligne mesurée n’était « ${name} », donc ses erreurs n’ont pas été mesurées.`;
/** @type {typeof import("../en/about.js").calibrationError} */
export const calibrationError = (points, byChance) =>
  `En moyenne, les parts prédites et réelles diffèrent de ${points} points de pourcentage ; pour des probabilités parfaites, le hasard seul donnerait environ ${byChance}.`;
/** @type {typeof import("../en/about.js").shareOfClass} */
export const shareOfClass = (measured, name) => `${measured} de « ${name} »`;
/** @type {typeof import("../en/about.js").singleSets} */
export const singleSets = (share) =>
  `Pour ${share} des lignes, l’ensemble ne contient qu’une classe. La fréquence à laquelle de telles réponses sont justes est indiquée à côté de chaque réponse.`;
export const noSingleSets = "Aucun ensemble ne contient qu’une seule classe.";
/** @type {typeof import("../en/about.js").widthVaries} */
export const widthVaries = (width) =>
  `Sa largeur est de ${width} en moyenne ; elle suit la prédiction.`;
/** @type {typeof import("../en/about.js").widthFixed} */
export const widthFixed = (width) => `Sa largeur est de ${width}, la même pour chaque ligne.`;
/** @type {typeof import("../en/about.js").halfOff} */
export const halfOff = (difference) =>
  `Pour la moitié de ces lignes, la prédiction s’écartait de moins de ${difference}.`;
/** @type {typeof import("../en/about.js").fallsMost} */
export const fallsMost = (inputs) => `Elle baisse le plus pour ${inputs}.`;
/** @type {typeof import("../en/about.js").notCompiled} */
export const notCompiled = (unsupported) =>
  `scikit-learn. Il n’existe pas de forme compilée de ${unsupported}.`;
/** @type {typeof import("../en/about.js").allClasses} */
export const allClasses = (classes) => `Les ${count(classes)} classes`;
/** @type {typeof import("../en/about.js").emptyCellAnd} */
export const emptyCellAnd = (others) => `une cellule vide, ${others}`;
export const calibrationKey = "Traits : où peut se situer la vraie part, vu le nombre de lignes.";
/** @type {typeof import("../en/about.js").dotRows} */
export const dotRows = (rows) =>
  plural(rows, {
    one: `Chaque point : ${count(rows)} ligne.`,
    other: `Chaque point : ${count(rows)} lignes.`,
  });
/** @type {typeof import("../en/about.js").notEvaluated} */
export const notEvaluated = (test, crossValidation) => [
  "Cette version a été publiée sans évaluation. Publiez-la avec des lignes inédites (",
  test,
  ") ou une validation croisée (",
  crossValidation,
  ") pour voir ses erreurs ici.",
];
/** @type {typeof import("../en/about.js").byGroup} */
export const byGroup = (group) => `Selon ${group.charAt(0).toLowerCase()}${group.slice(1)}`;
/** @type {typeof import("../en/about.js").errorsByThis} */
export const errorsByThis = (group) =>
  `Erreurs selon ${group.charAt(0).toLowerCase()}${group.slice(1)}`;
/** @type {typeof import("../en/about.js").importanceLead} */
export const importanceLead = (metric, repeats, rows) =>
  `De combien la métrique « ${metric} » baisse quand les valeurs d’une entrée sont permutées entre les lignes, ${count(repeats)} fois sur ${count(rows)} lignes.`;
/** @type {typeof import("../en/about.js").someRows} */
export const someRows = (shown, rows) => `${count(shown)} des ${count(rows)} lignes.`;
/** @type {typeof import("../en/about.js").allRows} */
export const allRows = (rows) => `Les ${count(rows)} lignes.`;
/** @type {typeof import("../en/about.js").bandKey} */
export const bandKey = (stated) =>
  `La bande : l’intervalle de prédiction à ${stated} pour chaque prédiction.`;
export const residualsLead =
  "Chaque point est une ligne ; sur la ligne pointillée, la prédiction était exacte.";
export const setsLead =
  "Un ensemble de prédiction contient les classes que peut avoir une réponse.";
export const heldByClass = "Lignes de chaque classe dont la vraie classe est dans l’ensemble";
export const heldByAnswer = "Réponses de chaque classe dont la vraie classe est dans l’ensemble";
export const noClass = "aucune";
/** @type {typeof import("../en/about.js").classCount} */
export const classCount = (classes) =>
  plural(classes, { one: `${count(classes)} classe`, other: `${count(classes)} classes` });
/** @type {typeof import("../en/about.js").setsOf} */
export const setsOf = (classes) =>
  classes === 0 ? "Ensembles vides" : `Ensembles de ${classCount(classes)}`;
/** @type {typeof import("../en/about.js").positivesText} */
export const positivesText = (rows, name, caught, missed) =>
  `${count(rows)} étaient « ${name} » : ${count(caught)} trouvés, ${count(missed)} manqués`;
/** @type {typeof import("../en/about.js").negativesText} */
export const negativesText = (rows, left, falseAlarms) =>
  `${count(rows)} ne l’étaient pas : ${count(left)} laissés de côté, ${count(falseAlarms)} fausses alarmes`;
/** @type {typeof import("../en/about.js").others} */
export const others = (others) =>
  plural(others, { one: `${count(others)} autre`, other: `${count(others)} autres` });
/** @type {typeof import("../en/about.js").spreadOf} */
export const spreadOf = (label, range, half) => `${label} : ${range}, la moitié : ${half}.`;
/** @type {typeof import("../en/about.js").fewMeasured} */
export const fewMeasured = (rows) =>
  plural(rows, {
    one: "Une seule ligne a été mesurée : lisez chaque chiffre avec son intervalle.",
    other: `Seules ${count(rows)} lignes ont été mesurées : lisez chaque chiffre avec son intervalle.`,
  });
/** @type {typeof import("../en/about.js").measuredOn} */
export const measuredOn = (rows) =>
  `Mesuré sur ${count(rows)} lignes, chacune prédite par un ajustement qui ne l’a pas vue.`;
/** @type {typeof import("../en/about.js").interval95} */
export const interval95 = (low, high) => `Intervalle à 95 % : ${low} à ${high}.`;
/** @type {typeof import("../en/about.js").valueIn} */
export const valueIn = (value, low, high) => `${value} (${low} à ${high})`;
/** @type {typeof import("../en/about.js").rightOfClass} */
export const rightOfClass = (rows, name, right, share) =>
  `Des ${count(rows)} lignes qui étaient « ${name} », ${count(right)} ont été prédites correctement (${share}).`;
/** @type {typeof import("../en/about.js").calledAt} */
export const calledAt = (threshold, rows, called, name) =>
  `À ${threshold} : sur ${count(rows)} lignes, ${count(called)} sont prédites comme « ${name} »`;
/** @type {typeof import("../en/about.js").wrongly} */
export const wrongly = (falseAlarms) => ` ; dont ${count(falseAlarms)} à tort (fausses alarmes)`;
/** @type {typeof import("../en/about.js").missedOf} */
export const missedOf = (missed, positives, name) =>
  ` ; ${count(missed)} des ${count(positives)} qui étaient « ${name} » sont manquées.`;
/** @type {typeof import("../en/about.js").setsByClass} */
export const setsByClass = (held, stated) =>
  `Parmi les lignes de chaque classe, cette part avait la vraie classe dans son ensemble : ${held}. La couverture annoncée est ${stated}.`;
/** @type {typeof import("../en/about.js").setsByAnswer} */
export const setsByAnswer = (held, stated) =>
  `Parmi les lignes prédites comme chaque classe, cette part avait la vraie classe dans son ensemble : ${held}. La couverture annoncée est ${stated}.`;
/** @type {typeof import("../en/about.js").intervalCoverage} */
export const intervalCoverage = (rows, measured, stated) =>
  `Sur ${count(rows)} lignes inédites, ${measured} étaient dans l’intervalle de prédiction qui annonce ${stated}.`;
/** @type {typeof import("../en/about.js").noDifference} */
export const noDifference = (inputs) => `Pour ${inputs}, ces lignes ne montrent aucune différence.`;
/** @type {typeof import("../en/about.js").someInputs} */
export const someInputs = (inputs) => `${count(inputs)} des entrées`;
export const compiledOnnx = "ONNX Runtime.";
export const compiledForm = "Une forme compilée du modèle.";
/** @type {typeof import("../en/about.js").verifiedEqual} */
export const verifiedEqual = (rows) =>
  `Elle a été comparée à scikit-learn sur ${count(rows)} lignes : les classes étaient les mêmes, les nombres égaux jusqu’au dernier chiffre.`;
/** @type {typeof import("../en/about.js").verifiedNear} */
export const verifiedNear = (rows, difference) =>
  `Elle a été comparée à scikit-learn sur ${count(rows)} lignes : les classes étaient les mêmes, les nombres différaient d’au plus ${difference} de leur valeur.`;
/** @type {typeof import("../en/about.js").fewInGroups} */
export const fewInGroups = (rows, groups) =>
  `Un taux repose sur moins de ${count(rows)} lignes : ${groups}. Il peut s’écarter de plusieurs points de pourcentage ; l’intervalle dit de combien.`;
