// Drawing an outline on the map, corner by corner. mapcore.draw(map, words) shows its buttons, mapcore.draw(map, null)
// takes them away; what is finished goes to Python as {id: "drawn...", ring: [[lon, lat], ...]}.
(function () {
  "use strict";

  var MOST = 100;
  var state = { map: null, bar: null, words: null, corners: [], drawn: null, shape: null, marks: null, on: false };

  // Edges are straight in longitude and latitude, which the map's projection bends a little: in steps they run as the
  // zone will.
  function stepped(from, to) {
    var steps = [];
    for (var step = 0; step < 16; step += 1) {
      steps.push([from.lat + (to.lat - from.lat) * step / 16, from.lng + (to.lng - from.lng) * step / 16]);
    }
    return steps;
  }

  function redraw() {
    var path = [];
    state.corners.forEach(function (corner, index) {
      path = path.concat(stepped(corner, state.corners[(index + 1) % state.corners.length]));
    });
    state.shape.setLatLngs(path);
    state.marks.clearLayers();
    state.corners.forEach(function (corner, index) {
      var mark = L.circleMarker(corner, {
        radius: index === 0 ? 7 : 5, className: "corner", bubblingMouseEvents: false, interactive: index === 0,
        pane: "drawing", renderer: state.drawn
      });
      if (index === 0) { mark.on("click", finish); }
      mark.addTo(state.marks);
    });
    state.bar.tell();
  }

  function add(event) {
    if (!state.on || state.corners.length >= MOST) { return; }
    var last = state.corners[state.corners.length - 1];
    if (last && state.map.latLngToContainerPoint(last).distanceTo(event.containerPoint) < 4) { return; }
    state.corners.push(event.latlng);
    redraw();
  }

  function back() {
    state.corners.pop();
    redraw();
  }

  function set(on) {
    state.on = on;
    state.corners = [];
    document.documentElement.dataset.drawing = on ? "on" : "off";
    state.map.doubleClickZoom[on ? "disable" : "enable"]();
    redraw();
  }

  function finish() {
    if (state.corners.length < 3) { return; }
    var ring = state.corners.map(function (corner) {
      return [Number(corner.lng.toFixed(4)), Number(corner.lat.toFixed(4))];
    });
    set(false);
    // streamlit-folium takes over what a drawing plugin reports under this name.
    state.map.fire("draw:created", { layerType: "polygon", layer: { toGeoJSON: function () {
      return { id: "drawn-" + Date.now(), ring: ring };
    } } });
  }

  function button(holder, className, act) {
    var made = L.DomUtil.create("button", className, holder);
    made.type = "button";
    L.DomEvent.on(made, "click", function (event) {
      L.DomEvent.stop(event);
      act();
    });
    return made;
  }

  var Bar = L.Control.extend({
    options: { position: "topright" },
    onAdd: function () {
      var holder = L.DomUtil.create("div", "draw-bar");
      L.DomEvent.disableClickPropagation(holder);
      L.DomEvent.disableScrollPropagation(holder);
      this.start = button(holder, "draw-start", function () { set(true); });
      this.told = L.DomUtil.create("span", "draw-told", holder);
      this.told.setAttribute("role", "status");
      this.back = button(holder, "draw-back", back);
      this.finish = button(holder, "draw-finish", finish);
      this.cancel = button(holder, "draw-cancel", function () { set(false); });
      return holder;
    },
    tell: function () {
      var words = state.words, count = state.corners.length;
      this.start.textContent = words.start;
      this.back.textContent = words.back;
      this.finish.textContent = words.finish;
      this.cancel.textContent = words.cancel;
      this.start.hidden = state.on;
      this.told.hidden = this.back.hidden = this.finish.hidden = this.cancel.hidden = !state.on;
      this.back.disabled = count === 0;
      this.finish.disabled = count < 3;
      this.told.textContent = !state.on ? "" : count < 3 ? words.how : words.corners.replace("{}", count);
    }
  });

  // What is drawn has a pane over everything on the map but tooltips: in one pane with the zones, whichever of them came
  // last would lie on top, and on a page opened fresh that is the zones.
  function begin(map) {
    state.map = map;
    map.createPane("drawing").style.zIndex = 620;
    state.drawn = L.svg({ pane: "drawing", padding: 0.4 });
    state.shape = L.polygon([], { className: "drawing", interactive: false, pane: "drawing", renderer: state.drawn });
    state.marks = L.layerGroup();
  }

  function end() {
    set(false);
    [state.shape, state.marks].forEach(function (layer) { state.map.removeLayer(layer); });
    state.map.removeControl(state.bar);
    state.map.off("click", add);
    state.bar = null;
  }

  function draw(map, words) {
    if (!words) {
      if (state.bar) { end(); }
      return;
    }
    state.words = words;
    if (!state.bar) {
      if (!state.map) { begin(map); }
      [state.shape, state.marks].forEach(function (layer) { layer.addTo(map); });
      state.bar = new Bar().addTo(map);
      map.on("click", add);
      set(false);
    }
    state.bar.tell();
  }

  window.mapcoreDraw = draw;
})();
