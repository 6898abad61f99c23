// @ts-check
// Names of places. A name that would cover another, or another's dot, or leave the frame stands on another side of its
// own dot; names of smaller places make way first.
var mapcoreLabels = (() => {
  "use strict";

  /** @typedef {{ left: number, right: number, top: number, bottom: number }} LabelBox */
  /**
   * @typedef {object} Name
   * @property {number} rank 1 for the largest places.
   * @property {number} x Where its dot is, in pixels from the left edge of the window.
   * @property {LabelBox} dot
   * @property {Record<string, LabelBox>} boxes What it covers on each side of its dot.
   * @property {Record<string, number>} [front] How much of the line of contact it covers there.
   */

  // The sides of its dot on which a name may stand, the best first; the style says where that is.
  const SIDES = ["east", "west", "above", "below"];
  /** @type {L.Map} */
  let map;
  /** @type {Set<string>} Names that stand beside a mark. */
  let written = new Set();
  /** @type {{ look: () => void, covered: (box: LabelBox) => number, arranged: () => void } | null} */
  let live = null;
  /** The name of the settlement that was searched for, which stands on a plate of its own. */
  let searched = "";

  /**
   * @param {LabelBox} one
   * @param {LabelBox} other
   */
  function shared(one, other) {
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    return across > 2 && down > 3 ? across * down : 0;
  }

  /**
   * The side on which each name stands, in the order of the names.
   *
   * @param {Name[]} names
   * @param {{ left: number, right: number }} frame
   */
  function sides(names, frame) {
    const placed = names.map((name) => ({ name, side: SIDES[0] }));

    /**
     * @param {Name} name
     * @param {string} side
     */
    function covered(name, side) {
      const box = name.boxes[side];
      const inside = name.x > frame.left && name.x < frame.right;
      let area = inside && (box.left < frame.left || box.right > frame.right) ? 1e4 : 0;
      for (const other of placed) {
        if (other.name !== name) area += shared(box, other.name.boxes[other.side]) + shared(box, other.name.dot);
      }
      return area;
    }

    const smallFirst = [...placed].sort((one, other) => other.name.rank - one.name.rank);
    for (const one of [...smallFirst, ...smallFirst]) {
      const areas = SIDES.map((side) => covered(one.name, side));
      one.side = SIDES[areas.indexOf(Math.min(...areas))];
    }
    // Off the front where that costs no more.
    for (const one of placed) {
      const front = one.name.front;
      if (!front?.[one.side]) continue;
      const area = covered(one.name, one.side);
      const free = SIDES.filter((side) => covered(one.name, side) <= area);
      one.side = free.reduce((best, side) => (front[side] < front[best] ? side : best), one.side);
    }
    return placed.map((one) => one.side);
  }

  /** @param {HTMLElement} label */
  function holder(label) {
    return /** @type {HTMLElement} */ (label.parentNode);
  }

  /** @param {Element} [within] The map; the live one when left out. */
  function arrange(within = map.getContainer()) {
    /** @type {HTMLElement[]} */
    const labels = [...within.querySelectorAll(".place:not(.laid-name):not(.town) span")]
      .map((label) => /** @type {HTMLElement} */ (label))
      .filter((label) => label.getClientRects().length);
    // The style may come after the map.
    if (labels.some((label) => getComputedStyle(label).position !== "absolute")) {
      setTimeout(() => arrange(within), 100);
      return;
    }
    /** @type {Name[]} */
    const names = labels.map((label) => {
      const dot = holder(label).getBoundingClientRect();
      const rank = Number(/rank-(\d)/.exec(holder(label).className)?.[1]);
      return { rank, x: dot.left, dot: new DOMRect(dot.left - 3, dot.top - 3, 6, 6), boxes: {}, front: {} };
    });
    const frame = within.getBoundingClientRect();
    live?.look();
    for (const side of SIDES) {
      for (const label of labels) label.dataset.side = side;
      labels.forEach((label, index) => {
        const box = label.getBoundingClientRect();
        names[index].boxes[side] = box;
        if (live) {
          const shifted = new DOMRect(box.x - frame.x, box.y - frame.y, box.width, box.height);
          /** @type {Record<string, number>} */ (names[index].front)[side] = live.covered(shifted);
        }
      });
    }
    const found = sides(names, frame);
    labels.forEach((label, index) => (label.dataset.side = found[index]));
    live?.arranged();
  }

  /**
   * @param {string} text
   * @param {string} kind Its classes.
   * @param {L.LatLngExpression} place
   * @param {(label: HTMLElement) => void} [dress]
   */
  function label(text, kind, place, dress) {
    const written = document.createElement("span");
    written.textContent = text;
    dress?.(written);
    const icon = L.divIcon({ className: kind, html: written, iconSize: undefined });
    return L.marker(place, { icon, interactive: false, keyboard: false, pane: "labels" });
  }

  /**
   * A name beside a mark.
   *
   * @param {string} text
   * @param {string} kind
   * @param {L.LatLngExpression} place
   * @param {number} [offset] Pixels between them.
   */
  function beside(text, kind, place, offset) {
    return label(text, kind, place, (name) => offset && name.style.setProperty("--off", `${offset}px`));
  }

  /** @typedef {{ name: string, lat: number, lon: number, rank: number, capital: boolean }} City */
  /** @param {City[]} cities */
  function add(cities) {
    for (const { name, lat, lon, rank, capital } of cities) {
      const kind = `place rank-${rank}${capital ? " capital" : ""}`;
      label(name, kind, [lat, lon], (written) => (written.dataset.place = name)).addTo(map);
    }
    hideWritten();
  }

  function hideWritten() {
    for (const found of document.querySelectorAll("[data-place]")) {
      const name = /** @type {HTMLElement} */ (found);
      holder(name).classList.toggle("written", written.has(String(name.dataset.place)));
    }
    for (const found of document.querySelectorAll(".place:not(.laid-name) span")) {
      const name = /** @type {HTMLElement} */ (found);
      holder(name).classList.toggle("searched", Boolean(searched) && name.textContent === searched);
    }
    arrange();
  }

  /**
   * A name that stands beside its mark does not stand there a second time.
   *
   * @param {Set<string>} names
   */
  function hide(names) {
    written = names;
    hideWritten();
  }

  /** @param {string} name Nothing gives back the one before. */
  function search(name) {
    searched = name;
    hideWritten();
  }

  // How many of the names there is room for.
  function fitZoom() {
    const zoom = map.getZoom();
    document.documentElement.dataset.zoom = zoom < 5 ? "farthest" : zoom < 5.75 ? "far" : "near";
    arrange();
  }

  /**
   * @param {L.Map} drawnOn
   * @param {{ look: () => void, covered: (box: LabelBox) => number, arranged: () => void }} around Looks where the front
   *   is, says how much of it a box covers, and is told once names stand.
   */
  function start(drawnOn, around) {
    [map, live] = [drawnOn, around];
    map.on("zoomend", fitZoom);
    // Names take another room once their typeface is there.
    document.fonts.addEventListener("loadingdone", () => arrange());
    fitZoom();
  }

  return { start, add, arrange, beside, hide, search, sides };
})();
