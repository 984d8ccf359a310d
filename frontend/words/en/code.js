/** Words for calling the API. */

export const whatWouldChangeIt = "What would change it";
export const similarRows = "Similar rows";
export const inTheForm = "The question in the form, as code.";
export const allEndpoints = "All endpoints";
export const fillInEvery = "Fill in every input to see the code for it.";
export const languages = "Language or protocol";
export const response = "Response";
export const noResponse = "The server did not answer.";
export const whatToAskFor = "What to ask for";
/** @type {(language: string) => string} */
export const codeIn = (language) => `${language} code`;
