/** Words for adding a model. */

export const expectedFileName =
  "Un nom finissant par .joblib, .pkl, .onnx ou une autre extension ci-dessous est attendu.";
export const expectedModelName = "Au plus 100 caractères, sans / \\ ni @, et sans point au début.";
export const modelFile = "Fichier du modèle";
export const fileHelp = "Un estimateur ou un pipeline enregistré.";
export const modelName = "Nom du modèle";
export const nameHelp = "Nomme son dossier et son adresse.";
export const trainingTable = "Table d’entraînement";
export const tableHelp =
  "Facultative. Elle fournit les étendues, les valeurs typiques et les avertissements.";
export const targetColumn = "Colonne cible";
export const targetHelp =
  "La colonne que le modèle prédit. Laissez vide pour le partitionnement ou la détection d’anomalies.";
export const addLead =
  "Une commande transforme un modèle entraîné en une page comme celles-ci ; deux le publient dans un dossier et mettent celui-ci en service.";
export const yourNames = "Vos noms";
export const yourModel = "Votre modèle";
export const serve = "Mettre en service";
export const serveHelp =
  "Met en service chaque modèle du dossier. Un serveur en marche prend en compte un nouveau modèle en moins de deux secondes.";
export const tryHelp =
  "Met le fichier en service jusqu’à l’arrêt de la commande. Rien n’est enregistré.";
export const folderNamedAfterFile = "un dossier de models/ nommé d’après le fichier";
export const publish = "Publier";
/** @type {typeof import("../en/add.js").publishHelp} */
export const publishHelp = (folder) =>
  `Lit les entrées et les résultats du modèle et écrit sa version suivante dans ${folder}.`;
/** @type {typeof import("../en/add.js").commandNamed} */
export const commandNamed = (title) => `Commande « ${title} »`;
export const supportedFiles = "Fichiers pris en charge";
export const plans = "Plans";
export const tables = "Tables";
export const tablesHelp = "tout ce qui peut être traité par lot, comme CSV, Excel et Parquet";
export const beforeItIsServed = "Avant la mise en service";
export const whyNotUpload = "Pourquoi ne pas le téléverser ici ?";
export const whyNotUploadText =
  "Servery ouvre un fichier de modèle dans un processus isolé et n’en exécute aucun code. Mais un modèle peut donner de fausses réponses, et tout le monde ici les verrait. C’est pourquoi l’administrateur choisit, en ligne de commande, les modèles mis en service.";
/** @type {typeof import("../en/add.js").plansHelp} */
export const plansHelp = (extension, command) => [extension, ", écrits par ", command];
/** @type {typeof import("../en/add.js").checkHelp} */
export const checkHelp = (command) => [
  command,
  " énumère tout ce qui échouerait, modèle par modèle, avant que quiconque ne le voie.",
];
