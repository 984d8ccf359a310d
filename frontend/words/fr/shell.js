/** Words for the frame of every page. */

export const batch = "Lot";
export const about = "À propos";
export const compare = "Comparer";
export const disclaimer =
  "Les réponses proviennent de modèles statistiques. Lisez à quoi sert un modèle avant de vous y fier.";
export const skipToTheContent = "Aller au contenu";
export const main = "Navigation principale";
export const models = "Modèles";
export const add = "Ajouter";
export const light = "Clair";
export const dark = "Sombre";
export const copied = "Copié";
export const thisModel = "Ce modèle";
export const address = "Adresse";
export const couldNotLoadThisPanel = "Impossible de charger cette partie.";
/** @type {typeof import("../en/shell.js").version} */
export const version = (version) => `Version ${version}`;
/** @type {typeof import("../en/shell.js").goToVersion} */
export const goToVersion = (served) => `Aller à la version ${served}`;
export const loadingTheModel = "Chargement du modèle";
export const nothingHere = "Il n’y a rien à cette adresse";
export const outdatedLink = "Le lien est peut-être périmé ou incomplet.";
export const unreachable = "Le serveur ne répond pas";
export const retrying =
  "Nouvelle tentative automatique. Rien de ce que vous avez saisi n’est perdu.";
export const noModelsYet = "Pas encore de modèle";
export const howToAdd =
  "Ajoutez un dossier de modèle au dépôt, ou démarrez Servery avec le chemin d’un dossier ou d’un fichier de modèle :";
export const allModels = "Tous les modèles";
/** @type {typeof import("../en/shell.js").copiedText} */
export const copiedText = (what) => `Copié : ${what}.`;
export const api = "API";
/** @type {typeof import("../en/shell.js").pinnedTitle} */
export const pinnedTitle = (title, version) => `${title} (version ${version})`;
/** @type {typeof import("../en/shell.js").alsoServed} */
export const alsoServed = (served) => ["est aussi ", served("la version en service"), "."];
export const notServed = "n’est pas la version en service.";
export const share = "Partager";
export const addLink = "Ajouter votre modèle";
