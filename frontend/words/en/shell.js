/** Words for the frame of every page. */

export const batch = "Batch";
export const about = "About";
export const compare = "Compare";
export const disclaimer =
  "Answers come from statistical models. Read what a model is for before you rely on it.";
export const skipToTheContent = "Skip to the content";
export const main = "Main";
export const models = "Models";
export const add = "Add";
export const light = "Light";
export const dark = "Dark";
export const copied = "Copied";
export const thisModel = "This model";
export const address = "Address";
export const couldNotLoadThisPanel = "Could not load this panel.";
/** @type {(version: string) => string} */
export const version = (version) => `Version ${version}`;
/** @type {(served: string) => string} */
export const goToVersion = (served) => `Go to version ${served}`;
export const loadingTheModel = "Loading the model";
export const nothingHere = "There is nothing at this address";
export const outdatedLink = "The link may be outdated or incomplete.";
export const unreachable = "The server is not responding";
export const retrying = "Retrying automatically. Nothing that you typed is lost.";
export const noModelsYet = "No models yet";
export const howToAdd =
  "Add a model folder to the repository, or start Servery with the path of a folder or of a model file:";
export const allModels = "All models";
/** @type {(what: string) => string} */
export const copiedText = (what) => `${what} copied.`;
export const api = "API";
/** @type {(title: string, version: string) => string} */
export const pinnedTitle = (title, version) => `${title} (version ${version})`;
/** @type {(served: (words: string) => unknown) => unknown} of a version; `served` links to the served one */
export const alsoServed = (served) => ["is also ", served("the served version"), "."];
export const notServed = "is not the served version.";
export const share = "Share";
export const addLink = "Add your model";
