/** Words for the frame of every page. */

export const batch = "Lote";
export const about = "Acerca de";
export const compare = "Comparar";
export const disclaimer =
  "Las respuestas proceden de modelos estadísticos. Lee para qué sirve un modelo antes de fiarte de él.";
export const skipToTheContent = "Ir al contenido";
export const main = "Navegación principal";
export const models = "Modelos";
export const add = "Añadir";
export const light = "Claro";
export const dark = "Oscuro";
export const copied = "Copiado";
export const thisModel = "Este modelo";
export const address = "Dirección";
export const couldNotLoadThisPanel = "No se pudo cargar este panel.";
/** @type {typeof import("../en/shell.js").version} */
export const version = (version) => `Versión ${version}`;
/** @type {typeof import("../en/shell.js").goToVersion} */
export const goToVersion = (served) => `Ir a la versión ${served}`;
export const loadingTheModel = "Cargando el modelo";
export const nothingHere = "No hay nada en esta dirección";
export const outdatedLink = "Puede que el enlace esté anticuado o incompleto.";
export const unreachable = "El servidor no responde";
export const retrying = "Se reintenta automáticamente. No se pierde nada de lo que has escrito.";
export const noModelsYet = "Aún no hay modelos";
export const howToAdd =
  "Añade una carpeta de modelo al repositorio, o inicia Servery con la ruta de una carpeta o de un archivo de modelo:";
export const allModels = "Todos los modelos";
/** @type {typeof import("../en/shell.js").copiedText} */
export const copiedText = (what) => `Copiado: ${what}.`;
export const api = "API";
/** @type {typeof import("../en/shell.js").pinnedTitle} */
export const pinnedTitle = (title, version) => `${title} (versión ${version})`;
/** @type {typeof import("../en/shell.js").alsoServed} */
export const alsoServed = (served) => ["es también ", served("la versión en servicio"), "."];
export const notServed = "no es la versión en servicio.";
export const share = "Compartir";
export const addLink = "Añadir tu modelo";
