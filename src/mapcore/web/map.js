// The map's own script: a base that never changes, and the zones of one proposal that are exchanged on it.
// Python calls mapcore.start once and mapcore.show at each choice; geometry is fetched by address. What the map says
// itself comes with mapcore.start, in the reader's language.
(function () {
  "use strict";

  var EDGE = [[41.6, 14.1], [55.9, 46.9]];
  var UKRAINE = [[44.2, 22.0], [52.45, 40.3]];
  var LINES = { line: "contact-line", casing: "contact-casing", earlier: "contact-earlier" };
  var state = { map: null, home: null, zones: null, shapes: null, wanted: null, tiles: null, version: "",
    touched: false, clicks: 0, loaded: {}, styled: {}, writes: false, channel: null, leads: false, pending: null,
    extent: UKRAINE, fitted: String(UKRAINE), places: null, placesFrom: "", written: {}, overlay: null, overlayFrom: "" };
  // Radius of a place's mark by its size, and nothing else: Python decides which place has which.
  var RADII = [13, 10, 7.5, 5.5, 4, 2.8];

  function sameOriginParent() {
    if (window.mapcoreContent) { return null; }
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
    if (!page || !state.writes || !isSettled()) { return; }
    var address = new URL(page.location.href);
    var before = address.search;
    var centre = state.map.getCenter(), zoom = state.map.getZoom(), home = atHome();
    page.mapcorePlace = home ? null : {
      centre: centre, zoom: zoom, closer: zoom - state.home.zoom, extent: String(state.extent)
    };
    var place = { lat: centre.lat.toFixed(3), lon: centre.lng.toFixed(3), zoom: String(Math.round(zoom * 100) / 100) };
    var told = Object.keys(place).map(function (key) { return Number(address.searchParams.get(key)); });
    // The pixel by which Leaflet moves a map that is fitted to a new size is no other place.
    var stands = told.every(isFinite) && isAt([told[0], told[1]], told[2]);
    Object.keys(place).forEach(function (key) {
      if (home) { address.searchParams.delete(key); } else if (!stands) { address.searchParams.set(key, place[key]); }
    });
    if (state.version && !address.searchParams.get("v")) { address.searchParams.set("v", state.version); }
    if (address.search !== before) { page.history.replaceState(page.history.state, "", address); }
  }

  // The view of what the page is about, most often the whole country, for the frame's present size and within the bounds that the map keeps to.
  function findHome() {
    // A frame that is not laid out yet has no room for any view: its size comes with the next resize.
    var size = state.map.getSize(), cramped = Math.min(size.x, size.y) < 60;
    if (state.home && cramped) { return; }
    var room = { padding: cramped || state.extent === UKRAINE ? [0, 0] : [14, 24] };
    var fit = state.map._getBoundsCenterZoom(L.latLngBounds(state.extent), room);
    var centre = state.map._limitCenter(fit.center, fit.zoom, state.map.options.maxBounds);
    state.home = { centre: centre, zoom: fit.zoom, size: state.map.getSize() };
  }

  // Another page of the dashboard may have left a place: its frame is gone, and the server knows only the link.
  function restorePlace() {
    var page = sameOriginParent(), left = page && page.mapcorePlace;
    if (!left) { return; }
    var zoom = left.extent === String(state.extent) ? state.home.zoom + left.closer : left.zoom;
    state.map.setView(left.centre, zoom, { animate: false });
  }

  // False while Leaflet fits the map to a new size: it moves the map first and says so before it tells the size.
  function isSettled() { return Boolean(state.home) && state.home.size.equals(state.map.getSize()); }

  function refit() {
    findHome();
    if (!state.touched) { goHome(); }
  }

  function goHome() { state.map.setView(state.home.centre, state.home.zoom, { animate: false }); }

  function isAt(centre, zoom) {
    var map = state.map;
    return Math.abs(map.getZoom() - zoom) < 0.01 &&
      map.latLngToContainerPoint(centre).distanceTo(map.latLngToContainerPoint(map.getCenter())) < 2;
  }

  function atHome() { return isAt(state.home.centre, state.home.zoom); }

  // Frames of one page share a channel, on which the one that the viewer moves leads and the others follow; a frame
  // that follows says nothing, so that no movement comes back. Zoom is told against each frame's own view of the whole
  // country, so that frames of different sizes show the same land.
  function tell(centre, zoom, animate) {
    if (!state.channel || !state.leads || !isSettled()) { return; }
    state.channel.postMessage({
      home: !animate && atHome(), animate: animate, lat: centre.lat, lng: centre.lng, closer: zoom - state.home.zoom
    });
  }

  function tellPlace() { tell(state.map.getCenter(), state.map.getZoom(), false); }

  function follow(place) {
    state.leads = false;
    if (state.map._animatingZoom) { state.pending = place; return; }
    state.pending = null;
    if (place.home) { goHome(); return; }
    state.map.setView([place.lat, place.lng], state.home.zoom + place.closer, {
      pan: { animate: false }, zoom: { animate: place.animate }
    });
  }

  function join(name, leads) {
    if (state.channel || !name) { return; }
    var map = state.map;
    state.leads = leads;
    state.channel = new BroadcastChannel(name);
    state.channel.onmessage = function (message) {
      if (message.data === "where") { tellPlace(); } else { follow(message.data); }
    };
    ["pointerdown", "wheel", "keydown"].forEach(function (input) {
      map.getContainer().addEventListener(input, function () {
        state.leads = true;
        state.pending = null;
      }, { capture: true, passive: true });
    });
    map.on("move", tellPlace);
    map.on("zoomanim", function (target) { tell(target.center, target.zoom, true); });
    map.on("moveend", function () { if (state.pending) { follow(state.pending); } });
    if (leads) { tellPlace(); } else { state.channel.postMessage("where"); }
  }

  function addStyles(statuses) {
    var rules = "", patterns = "";
    statuses.forEach(function (status) {
      state.styled[status.id] = true;
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
      label.dataset.place = place.name;
      var icon = L.divIcon({ className: "place rank-" + place.rank + (place.capital ? " capital" : ""),
        html: label, iconSize: null });
      L.marker([place.lat, place.lon], { icon: icon, interactive: false, keyboard: false, pane: "labels" })
        .addTo(state.map);
    });
  }

  // Leaflet's scale with the units in the reader's language.
  var Scale = L.Control.Scale.extend({
    _updateMetric: function (most) {
      var metres = this._getRoundNum(most), far = metres >= 1000;
      var unit = far ? this.options.words.km : this.options.words.m;
      this._updateScale(this._mScale, (far ? metres / 1000 : metres) + "\u00a0" + unit, metres / most);
    },
    _updateImperial: function (most) {
      var feet = most * 3.2808399, far = feet > 5280, whole = far ? feet / 5280 : feet, round = this._getRoundNum(whole);
      var forms = far ? this.options.words.mi : this.options.words.ft;
      var unit = forms[new Intl.PluralRules(this.options.words.lang).select(round)] || forms.many;
      this._updateScale(this._iScale, round + "\u00a0" + unit, round / whole);
    }
  });

  function speak(map, words) {
    document.documentElement.lang = words.lang;
    map.getContainer().dataset.noTiles = words.no_tiles;
    [["in", words.zoom_in], ["out", words.zoom_out]].forEach(function (way) {
      var button = map.getContainer().querySelector(".leaflet-control-zoom-" + way[0]);
      if (!button) { return; }
      button.title = way[1];
      button.setAttribute("aria-label", way[1]);
    });
    new Scale({ words: words, position: "bottomleft" }).addTo(map);
  }

  // Where the credit reaches under the scale, as on a phone, the scale stands above it.
  function keepApart(map) {
    var credit = map.attributionControl.getContainer();
    var corner = map.getContainer().querySelector(".leaflet-bottom.leaflet-left");
    new ResizeObserver(function () {
      var meet = credit.offsetWidth + 130 > map.getContainer().offsetWidth;
      corner.style.bottom = meet ? credit.offsetHeight + "px" : "";
    }).observe(credit);
  }

  function start(map, options) {
    state.map = map;
    // Leaflet focuses the map at each press; the page must not scroll then, or the release hits another zone.
    map.getContainer().focus = function () {
      HTMLElement.prototype.focus.call(map.getContainer(), { preventScroll: true });
    };
    map.attributionControl.setPrefix('<a href="https://leafletjs.com" target="_blank" rel="noopener">Leaflet</a>');
    keepApart(map);
    window.mapcoreAccess.start(map, options.words);
    window.mapcoreGestures.start(map, options.words);
    window.mapcorePrint.start(map, place, function () {
      state.touched = false;
      refit();
    });
    addStyles(options.statuses);
    var below = addPane("base", 200, true);
    var above = addPane("border", 450, true);
    addPane("overlay", 452, true);
    state.marks = addPane("marks", 455, false);
    addPane("labels", 460, true);
    state.renderer = L.svg({ padding: 0.4 });
    speak(map, options.words);
    get(options.url).then(function (base) {
      [["context", below, "base"], ["outlines", below, "base"], ["border", above, "border"]].forEach(function (layer) {
        L.geoJSON(base[layer[0]], {
          pane: layer[2], renderer: layer[1], interactive: false,
          style: function () { return { className: "base-" + layer[0], fill: layer[0] !== "border" }; }
        }).addTo(map);
      });
      addLabels(base.places);
      hideWritten();
    });
    map.setMaxBounds(EDGE);
    refit();
    map.on("resize", refit);
    // The style that gives a narrow frame its height may come after the map has been measured; and Leaflet says nothing
    // of a size one pixel smaller or larger when the middle keeps its pixel.
    new ResizeObserver(function () {
      map.invalidateSize({ animate: false });
      if (!isSettled()) { refit(); }
    }).observe(map.getContainer());
    map.on("moveend", function () { if (isSettled()) { state.touched = !atHome(); } });
    map.on("moveend", writePlace);
    map.on("zoomend", markZoom);
    // Names take another room once their typeface is there.
    document.fonts.addEventListener("loadingdone", arrange);
    markZoom();
    setInterval(writePlace, 700);
  }

  // How many of the city labels there is room for.
  function markZoom() {
    var zoom = state.map.getZoom();
    document.documentElement.dataset.zoom = zoom < 5 ? "farthest" : zoom < 5.75 ? "far" : "near";
    arrange();
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
    window.mapcoreAccess.pieces(state.zones);
  }

  function choose(event) {
    var shared = window.__GLOBAL_DATA__;
    var zone = event.target.feature.id.split("#")[0];
    if (shared) { shared.last_active_drawing = { id: zone, click: ++state.clicks }; }
    if (window.mapcoreChosen) { window.mapcoreChosen(zone); }
  }

  function drawn(collection) {
    return L.geoJSON(collection, {
      renderer: state.renderer,
      style: function (feature) { return { className: LINES[feature.id] || "zone" }; },
      onEachFeature: function (feature, layer) {
        if (LINES[feature.id]) { layer.options.interactive = false; return; }
        layer.bindTooltip("", { sticky: true, className: "zone-tip" });
        layer.on("click", choose);
      }
    });
  }

  // Status and tooltip of each zone; what is on the map already keeps its shapes. Words may bring colours of their own.
  function paint(words) {
    state.zones.eachLayer(function (layer) {
      var word = words[layer.feature.id];
      if (!word) { return; }
      if (word.style && !state.styled[word.style.id]) { addStyles([word.style]); }
      layer.getElement().setAttribute("class", "zone zone-" + word.status + " leaflet-interactive");
      layer.setTooltipContent(word.tip);
    });
  }

  // The lines of a tooltip as text nodes: names never become markup.
  function lines(texts) {
    var tip = document.createElement("div");
    texts.forEach(function (text, index) {
      var line = document.createElement(index ? "div" : "b");
      line.textContent = text;
      tip.appendChild(line);
    });
    return tip;
  }

  function nameBeside(text, kind, place, offset) {
    var label = document.createElement("span");
    label.textContent = text;
    if (offset) { label.style.setProperty("--off", offset + "px"); }
    var icon = L.divIcon({ className: kind, html: label, iconSize: null });
    return L.marker(place, { icon: icon, interactive: false, keyboard: false, pane: "labels" });
  }

  // A name that stands beside its mark does not stand there a second time.
  function hideWritten() {
    document.querySelectorAll("[data-place]").forEach(function (label) {
      label.parentNode.classList.toggle("written", Boolean(state.written[label.dataset.place]));
    });
    arrange();
  }

  // The sides of its dot on which a name may stand, the best first; the style says where that is.
  var SIDES = ["east", "west", "above", "below"];

  // A name that would cover another, or another's dot, or leave the frame stands on another side of its own dot; names
  // of smaller places make way first.
  function arrange() {
    var frame = state.map.getContainer().getBoundingClientRect();
    var labels = Array.from(document.querySelectorAll(".place:not(.laid-name) span")).filter(function (label) {
      return label.getClientRects().length;
    });
    // The style may come after the map.
    if (labels.some(function (label) { return getComputedStyle(label).position !== "absolute"; })) {
      setTimeout(arrange, 100);
      return;
    }
    var names = labels.map(function (label) {
      var dot = label.parentNode.getBoundingClientRect();
      return { label: label, x: dot.left, dot: new DOMRect(dot.left - 3, dot.top - 3, 6, 6), boxes: {}, side: SIDES[0],
        rank: Number(/rank-(\d)/.exec(label.parentNode.className)[1]) };
    });
    SIDES.forEach(function (side) {
      labels.forEach(function (label) { label.dataset.side = side; });
      names.forEach(function (name) { name.boxes[side] = name.label.getBoundingClientRect(); });
    });

    function shared(one, other) {
      var across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
      var down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
      return across > 2 && down > 3 ? across * down : 0;
    }

    function covered(name, side) {
      var box = name.boxes[side], inside = name.x > frame.left && name.x < frame.right;
      var area = inside && (box.left < frame.left || box.right > frame.right) ? 1e4 : 0;
      names.forEach(function (other) {
        if (other !== name) { area += shared(box, other.boxes[other.side]) + shared(box, other.dot); }
      });
      return area;
    }

    names.sort(function (one, other) { return other.rank - one.rank; });
    [1, 2].forEach(function () {
      names.forEach(function (name) {
        var areas = SIDES.map(function (side) { return covered(name, side); });
        name.side = SIDES[areas.indexOf(Math.min.apply(null, areas))];
      });
    });
    names.forEach(function (name) { name.label.dataset.side = name.side; });
  }

  // Leaflet makes whatever has a tooltip a stop of the Tab key, and there are hundreds of marks: each gets its tooltip
  // when the pointer first comes. The tables have their words.
  function tellPlaceOf(event) {
    var mark = event.target;
    if (mark.getTooltip()) { return; }
    var above = { className: "zone-tip", direction: "top", offset: [0, -mark.getRadius()] };
    mark.bindTooltip(lines(mark.options.tip), above).openTooltip();
  }

  function showPlaces(url) {
    if (state.placesFrom === url) { return; }
    state.placesFrom = url;
    (url ? load(url) : Promise.resolve([])).then(function (found) {
      if (state.placesFrom !== url) { return; }
      var group = L.layerGroup(), written = {};
      found.forEach(function (place) {
        var at = [place.lat, place.lon], radius = RADII[place.size];
        L.circleMarker(at, { pane: "marks", renderer: state.marks, radius: radius, className: "mark mark-" + place.fate,
          tip: place.tip }).on("mouseover", tellPlaceOf).addTo(group);
        if (place.rank) {
          written[place.name] = true;
          nameBeside(place.name, "place beside rank-" + place.rank, at, radius + 3).addTo(group);
        }
      });
      state.written = written;
      if (state.places) { state.map.removeLayer(state.places); }
      state.places = group.addTo(state.map);
      hideWritten();
      document.documentElement.dataset.places = String(found.length);
    });
  }

  function showOverlay(url) {
    if (state.overlayFrom === url) { return; }
    state.overlayFrom = url;
    (url ? load(url) : Promise.resolve(null)).then(function (found) {
      if (state.overlayFrom !== url) { return; }
      if (state.overlay) { state.map.removeLayer(state.overlay); state.overlay = null; }
      if (found) {
        var shape = L.geoJSON(found.shape, { pane: "overlay", interactive: false,
          style: function () { return { className: "laid-over" }; } });
        var edge = shape.getBounds();
        var top = L.latLng(edge.getNorth(), edge.getCenter().lng);
        state.overlay = L.layerGroup([shape, nameBeside(found.name, "place beside laid-name", top)]).addTo(state.map);
      }
      document.documentElement.dataset.overlay = found ? found.name : "";
    });
  }

  // A page with no server behind it hands over its content itself, and keeps its own address.
  function get(url) {
    if (window.mapcoreContent) { return window.mapcoreContent(url); }
    return url.slice(0, 5) === "gzip:" ? unpacked(url.slice(5)) : fetched(url, 3);
  }

  // What belongs to one visitor has no address that another could ask for: it comes in the address itself.
  function unpacked(text) {
    var bytes = Uint8Array.from(atob(text), function (sign) { return sign.charCodeAt(0); });
    var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).json();
  }

  // A request that is lost on its way must not leave the map blank: it is made again, a second later.
  function fetched(url, more) {
    return fetch(url).then(function (reply) {
      if (!reply.ok) { throw new Error(url + ": " + reply.status); }
      return reply.json();
    }).catch(function (problem) {
      if (!more) { throw problem; }
      return new Promise(function (wait) { setTimeout(wait, 1000); }).then(function () { return fetched(url, more - 1); });
    });
  }

  function load(url) {
    if (!state.loaded[url]) {
      state.loaded[url] = get(url);
      state.loaded[url].catch(function () { delete state.loaded[url]; });
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
    if (options.placed && !state.wanted) { state.touched = true; }
    state.extent = options.fit || UKRAINE;
    if (String(state.extent) !== state.fitted) {
      state.fitted = String(state.extent);
      refit();
    }
    if (options.writes && !state.writes) { restorePlace(); }
    state.writes = options.writes;
    join(options.channel, options.writes);
    document.documentElement.dataset.theme = options.theme;
    window.mapcoreAccess.name(options.title);
    useTiles(options.tiles);
    if (window.mapcoreDraw) { window.mapcoreDraw(state.map, options.draw); }
    if (state.attribution && state.attribution !== options.attribution) {
      state.map.attributionControl.removeAttribution(state.attribution);
    }
    if (state.attribution !== options.attribution) {
      state.map.attributionControl.addAttribution(options.attribution);
      state.attribution = options.attribution;
    }
    showPlaces(options.places || "");
    showOverlay(options.overlay || "");
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

  // For a page that keeps its own address: where the map is, null for its home, nothing while it is being fitted.
  function place() {
    if (!isSettled()) { return undefined; }
    var centre = state.map.getCenter();
    return atHome() ? null : { lat: centre.lat, lon: centre.lng, zoom: state.map.getZoom() };
  }

  window.mapcore = { start: start, show: show, place: place };
})();
