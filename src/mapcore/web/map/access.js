// @ts-check
// The map without a mouse, and without motion for those who asked for none. The pieces of land are one stop of the Tab
// key; arrow keys lead to the nearest piece that way, Enter chooses it, Escape takes its words away.
var mapcoreAccess = (() => {
  "use strict";

  /** @typedef {{ path: HTMLElement, layer: L.Polygon }} Piece */
  /** @typedef {{ x: number, y: number }} Point */

  /** @type {Record<string, Point>} */
  const WAYS = {
    ArrowLeft: { x: -1, y: 0 },
    ArrowRight: { x: 1, y: 0 },
    ArrowUp: { x: 0, y: -1 },
    ArrowDown: { x: 0, y: 1 },
  };
  /** @type {L.Map} */
  let map;
  /** @type {string} */
  let said;
  /** @type {Piece[]} */
  let land = [];
  /** @type {L.Layer | null} */
  let ring = null;
  /** @type {HTMLElement | null} */
  let held = null;

  // Whatever moves the map passes through these two.
  function keepStill() {
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
    const { panBy, setView } = L.Map.prototype;
    const setMotion = () => (map.options.inertia = map.options.zoomAnimation = !calm.matches);
    map.panBy = (by, options) => panBy.call(map, by, calm.matches ? { animate: false } : options);
    map.setView = (centre, zoom, options) =>
      setView.call(map, centre, zoom, calm.matches ? { animate: false } : options);
    calm.addEventListener("change", setMotion);
    setMotion();
  }

  /**
   * A frame and the map in it bear what they are for a reader who does not see them.
   *
   * @param {string} [title] What is shown.
   */
  function name(title) {
    const holder = map.getContainer();
    const words = title ? `${title}. ${said}` : said;
    if (holder.getAttribute("role") === "region") return;
    holder.setAttribute("role", "group");
    holder.setAttribute("aria-label", words);
    try {
      window.frameElement?.setAttribute("aria-label", words);
    } catch {
      return;
    }
  }

  /**
   * Tooltips are escaped markup with line breaks.
   *
   * @param {string} markup
   */
  function plain(markup) {
    const inert = document.createElement("template");
    inert.innerHTML = markup.replace(/<br>/g, ". ");
    return String(inert.content.textContent);
  }

  /** @param {EventTarget | null} path */
  function at(path) {
    return land.find((piece) => piece.path === path);
  }

  /** @param {Piece} piece */
  function centre(piece) {
    return map.latLngToContainerPoint(piece.layer.getCenter());
  }

  /** @param {Piece} piece */
  function stopAt(piece) {
    for (const one of land) one.path.setAttribute("tabindex", one === piece ? "0" : "-1");
  }

  // Python decides which piece is chosen; at first the Tab key stops there, or at one that the text changes.
  function first() {
    const has = (/** @type {string} */ wanted) => land.find((piece) => piece.path.matches(wanted));
    return has(".chosen") || has(':not(.zone-retained):not([class*="zone-alike"])') || land[0];
  }

  /** @param {L.LayerGroup} zones */
  function pieces(zones) {
    const before = held;
    land = [];
    zones.eachLayer((found) => {
      const layer = /** @type {L.Polygon} */ (found);
      const [path, tip] = [/** @type {HTMLElement | undefined} */ (layer.getElement()), layer.getTooltip()];
      if (!path || !tip) return;
      path.setAttribute("role", "button");
      path.setAttribute("aria-label", plain(String(tip.getContent())));
      path.setAttribute("aria-pressed", String(path.classList.contains("chosen")));
      land.push({ path, layer });
    });
    const stop = at(before) || first();
    if (stop) stopAt(stop);
    // A piece that was brought to the front has lost the focus by it.
    if (before && stop?.path === before && document.hasFocus() && document.activeElement === document.body) {
      before.focus({ preventScroll: true });
    }
  }

  /**
   * Of the points that lie that way, the index of the nearest, or -1; aside counts twice.
   *
   * @param {Point} here
   * @param {Point[]} points
   * @param {Point} way One step of length 1, along an axis.
   */
  function nearest(here, points, way) {
    const far = points.map(({ x, y }) => {
      const [dx, dy] = [x - here.x, y - here.y];
      const along = dx * way.x + dy * way.y;
      return along > 1 ? along + 2 * (Math.abs(dx * way.y) + Math.abs(dy * way.x)) : Infinity;
    });
    const least = Math.min(...far);
    return least < Infinity ? far.indexOf(least) : -1;
  }

  /** @param {Piece | undefined} piece */
  function go(piece) {
    if (!piece) return;
    stopAt(piece);
    const middle = piece.layer.getCenter();
    if (!map.getBounds().contains(middle)) map.panTo(middle);
    piece.path.focus({ preventScroll: true });
  }

  /**
   * A click of the pointer, so that whatever listens to clicks hears it.
   *
   * @param {Piece} piece
   */
  function click(piece) {
    const frame = map.getContainer().getBoundingClientRect();
    const { x, y } = centre(piece);
    const place = { clientX: frame.left + x, clientY: frame.top + y };
    piece.path.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, view: window, ...place }));
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    if (event.key === "Escape") {
      map.eachLayer((layer) => layer.getTooltip?.() && layer.closeTooltip());
      return;
    }
    const piece = at(event.target);
    if (!piece || event.altKey || event.ctrlKey || event.metaKey) return;
    const way = WAYS[event.key];
    if (way) go(land[nearest(centre(piece), land.map(centre), way)]);
    else if (event.key === "Enter" || event.key === " ") click(piece);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * The ring lies over all pieces, or the neighbours would hide half of it.
   *
   * @param {FocusEvent} event
   */
  function showRing({ target }) {
    const piece = at(target);
    held = piece ? piece.path : null;
    if (!piece?.path.matches(":focus-visible")) return;
    hideRing();
    const rings = ["focus-casing", "focus-ring"].map((className) => {
      const style = () => ({ className, fill: false });
      return L.geoJSON(piece.layer.toGeoJSON(), { pane: "overlay", interactive: false, style });
    });
    ring = L.layerGroup(rings).addTo(map);
  }

  function hideRing() {
    ring?.remove();
    ring = null;
  }

  /**
   * @param {L.Map} started
   * @param {{ map: string }} words
   */
  function start(started, words) {
    map = started;
    said = words.map;
    keepStill();
    const box = map.getContainer();
    box.addEventListener("keydown", press, true);
    box.addEventListener("focusin", showRing);
    box.addEventListener("focusout", hideRing);
  }

  return { start, name, pieces, nearest };
})();
