/** Words for what influenced an answer and what would change it. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {typeof import("../en/insight.js").estimated} */
export const estimated = (error) => `Estimation : la plus grande erreur type est ${error}.`;
/** @type {typeof import("../en/insight.js").probabilityOf} */
export const probabilityOf = (label) => `Probabilité de ${label}`;
/** @type {typeof import("../en/insight.js").whetherItIs} */
export const whetherItIs = (label) => `Si c’est ${label}`;
/** @type {typeof import("../en/insight.js").scoreOf} */
export const scoreOf = (label) => `Score de ${label}`;
export const percentagePoints = "points de pourcentage";
export const doesNotChangeIt = "ne change rien";
export const nothingFound =
  "Rien trouvé en changeant au plus trois entrées dans leur étendue d’entraînement.";
export const whatWouldChangeIt = "Qu’est-ce qui le changerait ?";
/** @type {typeof import("../en/insight.js").movable} */
export const movable = (inputs) =>
  `Ces entrées peuvent changer : ${inputs}. Toutes les autres restent telles quelles.`;
export const findChanges = "Chercher des changements";
/** @type {typeof import("../en/insight.js").gives} */
export const gives = (outcome) => `donne ${outcome}`;
export const to = "à";
/** @type {typeof import("../en/insight.js").orMore} */
export const orMore = (min) => `${min} ou plus`;
/** @type {typeof import("../en/insight.js").orLess} */
export const orLess = (max) => `${max} ou moins`;
/** @type {typeof import("../en/insight.js").onlySome} */
export const onlySome = (label, changeable) =>
  `${label} (${{ increase: "à la hausse seulement", decrease: "à la baisse seulement" }[changeable] ?? `${changeable} seulement`})`;
export const changeItTo = "Changer en";
export const atLeast = "Au moins";
export const atMost = "Au plus";
export const any = "quelconque";
export const onAverage = "En moyenne";
export const thisAnswer = "Cette réponse";
export const correlatedInputs = "Entrées corrélées";
export const goToThisInput = "Aller à cette entrée";
export const whatIfItWereDifferent = "Et si elle était différente ?";
/** @type {typeof import("../en/insight.js").whatIfWereDifferent} */
export const whatIfWereDifferent = (label) => `Et si ${label} était différent ?`;
export const asATable = "Sous forme de tableau";
export const influencesAsTable = "Ce qui a influencé le résultat, sous forme de tableau";
export const movesItBy = "Le déplace de";
/** @type {typeof import("../en/insight.js").eachChoice} */
export const eachChoice = (label) => `${label}, chaque choix`;
/** @type {typeof import("../en/insight.js").onTheCurve} */
export const onTheCurve = (label) => `${label}, sur la courbe`;
export const raisesIt = "l’augmente";
export const lowersIt = "le diminue";
export const theStrongestWords = "Les mots les plus forts";
export const goToThisWord = "Aller à ce mot";
export const word = "Mot";
export const withoutTheWords = "Sans aucun des mots";
export const whatIsExplained = "Ce qui est expliqué";
export const inputToChange = "Entrée à changer";
/** @type {typeof import("../en/insight.js").measureAllElseEqual} */
export const measureAllElseEqual = (name) => `${name}, toutes choses égales par ailleurs`;
export const accumulatedLocalEffects = "Effets locaux accumulés";
/** @type {typeof import("../en/insight.js").notMarked} */
export const notMarked = (label) => `${label} est inconnu, donc rien n’est marqué.`;
/** @type {typeof import("../en/insight.js").localEffectsWhy} */
export const localEffectsWhy = (others) =>
  `Corrélé avec ${others}. « En moyenne » déplace chaque ligne sur toute l’étendue, vers des valeurs qui ne se rencontrent guère ensemble. Les effets locaux accumulés ne déplacent chaque ligne que légèrement.`;
export const whatIfAsATable = "Et si, sous forme de tableau";
/** @type {typeof import("../en/insight.js").measureByInput} */
export const measureByInput = (name, label) => `${name} selon ${label}`;
export const localEffects = "Effets locaux";
export const allElseEqual = "Toutes choses égales";
/** @type {typeof import("../en/insight.js").raisesBy} */
export const raisesBy = (size) => `l’augmente de ${size}`;
/** @type {typeof import("../en/insight.js").lowersBy} */
export const lowersBy = (size) => `le diminue de ${size}`;
/** @type {typeof import("../en/insight.js").waysFound} */
export const waysFound = (ways) =>
  plural(ways, { one: "Une possibilité trouvée.", other: `${count(ways)} possibilités trouvées.` });
/** @type {typeof import("../en/insight.js").pair} */
export const pair = (one, other) => `${one} et ${other}`;
/** @type {typeof import("../en/insight.js").correlated} */
export const correlated = (pairs, more) =>
  `Corrélées : ${pairs}${more > 0 ? `, et ${count(more)} autres paires` : ""}. De telles entrées peuvent se substituer l’une à l’autre : ce que l’une semble causer, l’autre peut l’avoir causé.`;
/** @type {typeof import("../en/insight.js").contributionsLead} */
export const contributionsLead = (name) =>
  `${name} : de combien chaque entrée l’éloigne de la moyenne.`;
/** @type {typeof import("../en/insight.js").contributionsLeadIn} */
export const contributionsLeadIn = (name, unit) =>
  `${name} : de combien chaque entrée l’éloigne de la moyenne, en ${unit}.`;
/** @type {typeof import("../en/insight.js").moreTogether} */
export const moreTogether = (inputs) => `${count(inputs)} autres ensemble`;
export const noExplanation = "Impossible de charger l’explication.";
export const noCurve = "Impossible de charger la courbe.";
export const noChanges = "Impossible de charger les changements.";
/** @type {typeof import("../en/insight.js").markedLead} */
export const markedLead = (name, without, within) => [
  `${name}`,
  " : de ",
  without,
  " sans aucun des mots à ",
  within,
  " avec tous.",
];
/** @type {typeof import("../en/insight.js").moreWords} */
export const moreWords = (words) =>
  plural(words, {
    one: `${count(words)} autre mot`,
    other: `${count(words)} autres mots ensemble`,
  });
/** @type {typeof import("../en/insight.js").printed} */
export const printed = (title, version, time) => [
  `${title}`,
  ", version ",
  `${version}`,
  ". Imprimé le ",
  time,
  ".",
];
/** @type {typeof import("../en/insight.js").resultFor} */
export const resultFor = (target) => `Résultat de votre recherche de ${target} :`;
export const olderResult =
  "Résultat de votre recherche, avec les entrées d’avant votre modification :";
/** @type {typeof import("../en/insight.js").olderResultFor} */
export const olderResultFor = (target) =>
  `Résultat de votre recherche de ${target}, avec les entrées d’avant votre modification :`;
export const result = "Résultat de votre recherche :";
