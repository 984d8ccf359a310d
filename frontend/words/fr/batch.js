/** Words for a file of rows. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {typeof import("../en/batch.js").leaveWhileSending} */
export const leaveWhileSending = (name) =>
  `Quitter ce modèle ? « ${name} » est encore en cours d’envoi, et partir interrompt l’envoi.`;
export const fileDeleted = "Le fichier et ses résultats sont supprimés.";
export const scoreAWholeFile = "Traiter un fichier entier";
export const dropLead =
  "Déposez-le n’importe où sur cette page. Vous le récupérez avec une prédiction à chaque ligne.";
export const orPaste = "ou collez des cellules d’un tableur, en-tête compris";
export const pasteHere = "Collez ici, ou n’importe où sur cette page";
export const chooseAFile = "Choisir un fichier";
export const scoreTheseCells = "Traiter ces cellules";
export const expectedColumns = "Colonnes attendues";
export const columnsLead =
  "Dans n’importe quel ordre. Les autres colonnes sont conservées telles quelles. La casse et la ponctuation n’importent pas, et vous pouvez corriger la correspondance.";
export const downloadATemplate = "Télécharger un modèle de fichier";
export const column = "Colonne";
export const type = "Type";
export const example = "Exemple";
export const mayBeEmpty = "peut être vide";
export const jobGone = "Cette tâche n’existe plus.";
export const jobGoneText =
  "Les résultats sont supprimés après un certain temps, ou quand quelqu’un les supprime. Traitez à nouveau le fichier pour les retrouver.";
export const comparedWithTheTrueOutcomes = "Comparé aux vrais résultats";
export const withoutAnOutcome = "sans résultat";
export const unknownOutcome = "avec un résultat que le modèle ne connaît pas";
export const withoutAPrediction = "sans prédiction";
export const figuresOfThisFileAnd = "Chiffres de ce fichier et de la fiche";
export const figure = "Chiffre";
export const thisFile = "Ce fichier";
export const card = "Fiche";
/** @type {typeof import("../en/batch.js").betweenText} */
export const betweenText = (low, high) => `${low} et ${high}`;
export const deleteNow = "Supprimer maintenant";
export const deleteQuestion =
  "Supprimer le fichier et ses résultats, pour tous ceux qui ont cette adresse ?";
export const keepIt = "Conserver";
export const deleteIt = "Supprimer";
export const columns = "Colonnes";
export const none = "Aucune";
export const choose = "Choisir…";
export const noColumnFound = "Aucune colonne trouvée";
export const notKnownInAnyRow = "Inconnu à chaque ligne";
export const emptyInTheFirstRows = "Vide dans les premières lignes";
export const bothInputsHaveAColumn = "Les deux entrées ont une colonne.";
export const theInputHasAColumn = "L’entrée a une colonne.";
export const keptAsTheyAre = "Conservées telles quelles";
export const theFirstRowsScored = "Les premières lignes, traitées";
export const theFirstRows = "Les premières lignes";
export const line = "Ligne";
export const noneFits = "Aucune ne convient. Chaque entrée est-elle associée à la bonne colonne ?";
/** @type {typeof import("../en/batch.js").alsoInThePredictionSet} */
export const alsoInThePredictionSet = (others) => `Aussi dans l’ensemble de prédiction : ${others}`;
export const cancel = "Annuler";
export const rowsScored = "Lignes traitées";
export const notStarted = "Pas commencé";
export const waitingForItsTurn = "En attente de son tour";
export const scoring = "Traitement en cours";
export const waitingToBeRead = "En attente de lecture";
export const readingTheFile = "Lecture du fichier";
export const readingAndScoringTheFirst = "Lecture et traitement des premières lignes.";
export const itStartsAsSoonAs = "Commence dès qu’un worker est libre.";
export const starting = "Démarrage.";
export const stalled =
  "Aucun progrès depuis un moment. Si son worker s’est arrêté, un autre reprend ici.";
export const notStartedYet =
  "Rien n’a encore commencé. D’autres fichiers passent peut-être avant, ou aucun worker ne tourne.";
export const pace = "Rythme";
export const timeLeft = "Temps restant";
export const howTheFileIsRead = "Comment le fichier est lu";
/** @type {typeof import("../en/batch.js").worksWithout} */
export const worksWithout = (names) =>
  `Le modèle se passe de ${names}. La valeur est alors inconnue à chaque ligne.`;
export const continueWithout = "Continuer sans";
export const detect = "Détecter";
export const missingPlaceholder = "Vide, ou comme NA, -999";
export const noColumnNamed =
  "Aucune colonne ne porte le nom d’une entrée. Vérifiez que c’est le bon fichier et que sa première ligne contient les noms des colonnes. Si oui, choisissez chaque colonne ci-dessous.";
export const chooseReading =
  "Choisissez ci-dessus comment le lire, ou corrigez le fichier et choisissez-le à nouveau.";
export const waitingForYourChoices = "En attente de vos choix";
export const done = "Terminé";
export const failed = "Échec";
export const cancelled = "Annulé";
export const yourFiles = "Vos fichiers";
export const recentLead =
  "Tâches ouvertes dans ce navigateur. Chacune est supprimée à son expiration.";
export const file = "Fichier";
export const state = "État";
export const uploaded = "Envoyé le";
export const downloadTheResult = "Télécharger le résultat";
export const anotherFile = "Autre fichier";
export const downloadTheEvaluation = "Télécharger l’évaluation";
export const scoringFailed = "Le traitement a échoué";
export const scoringWasCancelled = "Le traitement a été annulé";
export const theServerGaveNoReason = "Le serveur n’a pas donné de raison.";
export const cancelledText = "Il a été supprimé. Rien n’en reste sur le serveur.";
export const chooseAnotherFile = "Choisir un autre fichier";
export const rowsThatDidNotFit = "Lignes qui ne convenaient pas";
export const whyByInput = "Pourquoi, par entrée";
export const reason = "Raison";
export const whatDoesNotFit = "Ce qui ne convient pas";
export const whatTheResultContains = "Ce que contient le résultat";
export const columnsOfTheFile = "Colonnes du fichier";
export const all = "Toutes";
export const noneOnlyThePrediction = "Aucune, seulement la prédiction";
export const someOfThem = "Certaines";
export const columnsInTheResult = "Colonnes du résultat";
export const ofAllClasses = "De toutes les classes";
/** @type {typeof import("../en/batch.js").thresholdFor} */
export const thresholdFor = (name) => `Seuil pour « ${name} »`;
export const resultAs = "Résultat en";
export const showMe = "Montrer";
export const startingNow = "Démarrage…";
export const scoreAllRows = "Traiter toutes les lignes";
export const trueOutcomes = "Vrais résultats";
export const firstFixMissing = "Corrigez d’abord l’écriture des valeurs manquantes.";
/** @type {typeof import("../en/batch.js").firstChooseColumn} */
export const firstChooseColumn = (label) => `Choisissez d’abord la colonne de ${label}.`;
export const readingTheFileAgain = "Nouvelle lecture du fichier.";
export const firstAnswer = "Répondez d’abord à la question ci-dessus.";
export const outOfRange = "hors étendue";
/** @type {typeof import("../en/batch.js").inEveryRow} */
export const inEveryRow = (value) => `${value} à chaque ligne.`;
/** @type {typeof import("../en/batch.js").predictedRange} */
export const predictedRange = (minimum, maximum, mean) =>
  `De ${minimum} à ${maximum} ; ${mean} en moyenne.`;
export const warning = "Avertissement";
export const comparedWithTraining = "Comparé à l’entraînement";
export const noDrift =
  "Pas de dérive : les valeurs sont réparties comme à l’entraînement, dans les limites du hasard.";
export const values = "Valeurs";
export const training = "Entraînement";
export const thePredictions = "Les prédictions";
export const upperBarsThisFile = "Barres du haut : ce fichier";
export const lowerBarsTraining = "Barres du bas : entraînement";
/** @type {typeof import("../en/batch.js").driftCaption} */
export const driftCaption = (name) =>
  `${name} : parts des lignes dans ce fichier et à l’entraînement`;
export const bytesSent = "Octets envoyés";
export const keepOpen = "Gardez cette page ouverte jusqu’à la fin de l’envoi.";
export const noBatches = "Ce serveur ne traite pas de fichiers pour ce modèle.";
export const dropTheFileToScore = "Déposez le fichier pour le traiter";
export const fileKept = "Le fichier est conservé ici et renvoyé automatiquement.";
export const choiceKept = "Vos choix sont conservés ici et renvoyés automatiquement.";
export const nothingLost = "Nouvelle tentative automatique. Rien n’est perdu.";
export const notResponding = "Le serveur ne répond pas.";
export const oneFileAtATime = "Un fichier à la fois";
/** @type {typeof import("../en/batch.js").unreadableText} */
export const unreadableText = (name) =>
  `${name} est un dossier, ou a été déplacé, modifié ou supprimé après votre choix. Choisissez à nouveau le fichier.`;
export const theFileCannotBeRead = "Le fichier est illisible";
export const outsideTheTrainingRange = "Hors de l’étendue d’entraînement";
export const unknownCategory = "Catégorie inconnue";
export const unusualCombination = "Combinaison inhabituelle";
export const unknownWords = "Mots inconnus";
export const missingFilledIn = "Manquant, complété";
export const noValue = "Aucune valeur";
export const noText = "Aucun texte";
export const notAWholeNumber = "N’est pas un nombre entier";
export const neitherTrueNorFalse = "Ni vrai ni faux";
export const notOneOfTheCategories = "Aucune des catégories";
export const notADate = "N’est pas une date";
export const noAnswerOfTheModel = "Le modèle n’a pas répondu";
export const theRow = "La ligne";
/** @type {typeof import("../en/batch.js").allTheSame} */
export const allTheSame = (label) => `« ${label} » a été prédit pour chaque ligne.`;
/** @type {typeof import("../en/batch.js").mostPredicted} */
export const mostPredicted = (label, each) =>
  `« ${label} » a été prédit le plus souvent : pour ${each}.`;
/** @type {typeof import("../en/batch.js").tiedPredicted} */
export const tiedPredicted = (tied, each) =>
  `${tied} ont été prédits aussi souvent : pour ${each} chacun.`;
export const unwarnedUnknown = "Aucun. L’aspect des données d’entraînement est inconnu.";
export const unwarned = "Aucun. Chaque ligne traitée ressemble aux données d’entraînement.";
export const withoutData =
  "Ce modèle a été publié sans ses données d’entraînement : aucune ligne n’y a été comparée.";
export const scoringHasBegun = "Le traitement a commencé.";
export const fileIsRead = "Le fichier est lu. Ses premières lignes sont traitées ci-dessous.";
/** @type {typeof import("../en/batch.js").formatsList} */
export const formatsList = (list, compressed) =>
  `${list}. Les fichiers peuvent être compressés : ${compressed}.`;
export const returnedAll =
  "Le résultat contient toutes les colonnes dans leur ordre, suivies de la prédiction.";
export const returnedNone = "Le résultat ne contient que la prédiction.";
/** @type {typeof import("../en/batch.js").otherThreshold} */
export const otherThreshold = (name, used, card) =>
  `« ${name} » est prédit à partir d’une probabilité de ${used} ; la fiche du modèle utilise ${card}.`;
/** @type {typeof import("../en/batch.js").separatedBy} */
export const separatedBy = (delimiter) => `séparé par : ${delimiter}`;
/** @type {typeof import("../en/batch.js").sheet} */
export const sheet = (sheet) => `feuille ${sheet}`;
/** @type {typeof import("../en/batch.js").deletedText} */
export const deletedText = (name) => [
  name ?? "Le fichier",
  " et ses résultats sont supprimés. Votre propre fichier est inchangé.",
];
/** @type {typeof import("../en/batch.js").comparedRows} */
export const comparedRows = (rows, target) =>
  plural(rows, {
    one: `${count(rows)} ligne, selon la colonne « ${target} ».`,
    other: `${count(rows)} lignes, selon la colonne « ${target} ».`,
  });
/** @type {typeof import("../en/batch.js").leftOut} */
export const leftOut = (parts) => `Laissées de côté : ${parts}.`;
/** @type {typeof import("../en/batch.js").intervalsHeld} */
export const intervalsHeld = (stated, measured, low, high) =>
  `Les intervalles de prédiction à ${stated} contenaient ${measured} des résultats ; probablement entre ${low} et ${high}.`;
/** @type {typeof import("../en/batch.js").setsHeld} */
export const setsHeld = (stated, measured, low, high) =>
  `Les ensembles de prédiction à ${stated} contenaient ${measured} des résultats ; probablement entre ${low} et ${high}.`;
/** @type {typeof import("../en/batch.js").theOtherInputs} */
export const theOtherInputs = (inputs) =>
  plural(inputs, { one: "L’autre entrée", other: `Les ${count(inputs)} autres entrées` });
/** @type {typeof import("../en/batch.js").allInputs} */
export const allInputs = (inputs) =>
  plural(inputs, { one: "L’entrée", other: `Les ${count(inputs)} entrées` });
/** @type {typeof import("../en/batch.js").someHaveColumns} */
export const someHaveColumns = (found, wanted) =>
  `${count(found)} entrées sur ${count(wanted)} ont une colonne.`;
/** @type {typeof import("../en/batch.js").allHaveColumns} */
export const allHaveColumns = (inputs) => `Les ${count(inputs)} entrées ont une colonne.`;
/** @type {typeof import("../en/batch.js").andMore} */
export const andMore = (more) => `et ${count(more)} de plus`;
/** @type {typeof import("../en/batch.js").morePoints} */
export const morePoints = (more) => `Et ${count(more)} de plus`;
/** @type {typeof import("../en/batch.js").someDoNotFit} */
export const someDoNotFit = (bad, rows) =>
  `${count(bad)} ligne${bad === 1 ? "" : "s"} sur ${count(rows)} ne ${bad === 1 ? "convient" : "conviennent"} pas.`;
/** @type {typeof import("../en/batch.js").allFit} */
export const allFit = (rows) => `Les ${count(rows)} conviennent.`;
export const canClose =
  "Vous pouvez fermer cette page. Le traitement continue. Rouvrez cette adresse pour le voir.";
export const canCloseWaiting = "Vous pouvez fermer cette page. Rouvrez cette adresse pour le voir.";
/** @type {typeof import("../en/batch.js").doneOf} */
export const doneOf = (done, total) => `${done} sur ${total}`;
/** @type {typeof import("../en/batch.js").soFar} */
export const soFar = (done) => `${done} jusqu’ici`;
/** @type {typeof import("../en/batch.js").startWorker} */
export const startWorker = (command) => [
  "L’administrateur peut en démarrer un avec ",
  command,
  ".",
];
/** @type {typeof import("../en/batch.js").rowsPerSecond} */
export const rowsPerSecond = (rows) =>
  plural(rows, {
    one: `${count(rows)} ligne par seconde`,
    other: `${count(rows)} lignes par seconde`,
  });
/** @type {typeof import("../en/batch.js").aboutDuration} */
export const aboutDuration = (duration) => `environ ${duration}`;
/** @type {typeof import("../en/batch.js").withoutColumn} */
export const withoutColumn = (lacking, all) =>
  `${count(lacking)} entrées sur ${count(all)} n’ont pas de colonne. Choisissez les colonnes ci-dessous, ou donnez-leur les noms des entrées dans le fichier et choisissez-le à nouveau.`;
/** @type {typeof import("../en/batch.js").downloadBadRows} */
export const downloadBadRows = (rows) =>
  plural(rows, {
    one: "Télécharger la ligne en défaut",
    other: `Télécharger les ${count(rows)} lignes en défaut`,
  });
/** @type {typeof import("../en/batch.js").byVersion} */
export const byVersion = (version) => `par la version ${version}`;
/** @type {typeof import("../en/batch.js").neutralised} */
export const neutralised = (cells) =>
  plural(cells, {
    one: `${count(cells)} cellule ressemble à une formule de tableur. Une apostrophe a été ajoutée devant, pour qu’aucun programme ne l’exécute.`,
    other: `${count(cells)} cellules ressemblent à des formules de tableur. Une apostrophe a été ajoutée devant, pour qu’aucun programme ne les exécute.`,
  });
/** @type {typeof import("../en/batch.js").cameBackEmpty} */
export const cameBackEmpty = (rows) =>
  plural(rows, {
    one: `${count(rows)} ligne est revenue avec une prédiction vide et la raison à côté.`,
    other: `${count(rows)} lignes sont revenues avec une prédiction vide et la raison à côté.`,
  });
/** @type {typeof import("../en/batch.js").firstByLine} */
export const firstByLine = (rows) => `Les ${count(rows)} premières, par ligne du fichier`;
export const eachByLine = "Chacune, par ligne du fichier";
export const scrollForMore = "Faites défiler pour voir le reste";
/** @type {typeof import("../en/batch.js").firstChooseColumns} */
export const firstChooseColumns = (inputs) =>
  `Choisissez d’abord les colonnes de ${count(inputs)} entrées.`;
/** @type {typeof import("../en/batch.js").warnedRows} */
export const warnedRows = (warned, rows, share) =>
  plural(warned, {
    one: `${count(warned)} ligne sur ${count(rows)} (${share}) a un avertissement : prenez la prédiction avec prudence.`,
    other: `${count(warned)} lignes sur ${count(rows)} (${share}) ont un avertissement : prenez la prédiction avec prudence.`,
  });
/** @type {typeof import("../en/batch.js").mostCommonReasons} */
export const mostCommonReasons = (shown, all) =>
  `Les ${count(shown)} raisons les plus fréquentes sur ${count(all)} ; les chiffres ci-dessous les contiennent toutes.`;
/** @type {typeof import("../en/batch.js").tooFewRows} */
export const tooFewRows = (rows) =>
  `Trop peu de lignes pour comparer : il en faut ${count(rows)} ou plus.`;
/** @type {typeof import("../en/batch.js").drifted} */
export const drifted = (inputs, predictions) =>
  inputs === 0
    ? "Les prédictions ont dérivé plus que le hasard ne l’explique."
    : `${inputsAnd(inputs, predictions)} ${inputs === 1 && !predictions ? "a" : "ont"} dérivé plus que le hasard ne l’explique.`;
/** @type {typeof import("../en/batch.js").showStable} */
export const showStable = (inputs, predictions) =>
  inputs === 0
    ? "Afficher les prédictions sans dérive"
    : `Afficher ${inputsAnd(inputs, predictions)} sans dérive`;
/** @type {typeof import("../en/batch.js").smallDrift} */
export const smallDrift = (name) => `${name} : faible dérive.`;
/** @type {typeof import("../en/batch.js").moderateDrift} */
export const moderateDrift = (name) => `${name} : dérive modérée.`;
/** @type {typeof import("../en/batch.js").largeDrift} */
export const largeDrift = (name) => `${name} : forte dérive.`;
/** @type {typeof import("../en/batch.js").driftAt} */
export const driftAt = (value, here, training) =>
  `${value} : ${here} des lignes, ${training} à l’entraînement.`;
export const sendingTheFile = "Envoi du fichier";
/** @type {typeof import("../en/batch.js").sentOf} */
export const sentOf = (sent, size) => `${sent} sur ${size}`;
/** @type {typeof import("../en/batch.js").linesText} */
export const linesText = (rows, lines, more) =>
  plural(rows, {
    one: `Ligne ${lines}`,
    other: `Lignes ${lines}${more > 0 ? ` et ${count(more)} de plus` : ""}`,
  });
export const aSecond = "une seconde";
/** @type {typeof import("../en/batch.js").seconds} */
export const seconds = (seconds) =>
  plural(seconds, { one: `${count(seconds)} seconde`, other: `${count(seconds)} secondes` });
/** @type {typeof import("../en/batch.js").minutes} */
export const minutes = (minutes) =>
  plural(minutes, { one: `${count(minutes)} minute`, other: `${count(minutes)} minutes` });
/** @type {typeof import("../en/batch.js").hours} */
export const hours = (hours) => `${hours} heures`;
export const temporary = "Supprimé à l’arrêt du serveur. Téléchargez ce que vous voulez conserver.";
/** @type {typeof import("../en/batch.js").temporaryUntil} */
export const temporaryUntil = (until) =>
  `Supprimé à l’arrêt du serveur, le ${until} au plus tard. Téléchargez ce que vous voulez conserver.`;
export const openAgain = "Rouvrez cette adresse pour le voir.";
/** @type {typeof import("../en/batch.js").keptUntil} */
export const keptUntil = (until) => `Conservé jusqu’au ${until}.`;
/** @type {typeof import("../en/batch.js").classCount} */
export const classCount = (classes) => `${count(classes)} classes`;
/** @type {typeof import("../en/batch.js").allScored} */
export const allScored = (rows) =>
  plural(rows, {
    one: `${count(rows)} ligne traitée.`,
    other: `Les ${count(rows)} lignes sont traitées.`,
  });
/** @type {typeof import("../en/batch.js").noneScored} */
export const noneScored = (rows) =>
  `Aucune ligne ne convient : les ${count(rows)} sont revenues sans prédiction.`;
/** @type {typeof import("../en/batch.js").someScored} */
export const someScored = (scored, bad) =>
  plural(scored, {
    one: `${count(scored)} ligne traitée, ${count(bad)} ne convenaient pas.`,
    other: `${count(scored)} lignes traitées, ${count(bad)} ne convenaient pas.`,
  });
/** @type {typeof import("../en/batch.js").shareScored} */
export const shareScored = (share) => `${share} traités.`;
/** @type {typeof import("../en/batch.js").returnedSome} */
export const returnedSome = (columns) =>
  plural(columns, {
    one: `Le résultat contient ${count(columns)} colonne du fichier, suivie de la prédiction.`,
    other: `Le résultat contient ${count(columns)} colonnes du fichier, suivies de la prédiction.`,
  });
/** @type {typeof import("../en/batch.js").severalDropped} */
export const severalDropped = (files) =>
  `${count(files)} fichiers ont été déposés. Déposez-en un, ou réunissez leurs lignes dans un seul fichier.`;
/** @type {typeof import("../en/batch.js").reasonOf} */
export const reasonOf = (input, reason) =>
  `${input} : ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
export const unknownShort = "inconnu";
export const doneText = "Terminé.";
export const cancelledDone = "Le traitement a été annulé.";
export const failedText = "Le traitement a échoué.";
export const waitingText = "En attente de son tour.";
/** @type {(inputs: number, predictions: boolean) => string} */ function inputsAnd(
  inputs,
  predictions,
) {
  const counted = plural(inputs, { one: "1 entrée", other: `${count(inputs)} entrées` });
  return predictions ? `${counted} et les prédictions` : counted;
}
