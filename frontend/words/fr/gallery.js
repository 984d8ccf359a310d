/** Words for the list of models. */

export const askAModel = "Interroger un modèle";
export const galleryLead =
  "Choisissez un modèle, changez ses entrées et voyez comment sa réponse change.";
export const searchModels = "Rechercher un modèle";
export const oneCommand = "Une seule commande suffit.";
export const newModel = "Nouveau";
export const loading = "Chargement";
export const cannotBeServed = "Indisponibles";
export const picksAnOutcome = "Choisit une classe";
export const estimatesANumber = "Estime un nombre";
export const groupsSimilarRows = "Regroupe les lignes semblables";
export const findsUnusualRows = "Trouve les lignes inhabituelles";
export const givesSeveralAnswers = "Donne plusieurs réponses";
/** @type {typeof import("../en/gallery.js").versionCannotBeServed} */
export const versionCannotBeServed = (version) =>
  `La version ${version} ne peut pas être mise en service`;
export const changeCannotBeServed = "Sa dernière modification ne peut pas être mise en service";
/** @type {typeof import("../en/gallery.js").arrived} */
export const arrived = (added) => `Nouveau : ${added}.`;
/** @type {typeof import("../en/gallery.js").noLongerServed} */
export const noLongerServed = (removed) => `Retiré du service : ${removed}.`;
/** @type {typeof import("../en/gallery.js").version} */
export const version = (version) => `Version ${version}`;
