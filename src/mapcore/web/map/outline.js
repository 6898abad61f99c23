// @ts-check
// An outline on the map: its shape, how much it holds, and its corners, which a mouse, a finger or arrow keys move.
var mapcoreOutline = (() => {
  "use strict";

  /** @typedef {{ lat: number, lng: number }} Corner */
  /**
   * @typedef {object} Hearing What is told of what the viewer does to a corner.
   * @property {(index: number, corner: Corner, isDone: boolean) => void} moved
   * @property {(index: number, corner: Corner) => void} added One that now stands before this index.
   * @property {(index: number) => void} removed
   * @property {(index: number) => void} chosen
   * @property {(number: number) => string} name What a corner is called.
   */

  const STEPS = 16;
  // WGS 84: the longer half-axis of its ellipsoid, in km, and its eccentricity.
  const [AXIS_KM, ECCENTRICITY] = [6378.137, 0.0818191908426215];
  const NUDGE_PX = 10;
  /** @type {Record<string, [number, number]>} */
  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  /**
   * @param {Corner} from
   * @param {Corner} to
   * @param {number} part
   */
  function between(from, to, part) {
    return { lat: from.lat + (to.lat - from.lat) * part, lng: from.lng + (to.lng - from.lng) * part };
  }

  /**
   * @param {readonly Corner[]} outline
   * @returns {[Corner, Corner][]}
   */
  function edges(outline) {
    return outline.map((from, index) => [from, outline[(index + 1) % outline.length]]);
  }

  /**
   * Edges are straight in longitude and latitude, which the map's projection bends a little: in steps they run as the
   * zone will.
   *
   * @param {readonly Corner[]} outline
   * @returns {[number, number][]}
   */
  function stepped(outline) {
    return edges(outline).flatMap(([from, to]) =>
      Array.from({ length: STEPS }, (_, step) => {
        const { lat, lng } = between(from, to, step / STEPS);
        return /** @type {[number, number]} */ ([lat, lng]);
      }),
    );
  }

  /**
   * The area from the equator up to a parallel, for one radian of longitude, on the ellipsoid: Snyder, Map Projections
   * (1987), 3-12.
   *
   * @param {number} lat
   */
  function below(lat) {
    const part = ECCENTRICITY * Math.sin((lat * Math.PI) / 180);
    const sum = part / (1 - part ** 2) + Math.atanh(part);
    return (((AXIS_KM ** 2 * (1 - ECCENTRICITY ** 2)) / 2) * sum) / ECCENTRICITY;
  }

  /**
   * What an outline holds on the ellipsoid, as the server measures it; edges as in `stepped`, each by Simpson's rule.
   *
   * @param {readonly Corner[]} outline
   */
  function areaKm2(outline) {
    const parts = edges(outline).map(([from, to]) => {
      const weighed = Array.from({ length: STEPS + 1 }, (_, step) => {
        const isEnd = step === 0 || step === STEPS;
        return below(between(from, to, step / STEPS).lat) * (isEnd ? 1 : step % 2 ? 4 : 2);
      });
      const mean = weighed.reduce((sum, one) => sum + one, 0) / (3 * STEPS);
      return (mean * (to.lng - from.lng) * Math.PI) / 180;
    });
    return Math.abs(parts.reduce((sum, one) => sum + one, 0));
  }

  /**
   * On which side of a line from one corner to another a third lies: positive, negative, or 0 for on it.
   *
   * @param {Corner} from
   * @param {Corner} to
   * @param {Corner} corner
   */
  function side(from, to, corner) {
    return Math.sign((to.lng - from.lng) * (corner.lat - from.lat) - (to.lat - from.lat) * (corner.lng - from.lng));
  }

  /**
   * Whether two edges of an outline that do not follow each other cross.
   *
   * @param {readonly Corner[]} outline
   */
  function isCrossed(outline) {
    const all = edges(outline);
    return all.some(([a, b], one) =>
      all.some(([c, d], other) => {
        if (other < one + 2 || (one === 0 && other === all.length - 1)) return false;
        return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
      }),
    );
  }

  /**
   * What is drawn has panes over everything on the map but tooltips: in one pane with the zones, whichever of them came
   * last would lie on top, and on a page opened fresh that is the zones.
   *
   * @param {L.Map} map
   * @param {Hearing} hearing
   */
  function make(map, hearing) {
    for (const [pane, order] of Object.entries({ drawing: "620", corners: "625" }))
      map.createPane(pane).style.zIndex = order;
    const renderer = L.svg({ pane: "drawing", padding: 0.4 });
    const shape = L.polygon([], { className: "drawing", interactive: false, pane: "drawing", renderer });
    const handles = L.layerGroup();
    /** @type {L.Marker[]} */
    let corners = [];
    /** @type {L.Marker[]} */
    let middles = [];

    /**
     * @param {Corner} place
     * @param {string} className
     */
    function handle(place, className) {
      const icon = L.divIcon({ className, iconSize: [32, 32] });
      const made = L.marker(place, { icon, draggable: true, pane: "corners", bubblingMouseEvents: false });
      return made.addTo(handles);
    }

    /**
     * @param {L.Marker} marker
     * @param {number} index
     * @param {KeyboardEvent} event
     */
    function press(marker, index, event) {
      const way = WAYS[event.key];
      if (way) {
        const step = event.shiftKey ? 1 : NUDGE_PX;
        const to = map.latLngToContainerPoint(marker.getLatLng()).add([way[0] * step, way[1] * step]);
        hearing.moved(index, map.containerPointToLatLng(to), true);
      } else if (event.key === "Delete" || event.key === "Backspace") hearing.removed(index);
      else return;
      L.DomEvent.stop(event);
    }

    /**
     * @param {Corner} place
     * @param {number} index
     */
    function corner(place, index) {
      const made = handle(place, index === 0 ? "corner first" : "corner");
      made.on("drag", () => hearing.moved(index, made.getLatLng(), false));
      made.on("dragend", () => hearing.moved(index, made.getLatLng(), true));
      made.on("click", () => hearing.chosen(index));
      const element = /** @type {HTMLElement} */ (made.getElement());
      element.setAttribute("aria-label", hearing.name(index + 1));
      element.addEventListener("keydown", (event) => press(made, index, event));
      return made;
    }

    /**
     * @param {Corner} place
     * @param {number} index Of the corner before.
     */
    function middle(place, index) {
      const made = handle(place, "middle");
      made.on("drag", () => {
        const now = corners.map((one) => one.getLatLng());
        shape.setLatLngs(stepped([...now.slice(0, index + 1), made.getLatLng(), ...now.slice(index + 1)]));
      });
      made.on("dragend", () => hearing.added(index + 1, made.getLatLng()));
      made.on("click", () => hearing.added(index + 1, made.getLatLng()));
      const element = /** @type {HTMLElement} */ (made.getElement());
      element.removeAttribute("tabindex");
      element.setAttribute("aria-hidden", "true");
      return made;
    }

    /**
     * Corners that are as many as before stay, with the focus or the finger on them.
     *
     * @param {readonly Corner[]} outline
     * @param {boolean} isClosed Whether corners can be put between others.
     */
    function show(outline, isClosed) {
      shape.setLatLngs(stepped(outline));
      const halves = isClosed ? edges(outline).map(([from, to]) => between(from, to, 0.5)) : [];
      if (corners.length === outline.length && middles.length === halves.length) {
        corners.forEach((one, index) => one.setLatLng(outline[index]));
        middles.forEach((one, index) => one.setLatLng(halves[index]));
        return;
      }
      const held = corners.findIndex((one) => one.getElement() === document.activeElement);
      handles.clearLayers();
      corners = outline.map(corner);
      middles = halves.map(middle);
      if (held >= 0) corners[Math.min(held, corners.length - 1)]?.getElement()?.focus({ preventScroll: true });
    }

    return {
      show,
      add: () => [shape, handles].forEach((layer) => layer.addTo(map)),
      remove: () => [shape, handles].forEach((layer) => layer.remove()),
    };
  }

  return { make, stepped, areaKm2, isCrossed };
})();
