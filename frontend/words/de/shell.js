/** Words for the frame of every page. */

export const batch = "Stapel";
export const about = "Infos";
export const compare = "Vergleich";
export const disclaimer =
  "Die Antworten stammen von statistischen Modellen. Lesen Sie, wofür ein Modell gedacht ist, bevor Sie sich darauf verlassen.";
export const skipToTheContent = "Zum Inhalt springen";
export const main = "Hauptmenü";
export const models = "Modelle";
export const add = "Neu";
export const light = "Hell";
export const dark = "Dunkel";
export const copied = "Kopiert";
export const thisModel = "Dieses Modell";
export const address = "Adresse";
export const couldNotLoadThisPanel = "Dieser Bereich konnte nicht geladen werden.";
/** @type {typeof import("../en/shell.js").version} */
export const version = (version) => `Version ${version}`;
/** @type {typeof import("../en/shell.js").goToVersion} */
export const goToVersion = (served) => `Zu Version ${served}`;
export const loadingTheModel = "Modell wird geladen";
export const nothingHere = "Unter dieser Adresse gibt es nichts";
export const outdatedLink = "Der Link ist vielleicht veraltet oder unvollständig.";
export const unreachable = "Der Server antwortet nicht";
export const retrying =
  "Es wird automatisch erneut versucht. Nichts, was Sie eingegeben haben, geht verloren.";
export const noModelsYet = "Noch keine Modelle";
export const howToAdd =
  "Legen Sie einen Modellordner im Repository ab, oder starten Sie Servery mit dem Pfad eines Ordners oder einer Modelldatei:";
export const allModels = "Alle Modelle";
/** @type {typeof import("../en/shell.js").copiedText} */
export const copiedText = (what) => `${what} kopiert.`;
export const api = "API";
/** @type {typeof import("../en/shell.js").pinnedTitle} */
export const pinnedTitle = (title, version) => `${title} (Version ${version})`;
/** @type {typeof import("../en/shell.js").alsoServed} */
export const alsoServed = (served) => ["ist auch ", served("die bereitgestellte Version"), "."];
export const notServed = "ist nicht die bereitgestellte Version.";
export const share = "Teilen";
export const addLink = "Neu: eigenes Modell hinzufügen";
