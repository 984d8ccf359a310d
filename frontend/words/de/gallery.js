/** Words for the list of models. */

export const askAModel = "Ein Modell befragen";
export const galleryLead =
  "Wählen Sie ein Modell, ändern Sie seine Eingaben und sehen Sie, wie sich die Antwort ändert.";
export const searchModels = "Modelle durchsuchen";
export const oneCommand = "Ein einziger Befehl genügt.";
export const newModel = "Neu";
export const loading = "Wird geladen";
export const cannotBeServed = "Nicht verfügbar";
export const picksAnOutcome = "Ordnet einer Klasse zu";
export const estimatesANumber = "Schätzt eine Zahl";
export const groupsSimilarRows = "Gruppiert ähnliche Zeilen";
export const findsUnusualRows = "Findet ungewöhnliche Zeilen";
export const givesSeveralAnswers = "Gibt mehrere Antworten";
/** @type {typeof import("../en/gallery.js").versionCannotBeServed} */
export const versionCannotBeServed = (version) =>
  `Version ${version} kann nicht bereitgestellt werden`;
export const changeCannotBeServed = "Die letzte Änderung kann nicht bereitgestellt werden";
/** @type {typeof import("../en/gallery.js").arrived} */
export const arrived = (added) => `Neu: ${added}.`;
/** @type {typeof import("../en/gallery.js").noLongerServed} */
export const noLongerServed = (removed) => `Nicht mehr bereitgestellt: ${removed}.`;
/** @type {typeof import("../en/gallery.js").version} */
export const version = (version) => `Version ${version}`;
