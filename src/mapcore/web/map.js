// The map's own script: a base that never changes, and the zones of one proposal that are exchanged on it.
// Python calls mapcore.start once and mapcore.show at each choice; geometry is fetched by address.
(function () {
  "use strict";

  var EDGE = [[41.6, 14.1], [55.9, 46.9]];
  var UKRAINE = [[44.2, 22.0], [52.45, 40.3]];
  var state = { map: null, home: null, zones: null, shapes: null, wanted: null, tiles: null, version: "",
    touched: false, loaded: {} };

  function sameOriginParent() {
    try {
      return window.parent !== window && window.parent.location.search !== undefined ? window.parent : null;
    } catch (refused) {
      return null;
    }
  }

  // The place on the map and the data version stand in the page's own address, so that a link carries them;
  // no round trip to the server, and no entry in the history for each pan.
  function writePlace() {
    var page = sameOriginParent();
    if (!page || !state.map || !state.home) { return; }
    var address = new URL(page.location.href);
    var before = address.search;
    var centre = state.map.getCenter(), zoom = state.map.getZoom();
    var atHome = Math.abs(zoom - state.home.zoom) < 0.01 &&
      state.map.latLngToContainerPoint(state.home.centre).distanceTo(state.map.latLngToContainerPoint(centre)) < 2;
    var place = { lat: centre.lat.toFixed(3), lon: centre.lng.toFixed(3), zoom: String(Math.round(zoom * 100) / 100) };
    Object.keys(place).forEach(function (key) {
      if (atHome) { address.searchParams.delete(key); } else { address.searchParams.set(key, place[key]); }
    });
    if (state.version && !address.searchParams.get("v")) { address.searchParams.set("v", state.version); }
    if (address.search !== before) { page.history.replaceState(page.history.state, "", address); }
  }

  function goHome() {
    state.map.fitBounds(UKRAINE, { animate: false });
    state.home = { centre: state.map.getCenter(), zoom: state.map.getZoom() };
    state.touched = false;
  }

  function addStyles(statuses) {
    var rules = "", patterns = "";
    statuses.forEach(function (status) {
      var fill = status.hatch ? "url(#hatch-" + status.id + ")" : status.colour;
      rules += "path.zone-" + status.id + "{fill:" + fill + "}";
      if (status.hatch) {
        patterns += '<pattern id="hatch-' + status.id + '" width="7" height="7" patternUnits="userSpaceOnUse"' +
          ' patternTransform="rotate(45)"><rect width="7" height="7" class="hatch-' + status.id + '" opacity="0.28"/>' +
          '<rect width="3" height="7" class="hatch-' + status.id + '"/></pattern>';
        rules += ".hatch-" + status.id + "{fill:" + status.colour + "}";
        rules += "[data-theme=dark] .hatch-" + status.id + "{fill:" + status.colour_dark + "}";
      } else {
        rules += "[data-theme=dark] path.zone-" + status.id + "{fill:" + status.colour_dark + "}";
      }
    });
    var style = document.createElement("style");
    style.textContent = rules;
    document.head.appendChild(style);
    var holder = document.createElement("div");
    holder.innerHTML = '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>' + patterns +
      "</defs></svg>";
    document.body.appendChild(holder.firstChild);
  }

  function addPane(name, order, still) {
    var pane = state.map.createPane(name);
    pane.style.zIndex = order;
    if (still) { pane.style.pointerEvents = "none"; }
    return L.svg({ pane: name, padding: 0.4 });
  }

  function addLabels(places) {
    places.forEach(function (place) {
      var label = document.createElement("span");
      label.textContent = place.name;
      var icon = L.divIcon({ className: "place rank-" + place.rank + (place.capital ? " capital" : ""), html: label, iconSize: null });
      L.marker([place.lat, place.lon], { icon: icon, interactive: false, keyboard: false, pane: "labels" })
        .addTo(state.map);
    });
  }

  function start(map, options) {
    state.map = map;
    // Leaflet focuses the map at each press; the page must not scroll then, or the release hits another zone.
    map.getContainer().focus = function () {
      HTMLElement.prototype.focus.call(map.getContainer(), { preventScroll: true });
    };
    map.attributionControl.setPrefix('<a href="https://leafletjs.com" target="_blank" rel="noopener">Leaflet</a>');
    addStyles(options.statuses);
    var below = addPane("base", 200, true);
    var above = addPane("border", 450, true);
    addPane("labels", 460, true);
    state.renderer = L.svg({ padding: 0.4 });
    L.control.scale({ imperial: true, position: "bottomleft" }).addTo(map);
    fetch(options.url).then(function (reply) { return reply.json(); }).then(function (base) {
      [["context", below, "base"], ["outlines", below, "base"], ["border", above, "border"]].forEach(function (layer) {
        L.geoJSON(base[layer[0]], {
          pane: layer[2], renderer: layer[1], interactive: false,
          style: function () { return { className: "base-" + layer[0], fill: layer[0] !== "border" }; }
        }).addTo(map);
      });
      addLabels(base.places);
    });
    map.setMaxBounds(EDGE);
    goHome();
    map.on("resize", function () { if (!state.touched) { goHome(); } });
    map.on("dragend zoomend", function () { state.touched = true; });
    map.on("moveend", writePlace);
    map.on("zoomend", markZoom);
    markZoom();
    setInterval(writePlace, 700);
  }

  // How many of the city labels there is room for.
  function markZoom() {
    var zoom = state.map.getZoom();
    document.documentElement.dataset.zoom = zoom < 5 ? "farthest" : zoom < 5.75 ? "far" : "near";
  }

  function mark() {
    if (!state.zones) { return; }
    state.zones.eachLayer(function (layer) {
      var path = layer.getElement && layer.getElement();
      if (!path) { return; }
      var chosen = Boolean(state.zone) && layer.feature.id.indexOf(state.zone) === 0;
      path.classList.toggle("chosen", chosen);
      if (chosen) { layer.bringToFront(); }
    });
  }

  function choose(event) {
    var shared = window.__GLOBAL_DATA__;
    if (shared) { shared.last_active_drawing = { id: event.target.feature.id.split("#")[0] }; }
  }

  function drawn(collection) {
    return L.geoJSON(collection, {
      renderer: state.renderer,
      style: function (feature) { return { className: feature.id === "line" ? "contact-line" : "zone" }; },
      onEachFeature: function (feature, layer) {
        if (feature.id === "line") { layer.options.interactive = false; return; }
        layer.bindTooltip("", { sticky: true, className: "zone-tip" });
        layer.on("click", choose);
      }
    });
  }

  // Status and tooltip of each zone; what is on the map already keeps its shapes.
  function paint(words) {
    state.zones.eachLayer(function (layer) {
      var word = words[layer.feature.id];
      if (!word) { return; }
      layer.getElement().setAttribute("class", "zone zone-" + word.status + " leaflet-interactive");
      layer.setTooltipContent(word.tip);
    });
  }

  function load(url) {
    if (!state.loaded[url]) {
      state.loaded[url] = fetch(url).then(function (reply) {
        if (!reply.ok) { delete state.loaded[url]; throw new Error(url + ": " + reply.status); }
        return reply.json();
      });
    }
    return state.loaded[url];
  }

  function useTiles(tiles) {
    var wanted = tiles ? tiles.url : null;
    document.documentElement.dataset.tiles = wanted ? "on" : "off";
    if (state.tiles && state.tiles._url !== wanted) { state.map.removeLayer(state.tiles); state.tiles = null; }
    if (wanted && !state.tiles) {
      state.tiles = L.tileLayer(wanted, { attribution: tiles.attribution, maxZoom: 12, pane: "tilePane" });
      state.tiles.once("tileerror", function () { document.documentElement.dataset.tiles = "failed"; });
      state.tiles.addTo(state.map);
    }
  }

  // Most proposals give other words to the same shapes. Shapes that are on the map stay until the next are at hand, so
  // that nothing blinks.
  function show(options) {
    state.version = options.version;
    state.zone = options.zone;
    document.documentElement.dataset.theme = options.theme;
    useTiles(options.tiles);
    if (window.mapcoreDraw) { window.mapcoreDraw(state.map, options.draw); }
    if (state.attribution && state.attribution !== options.attribution) {
      state.map.attributionControl.removeAttribution(state.attribution);
    }
    if (state.attribution !== options.attribution) {
      state.map.attributionControl.addAttribution(options.attribution);
      state.attribution = options.attribution;
    }
    writePlace();
    var wanted = options.shapes + options.words;
    if (state.wanted === wanted) { mark(); return; }
    state.wanted = wanted;
    Promise.all([load(options.shapes), load(options.words)]).then(function (found) {
      if (state.wanted !== wanted) { return; }
      if (state.shapes !== options.shapes) {
        var before = state.zones;
        state.zones = drawn(found[0]).addTo(state.map);
        if (before) { state.map.removeLayer(before); }
        state.shapes = options.shapes;
      }
      paint(found[1]);
      mark();
      document.documentElement.dataset.shown = options.name;
    });
  }

  window.mapcore = { start: start, show: show };
})();
