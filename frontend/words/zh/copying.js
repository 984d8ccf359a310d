/** Words for copying by hand. */

/** @type {typeof import("../en/copying.js").copyOf} */
export const copyOf = (what) => `复制${what}`;
export const copyByHand = "此浏览器不允许复制。请自行复制文本：";
export const close = "关闭";
