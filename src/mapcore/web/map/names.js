// @ts-check
// Names that come once the zones are drawn: of rivers, and from zoom 8 of towns and villages. What is written first keeps
// its room: cities, then rivers, then the larger places.
var mapcoreNames = (() => {
  "use strict";

  const GAP = 2;
  // Sides of a grid by which boxes are found that might overlap.
  const CELL = 64;
  /** @type {CanvasRenderingContext2D} */
  let pen;
  /** @type {Map<string, number>} */
  const widths = new Map();
  /** @type {L.Map} */
  let map;
  let isAwaited = false;

  // The boxes on the screen that are taken.
  class Room {
    /** @type {Map<string, Box[]>} */
    #cells = new Map();

    /**
     * @param {Box} box
     * @returns {Box[][]}
     */
    #at(box) {
      const found = [];
      for (let x = Math.floor((box.left - GAP) / CELL); x <= Math.floor((box.right + GAP) / CELL); x += 1) {
        for (let y = Math.floor((box.top - GAP) / CELL); y <= Math.floor((box.bottom + GAP) / CELL); y += 1) {
          const key = `${x} ${y}`;
          if (!this.#cells.has(key)) this.#cells.set(key, []);
          found.push(/** @type {Box[]} */ (this.#cells.get(key)));
        }
      }
      return found;
    }

    /** @param {Box} box */
    take(box) {
      for (const cell of this.#at(box)) cell.push(box);
    }

    /** @param {Box} box */
    isFree(box) {
      return this.#at(box).every((cell) =>
        cell.every(
          (other) =>
            box.right + GAP <= other.left ||
            other.right + GAP <= box.left ||
            box.bottom + GAP <= other.top ||
            other.bottom + GAP <= box.top,
        ),
      );
    }
  }

  /**
   * How wide a name is, measured once.
   *
   * @param {string} text
   * @param {string} font
   */
  function width(text, font) {
    const key = font + text;
    if (!widths.has(key)) {
      pen.font = font;
      widths.set(key, Math.ceil(pen.measureText(text).width) + 2);
    }
    return /** @type {number} */ (widths.get(key));
  }

  // What stands on the map already, in pixels of its frame.
  function standing() {
    const room = new Room();
    const frame = map.getContainer().getBoundingClientRect();
    /** @param {DOMRect} box */
    const take = (box) => {
      if (!box.width && !box.height) return;
      const [left, top] = [box.left - frame.left, box.top - frame.top];
      room.take({ left, top, right: left + box.width, bottom: top + box.height });
    };
    for (const name of map.getContainer().querySelectorAll(".place:not(.town) span, .found-pin span")) {
      take(name.getBoundingClientRect());
      const dot = /** @type {Element} */ (name.parentNode).getBoundingClientRect();
      if (name.getClientRects().length) take(new DOMRect(dot.left - 3, dot.top - 3, 6, 6));
    }
    for (const other of map.getContainer().querySelectorAll("path.mark, .leaflet-control")) {
      take(other.getBoundingClientRect());
    }
    return room;
  }

  function write() {
    isAwaited = false;
    mapcoreFront.look();
    const room = standing();
    mapcoreRivers.write(room);
    mapcoreTowns.write(room);
  }

  // Once a frame, however many parts of the map ask for it.
  function renew() {
    if (isAwaited || !map) return;
    isAwaited = true;
    requestAnimationFrame(write);
  }

  /** @param {L.Map} drawnOn */
  function start(drawnOn) {
    if (map) return;
    map = drawnOn;
    pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
    map.on("moveend", renew);
    // Names take another room once their typeface is there.
    document.fonts.addEventListener("loadingdone", () => {
      widths.clear();
      renew();
    });
    renew();
  }

  return { Room, start, renew, width };
})();
