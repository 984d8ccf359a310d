/** Words for what influenced an answer and what would change it. */

import { count } from "../../lib/format.js";
import { plural } from "../../lib/plural.js";

/** @type {typeof import("../en/insight.js").estimated} */
export const estimated = (error) => `Estimación: el mayor error estándar es ${error}.`;
/** @type {typeof import("../en/insight.js").probabilityOf} */
export const probabilityOf = (label) => `Probabilidad de ${label}`;
/** @type {typeof import("../en/insight.js").whetherItIs} */
export const whetherItIs = (label) => `Si es ${label}`;
/** @type {typeof import("../en/insight.js").scoreOf} */
export const scoreOf = (label) => `Puntuación de ${label}`;
export const percentagePoints = "puntos porcentuales";
export const doesNotChangeIt = "no lo cambia";
export const nothingFound =
  "No se encontró nada cambiando como máximo tres entradas dentro de sus rangos de entrenamiento.";
export const whatWouldChangeIt = "¿Qué lo cambiaría?";
/** @type {typeof import("../en/insight.js").movable} */
export const movable = (inputs) =>
  `Estas entradas pueden cambiar: ${inputs}. Las demás quedan como están.`;
export const findChanges = "Buscar cambios";
/** @type {typeof import("../en/insight.js").gives} */
export const gives = (outcome) => `da ${outcome}`;
export const to = "a";
/** @type {typeof import("../en/insight.js").orMore} */
export const orMore = (min) => `${min} o más`;
/** @type {typeof import("../en/insight.js").orLess} */
export const orLess = (max) => `${max} o menos`;
/** @type {typeof import("../en/insight.js").onlySome} */
export const onlySome = (label, changeable) =>
  `${label} (${{ increase: "solo al alza", decrease: "solo a la baja" }[changeable] ?? `solo ${changeable}`})`;
export const changeItTo = "Cambiar a";
export const atLeast = "Al menos";
export const atMost = "Como máximo";
export const any = "cualquiera";
export const onAverage = "De media";
export const thisAnswer = "Esta respuesta";
export const correlatedInputs = "Entradas correlacionadas";
export const goToThisInput = "Ir a esta entrada";
export const whatIfItWereDifferent = "¿Y si fuera distinta?";
/** @type {typeof import("../en/insight.js").whatIfWereDifferent} */
export const whatIfWereDifferent = (label) => `¿Y si ${label} fuera distinto?`;
export const asATable = "Como tabla";
export const influencesAsTable = "Qué influyó en el resultado, como tabla";
export const movesItBy = "Lo desplaza";
/** @type {typeof import("../en/insight.js").eachChoice} */
export const eachChoice = (label) => `${label}, cada opción`;
/** @type {typeof import("../en/insight.js").onTheCurve} */
export const onTheCurve = (label) => `${label}, en la curva`;
export const raisesIt = "lo aumenta";
export const lowersIt = "lo reduce";
export const theStrongestWords = "Las palabras más fuertes";
export const goToThisWord = "Ir a esta palabra";
export const word = "Palabra";
export const withoutTheWords = "Sin ninguna de las palabras";
export const whatIsExplained = "Qué se explica";
export const inputToChange = "Entrada que cambia";
/** @type {typeof import("../en/insight.js").measureAllElseEqual} */
export const measureAllElseEqual = (name) => `${name}, lo demás igual`;
export const accumulatedLocalEffects = "Efectos locales acumulados";
/** @type {typeof import("../en/insight.js").notMarked} */
export const notMarked = (label) => `${label} es desconocido, así que no se marca nada.`;
/** @type {typeof import("../en/insight.js").localEffectsWhy} */
export const localEffectsWhy = (others) =>
  `Correlacionado con ${others}. «De media» desplaza cada fila por todo el rango, a valores que apenas se dan juntos. Los efectos locales acumulados desplazan cada fila solo un poco.`;
export const whatIfAsATable = "Qué pasaría si, como tabla";
/** @type {typeof import("../en/insight.js").measureByInput} */
export const measureByInput = (name, label) => `${name} según ${label}`;
export const localEffects = "Efectos locales";
export const allElseEqual = "Lo demás igual";
/** @type {typeof import("../en/insight.js").raisesBy} */
export const raisesBy = (size) => `lo aumenta en ${size}`;
/** @type {typeof import("../en/insight.js").lowersBy} */
export const lowersBy = (size) => `lo reduce en ${size}`;
/** @type {typeof import("../en/insight.js").waysFound} */
export const waysFound = (ways) =>
  plural(ways, { one: "Se encontró una manera.", other: `Se encontraron ${count(ways)} maneras.` });
/** @type {typeof import("../en/insight.js").pair} */
export const pair = (one, other) => `${one} y ${other}`;
/** @type {typeof import("../en/insight.js").correlated} */
export const correlated = (pairs, more) =>
  `Correlacionadas: ${pairs}${more > 0 ? `, y ${count(more)} pares más` : ""}. Estas entradas pueden sustituirse entre sí: lo que una parece causar puede haberlo causado la otra.`;
/** @type {typeof import("../en/insight.js").contributionsLead} */
export const contributionsLead = (name) => `${name}: cuánto lo aleja de la media cada entrada.`;
/** @type {typeof import("../en/insight.js").contributionsLeadIn} */
export const contributionsLeadIn = (name, unit) =>
  `${name}: cuánto lo aleja de la media cada entrada, en ${unit}.`;
/** @type {typeof import("../en/insight.js").moreTogether} */
export const moreTogether = (inputs) => `Otras ${count(inputs)} juntas`;
export const noExplanation = "No se pudo cargar la explicación.";
export const noCurve = "No se pudo cargar la curva.";
export const noChanges = "No se pudieron cargar los cambios.";
/** @type {typeof import("../en/insight.js").markedLead} */
export const markedLead = (name, without, within) => [
  `${name}`,
  ": de ",
  without,
  " sin ninguna de las palabras a ",
  within,
  " con todas.",
];
/** @type {typeof import("../en/insight.js").moreWords} */
export const moreWords = (words) =>
  plural(words, { one: "1 palabra más", other: `${count(words)} palabras más juntas` });
/** @type {typeof import("../en/insight.js").printed} */
export const printed = (title, version, time) => [
  `${title}`,
  ", versión ",
  `${version}`,
  ". Impreso el ",
  time,
  ".",
];
/** @type {typeof import("../en/insight.js").resultFor} */
export const resultFor = (target) => `Resultado de tu búsqueda de ${target}:`;
export const olderResult = "Resultado de tu búsqueda, con las entradas de antes de tu cambio:";
/** @type {typeof import("../en/insight.js").olderResultFor} */
export const olderResultFor = (target) =>
  `Resultado de tu búsqueda de ${target}, con las entradas de antes de tu cambio:`;
export const result = "Resultado de tu búsqueda:";
