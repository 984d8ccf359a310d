/** This page in a frame: `public/embed.js`, on the page around it, makes the frame as high as it. */

import "./servery-way-out.js";

/** @param {HTMLElement} page whose height is that of the frame */
export function open(page) {
  const theme = new URLSearchParams(location.search).get("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  const report = () => {
    const px = Math.ceil(page.getBoundingClientRect().height);
    // Only origins that the server names can show this page at all, and a height is no secret.
    window.parent.postMessage({ type: "servery:height", px }, "*");
  };
  report(); // what is out of sight in a frame is not observed
  new ResizeObserver(report).observe(page);
  // Whatever leads away from the form opens a page of its own.
  const base = document.createElement("base");
  base.target = "_blank";
  document.head.append(base);
}
