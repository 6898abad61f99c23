// @ts-check
// Drawing an outline on the map, corner by corner, and moving the corners of one that is a rule already.
// mapcoreDraw(map, options) shows its buttons, mapcoreDraw(map, null) takes them away; what is finished goes to Python as
// {id: "drawn...", ring: [[lon, lat], ...], rule: the index of the rule that it is of, or null}.
var mapcoreDraw = (() => {
  "use strict";

  /** @typedef {Record<"start"|"move"|"how"|"corners"|"area"|"crossed"|"corner"|"back"|"finish"|"cancel", string>} Words */
  /** @typedef {{ rule: number, ring: [number, number][] }} Rule */
  /**
   * @typedef {object} Options
   * @property {Words} words
   * @property {number} unit How many km² the reader's unit has.
   * @property {Rule | null} [rule] The outline that is a rule already.
   */
  /** @typedef {{ lat: number, lng: number }} Corner */

  const MOST = 100;
  const LEAST = 3;
  // Decimals of a degree that a corner put by hand has: some 10 m.
  const DIGITS = 4;
  /** @type {L.Map} */
  let map;
  /** @type {Options} */
  let options;
  /** @type {{ control: L.Control, tell: () => void } | null} */
  let bar = null;
  /** @type {ReturnType<typeof mapcoreOutline.make>} */
  let outline;
  /** @type {Corner[]} */
  let corners = [];
  /** What undo goes back to, the latest last. @type {Corner[][]} */
  let past = [];
  /** What is being drawn: nothing, a new outline, or the one of a rule. @type {"off" | "new" | Rule} */
  let mode = "off";

  function redraw() {
    outline.show(corners, typeof mode === "object");
    bar?.tell();
  }

  /**
   * @param {Corner} corner
   * @returns {Corner}
   */
  function rounded({ lat, lng }) {
    return { lat: Number(lat.toFixed(DIGITS)), lng: Number(lng.toFixed(DIGITS)) };
  }

  /** @param {Corner[]} next */
  function take(next) {
    past.push(corners);
    corners = next;
    redraw();
  }

  /** @param {L.LeafletMouseEvent} event */
  function add(event) {
    if (mode !== "new" || corners.length >= MOST) return;
    const last = corners.at(-1);
    if (last && map.latLngToContainerPoint(last).distanceTo(event.containerPoint) < 4) return;
    take([...corners, rounded(event.latlng)]);
  }

  /** @type {Corner[] | null} Where the corners were before one was taken hold of. */
  let held = null;

  /**
   * @param {number} index
   * @param {Corner} corner
   * @param {boolean} isDone
   */
  function moved(index, corner, isDone) {
    held ??= corners;
    corners = corners.map((one, place) => (place === index ? rounded(corner) : one));
    if (isDone) {
      past.push(held);
      held = null;
    }
    redraw();
  }

  /** @param {number} index */
  function removed(index) {
    if (mode === "new" || corners.length > LEAST) take(corners.filter((_, place) => place !== index));
  }

  /**
   * @param {number} index
   * @param {Corner} corner
   */
  function added(index, corner) {
    if (corners.length < MOST) take([...corners.slice(0, index), rounded(corner), ...corners.slice(index)]);
    else redraw();
  }

  /** @param {number} index */
  function chosen(index) {
    if (mode === "new" && index === 0) finish();
  }

  function back() {
    corners = past.pop() ?? corners;
    redraw();
  }

  /** @param {typeof mode} wanted */
  function set(wanted) {
    mode = wanted;
    [past, held] = [[], null];
    corners = typeof mode === "object" ? mode.ring.map(([lng, lat]) => ({ lat, lng })) : [];
    document.documentElement.dataset.drawing = mode === "off" ? "off" : "on";
    map.doubleClickZoom[mode === "off" ? "enable" : "disable"]();
    redraw();
  }

  function finish() {
    if (corners.length < LEAST) return;
    const ring = corners.map(({ lng, lat }) => [lng, lat]);
    const rule = typeof mode === "object" ? mode.rule : null;
    set("off");
    // streamlit-folium takes over what a drawing plugin reports under this name.
    const layer = { toGeoJSON: () => ({ id: `drawn-${Date.now()}`, ring, rule }) };
    map.fire("draw:created", { layerType: "polygon", layer });
  }

  // As `units.readable` in Python rounds what is shown.
  function area() {
    const found = mapcoreOutline.areaKm2(corners) / options.unit;
    const shown = found >= 1000 ? Math.round(found / 10) * 10 : Math.round(found);
    const text = new Intl.NumberFormat(document.documentElement.lang).format(shown);
    return options.words.area.replace("{}", text);
  }

  function progress() {
    const { words } = options;
    if (corners.length < LEAST) return words.how;
    const count = words.corners.replace("{}", String(corners.length));
    return `${count}. ${mapcoreOutline.isCrossed(corners) ? words.crossed : area()}`;
  }

  /**
   * @param {HTMLElement} holder
   * @param {string} className
   * @param {() => void} act
   */
  function button(holder, className, act) {
    const made = L.DomUtil.create("button", className, holder);
    made.type = "button";
    L.DomEvent.on(made, "click", (event) => {
      L.DomEvent.stop(event);
      act();
    });
    return made;
  }

  function makeBar() {
    const holder = L.DomUtil.create("div", "draw-bar");
    L.DomEvent.disableClickPropagation(holder);
    L.DomEvent.disableScrollPropagation(holder);
    const start = button(holder, "draw-start", () => set("new"));
    const move = button(holder, "draw-move", () => options.rule && set(options.rule));
    const told = L.DomUtil.create("span", "draw-told", holder);
    told.setAttribute("role", "status");
    const undo = button(holder, "draw-back", back);
    const done = button(holder, "draw-finish", finish);
    const cancel = button(holder, "draw-cancel", () => set("off"));

    function tell() {
      const { words } = options;
      const named = { start, move, back: undo, finish: done, cancel };
      for (const [key, one] of Object.entries(named)) one.textContent = words[/** @type {keyof Words} */ (key)];
      start.hidden = mode !== "off";
      move.hidden = mode !== "off" || !options.rule;
      for (const one of [told, undo, done, cancel]) one.hidden = mode === "off";
      undo.disabled = past.length === 0;
      done.disabled = corners.length < LEAST;
      const text = mode === "off" ? "" : progress();
      if (told.textContent !== text) told.textContent = text;
    }

    const control = new L.Control({ position: "topright" });
    control.onAdd = () => holder;
    return { control, tell };
  }

  /** @param {L.Map} drawnOn */
  function begin(drawnOn) {
    map = drawnOn;
    const name = (/** @type {number} */ number) => options.words.corner.replace("{}", String(number));
    outline = mapcoreOutline.make(map, { moved, added, removed, chosen, name });
  }

  function end() {
    if (!bar) return;
    set("off");
    outline.remove();
    bar.control.remove();
    map.off("click", add);
    bar = null;
  }

  /**
   * @param {L.Map} drawnOn
   * @param {Options | null} [wanted]
   */
  function draw(drawnOn, wanted) {
    if (!wanted) {
      end();
      return;
    }
    options = wanted;
    if (!bar) {
      if (!map) begin(drawnOn);
      outline.add();
      bar = makeBar();
      bar.control.addTo(map);
      map.on("click", add);
      set("off");
    }
    // Another rule than the one whose corners are being moved.
    if (typeof mode === "object" && JSON.stringify(mode) !== JSON.stringify(options.rule)) set("off");
    bar.tell();
  }

  return draw;
})();
