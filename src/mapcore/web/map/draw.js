// @ts-check
// Drawing an outline on the map, corner by corner. mapcoreDraw(map, words) shows its buttons, mapcoreDraw(map, null)
// takes them away; what is finished goes to Python as {id: "drawn...", ring: [[lon, lat], ...]}.
var mapcoreDraw = (() => {
  "use strict";

  /** @typedef {Record<"start" | "how" | "corners" | "back" | "finish" | "cancel", string>} Words */

  const MOST = 100;
  const LEAST = 3;
  const STEPS = 16;
  /** @type {L.Map} */
  let map;
  /** @type {Words} */
  let words;
  /** @type {{ control: L.Control, tell: () => void } | null} */
  let bar = null;
  /** @type {L.LatLng[]} */
  let corners = [];
  /** @type {L.Renderer} */
  let renderer;
  /** @type {L.Polygon} */
  let shape;
  /** @type {L.LayerGroup} */
  let marks;
  let isOn = false;

  /**
   * Edges are straight in longitude and latitude, which the map's projection bends a little: in steps they run as the
   * zone will.
   *
   * @param {{ lat: number, lng: number }[]} outline
   * @returns {[number, number][]}
   */
  function stepped(outline) {
    return outline.flatMap((from, index) => {
      const to = outline[(index + 1) % outline.length];
      return Array.from({ length: STEPS }, (_, step) => {
        const part = step / STEPS;
        return /** @type {[number, number]} */ ([
          from.lat + (to.lat - from.lat) * part,
          from.lng + (to.lng - from.lng) * part,
        ]);
      });
    });
  }

  function redraw() {
    shape.setLatLngs(stepped(corners));
    marks.clearLayers();
    corners.forEach((corner, index) => {
      const isFirst = index === 0;
      const mark = L.circleMarker(corner, {
        radius: isFirst ? 7 : 5,
        className: "corner",
        bubblingMouseEvents: false,
        interactive: isFirst,
        pane: "drawing",
        renderer,
      });
      if (isFirst) mark.on("click", finish);
      mark.addTo(marks);
    });
    bar?.tell();
  }

  /** @param {L.LeafletMouseEvent} event */
  function add(event) {
    if (!isOn || corners.length >= MOST) return;
    const last = corners.at(-1);
    if (last && map.latLngToContainerPoint(last).distanceTo(event.containerPoint) < 4) return;
    corners.push(event.latlng);
    redraw();
  }

  function back() {
    corners.pop();
    redraw();
  }

  /** @param {boolean} on */
  function set(on) {
    isOn = on;
    corners = [];
    document.documentElement.dataset.drawing = on ? "on" : "off";
    map.doubleClickZoom[on ? "disable" : "enable"]();
    redraw();
  }

  function finish() {
    if (corners.length < LEAST) return;
    const ring = corners.map(({ lng, lat }) => [Number(lng.toFixed(4)), Number(lat.toFixed(4))]);
    set(false);
    // streamlit-folium takes over what a drawing plugin reports under this name.
    const layer = { toGeoJSON: () => ({ id: `drawn-${Date.now()}`, ring }) };
    map.fire("draw:created", { layerType: "polygon", layer });
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
    const start = button(holder, "draw-start", () => set(true));
    const told = L.DomUtil.create("span", "draw-told", holder);
    told.setAttribute("role", "status");
    const undo = button(holder, "draw-back", back);
    const done = button(holder, "draw-finish", finish);
    const cancel = button(holder, "draw-cancel", () => set(false));

    function tell() {
      const count = corners.length;
      start.textContent = words.start;
      undo.textContent = words.back;
      done.textContent = words.finish;
      cancel.textContent = words.cancel;
      start.hidden = isOn;
      for (const one of [told, undo, done, cancel]) one.hidden = !isOn;
      undo.disabled = count === 0;
      done.disabled = count < LEAST;
      const progress = count < LEAST ? words.how : words.corners.replace("{}", String(count));
      told.textContent = isOn ? progress : "";
    }

    const control = new L.Control({ position: "topright" });
    control.onAdd = () => holder;
    return { control, tell };
  }

  /**
   * What is drawn has a pane over everything on the map but tooltips: in one pane with the zones, whichever of them came
   * last would lie on top, and on a page opened fresh that is the zones.
   *
   * @param {L.Map} drawnOn
   */
  function begin(drawnOn) {
    map = drawnOn;
    map.createPane("drawing").style.zIndex = "620";
    renderer = L.svg({ pane: "drawing", padding: 0.4 });
    shape = L.polygon([], { className: "drawing", interactive: false, pane: "drawing", renderer });
    marks = L.layerGroup();
  }

  function end() {
    if (!bar) return;
    set(false);
    for (const layer of [shape, marks]) layer.remove();
    bar.control.remove();
    map.off("click", add);
    bar = null;
  }

  /**
   * @param {L.Map} drawnOn
   * @param {Words | null} [wanted]
   */
  function draw(drawnOn, wanted) {
    if (!wanted) {
      end();
      return;
    }
    words = wanted;
    if (!bar) {
      if (!map) begin(drawnOn);
      for (const layer of [shape, marks]) layer.addTo(map);
      bar = makeBar();
      bar.control.addTo(map);
      map.on("click", add);
      set(false);
    }
    bar.tell();
  }

  return Object.assign(draw, { stepped });
})();
