/** Words for what influenced an answer and what would change it. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {typeof import("../en/insight.js").estimated} */
export const estimated = (error) => `Geschätzt: Der größte Standardfehler ist ${error}.`;
/** @type {typeof import("../en/insight.js").probabilityOf} */
export const probabilityOf = (label) => `Wahrscheinlichkeit von ${label}`;
/** @type {typeof import("../en/insight.js").whetherItIs} */
export const whetherItIs = (label) => `Ob es ${label} ist`;
/** @type {typeof import("../en/insight.js").scoreOf} */
export const scoreOf = (label) => `Score von ${label}`;
export const percentagePoints = "Prozentpunkte";
export const doesNotChangeIt = "ändert nichts";
export const nothingFound =
  "Nichts gefunden, wenn höchstens drei Eingaben innerhalb ihres Trainingsbereichs geändert werden.";
export const whatWouldChangeIt = "Was würde es ändern?";
/** @type {typeof import("../en/insight.js").movable} */
export const movable = (inputs) =>
  `Diese Eingaben dürfen sich ändern: ${inputs}. Alle anderen bleiben, wie sie sind.`;
export const findChanges = "Änderungen suchen";
/** @type {typeof import("../en/insight.js").gives} */
export const gives = (outcome) => `ergibt ${outcome}`;
export const to = "zu";
/** @type {typeof import("../en/insight.js").orMore} */
export const orMore = (min) => `${min} oder mehr`;
/** @type {typeof import("../en/insight.js").orLess} */
export const orLess = (max) => `${max} oder weniger`;
/** @type {typeof import("../en/insight.js").onlySome} */
export const onlySome = (label, changeable) =>
  `${label} (${{ increase: "nur aufwärts", decrease: "nur abwärts" }[changeable] ?? `nur ${changeable}`})`;
export const changeItTo = "Ändern in";
export const atLeast = "Mindestens";
export const atMost = "Höchstens";
export const any = "beliebig";
export const onAverage = "Im Mittel";
export const thisAnswer = "Diese Antwort";
export const correlatedInputs = "Korrelierte Eingaben";
export const goToThisInput = "Zu dieser Eingabe";
export const whatIfItWereDifferent = "Was wäre, wenn sie anders wäre?";
/** @type {typeof import("../en/insight.js").whatIfWereDifferent} */
export const whatIfWereDifferent = (label) => `Was wäre, wenn ${label} anders wäre?`;
export const asATable = "Als Tabelle";
export const influencesAsTable = "Was das Ergebnis beeinflusst hat, als Tabelle";
export const movesItBy = "Verschiebt es um";
/** @type {typeof import("../en/insight.js").eachChoice} */
export const eachChoice = (label) => `${label}, jede Auswahl`;
/** @type {typeof import("../en/insight.js").onTheCurve} */
export const onTheCurve = (label) => `${label}, auf der Kurve`;
export const raisesIt = "erhöht";
export const lowersIt = "senkt";
export const theStrongestWords = "Die stärksten Wörter";
export const goToThisWord = "Zu diesem Wort";
export const word = "Wort";
export const withoutTheWords = "Ohne eines der Wörter";
export const whatIsExplained = "Was erklärt wird";
export const inputToChange = "Eingabe, die sich ändert";
/** @type {typeof import("../en/insight.js").measureAllElseEqual} */
export const measureAllElseEqual = (name) => `${name}, alles andere gleich`;
export const accumulatedLocalEffects = "Akkumulierte lokale Effekte";
/** @type {typeof import("../en/insight.js").notMarked} */
export const notMarked = (label) => `${label} ist nicht bekannt, deshalb ist nichts markiert.`;
/** @type {typeof import("../en/insight.js").localEffectsWhy} */
export const localEffectsWhy = (others) =>
  `Korreliert mit ${others}. „Im Mittel“ verschiebt jede Zeile über den ganzen Bereich, auch zu Werten, die zusammen kaum vorkommen. Akkumulierte lokale Effekte verschieben jede Zeile nur wenig.`;
export const whatIfAsATable = "Was wäre, wenn, als Tabelle";
/** @type {typeof import("../en/insight.js").measureByInput} */
export const measureByInput = (name, label) => `${name} nach ${label}`;
export const localEffects = "Lokale Effekte";
export const allElseEqual = "Alles andere gleich";
/** @type {typeof import("../en/insight.js").raisesBy} */
export const raisesBy = (size) => `erhöht es um ${size}`;
/** @type {typeof import("../en/insight.js").lowersBy} */
export const lowersBy = (size) => `senkt es um ${size}`;
/** @type {typeof import("../en/insight.js").waysFound} */
export const waysFound = (ways) =>
  plural(ways, { one: "Ein Weg gefunden.", other: `${count(ways)} Wege gefunden.` });
/** @type {typeof import("../en/insight.js").pair} */
export const pair = (one, other) => `${one} und ${other}`;
/** @type {typeof import("../en/insight.js").correlated} */
export const correlated = (pairs, more) =>
  `Korreliert: ${pairs}${more > 0 ? ` und ${count(more)} weitere Paare` : ""}. Solche Eingaben können füreinander stehen: Was die eine zu bewirken scheint, kann die andere bewirkt haben.`;
/** @type {typeof import("../en/insight.js").contributionsLead} */
export const contributionsLead = (name) =>
  `${name}: wie weit jede Eingabe es vom Mittel verschiebt.`;
/** @type {typeof import("../en/insight.js").contributionsLeadIn} */
export const contributionsLeadIn = (name, unit) =>
  `${name}: wie weit jede Eingabe es vom Mittel verschiebt, in ${unit}.`;
/** @type {typeof import("../en/insight.js").moreTogether} */
export const moreTogether = (inputs) => `${count(inputs)} weitere zusammen`;
export const noExplanation = "Die Erklärung konnte nicht geladen werden.";
export const noCurve = "Die Kurve konnte nicht geladen werden.";
export const noChanges = "Die Änderungen konnten nicht geladen werden.";
/** @type {typeof import("../en/insight.js").markedLead} */
export const markedLead = (name, without, within) => [
  `${name}`,
  ": von ",
  without,
  " ohne eines der Wörter bis ",
  within,
  " mit allen.",
];
/** @type {typeof import("../en/insight.js").moreWords} */
export const moreWords = (words) =>
  plural(words, { one: "1 weiteres Wort", other: `${count(words)} weitere Wörter zusammen` });
/** @type {typeof import("../en/insight.js").printed} */
export const printed = (title, version, time) => [
  `${title}`,
  ", Version ",
  `${version}`,
  ". Gedruckt am ",
  time,
  ".",
];
/** @type {typeof import("../en/insight.js").resultFor} */
export const resultFor = (target) => `Ergebnis Ihrer Suche nach ${target}:`;
export const olderResult = "Ergebnis Ihrer Suche, mit den Eingaben vor Ihrer Änderung:";
/** @type {typeof import("../en/insight.js").olderResultFor} */
export const olderResultFor = (target) =>
  `Ergebnis Ihrer Suche nach ${target}, mit den Eingaben vor Ihrer Änderung:`;
export const result = "Ergebnis Ihrer Suche:";
