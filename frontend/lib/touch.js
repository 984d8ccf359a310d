/** A touch on a control in a page that scrolls. */

const SLACK_PX = 8;

/** Counts once it moves sideways or ends as a tap; until then it may be the start of a scroll. */
export class Touch {
  /** @type {number | null} where it began, while it may still be a scroll */
  #x = null;

  get isOpen() {
    return this.#x !== null;
  }

  /** @param {PointerEvent} event */
  begin({ pointerType, clientX }) {
    this.#x = pointerType === "touch" ? clientX : null;
  }

  /**
   * @param {PointerEvent} event
   * @returns {boolean} whether the touch counts from this event on
   */
  settles({ type, clientX }) {
    if (this.#x === null) return false;
    if (type === "pointermove" && Math.abs(clientX - this.#x) <= SLACK_PX) return false;
    this.#x = null;
    return type !== "pointercancel";
  }
}
