// The map without a mouse, and without motion for those who asked for none. The pieces of land are one stop of the Tab
// key; arrow keys lead to the nearest piece that way, Enter chooses it, Escape takes its words away.
(function () {
  "use strict";

  var WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  var state = { map: null, words: null, pieces: [], ring: null, held: null };
  var calm = window.matchMedia("(prefers-reduced-motion: reduce)");

  function setMotion() {
    state.map.options.inertia = state.map.options.zoomAnimation = !calm.matches;
  }

  // Whatever moves the map passes through these two.
  function keepStill(map) {
    map.panBy = function (by, options) {
      return L.Map.prototype.panBy.call(map, by, calm.matches ? { animate: false } : options);
    };
    map.setView = function (centre, zoom, options) {
      return L.Map.prototype.setView.call(map, centre, zoom, calm.matches ? { animate: false } : options);
    };
    calm.addEventListener("change", setMotion);
    setMotion();
  }

  // A frame and the map in it bear what they are for a reader who does not see them.
  function name(title) {
    var holder = state.map.getContainer(), words = (title ? title + ". " : "") + state.words.map;
    if (holder.getAttribute("role") === "region") { return; }
    holder.setAttribute("role", "group");
    holder.setAttribute("aria-label", words);
    try { window.frameElement.setAttribute("aria-label", words); } catch (alone) { return; }
  }

  // Tooltips are escaped markup with line breaks.
  function plain(markup) {
    return new DOMParser().parseFromString(markup.replace(/<br>/g, ". "), "text/html").body.textContent;
  }

  function at(path) { return state.pieces.filter(function (piece) { return piece.path === path; })[0]; }

  function centre(piece) { return state.map.latLngToContainerPoint(piece.layer.getCenter()); }

  function stopAt(piece) {
    state.pieces.forEach(function (one) { one.path.setAttribute("tabindex", one === piece ? "0" : "-1"); });
  }

  // Python decides which piece is chosen; at first the Tab key stops there, or at one that the text changes.
  function first() {
    function has(wanted) {
      return state.pieces.filter(function (piece) { return piece.path.matches(wanted); })[0];
    }
    return has(".chosen") || has(":not(.zone-retained):not(.zone-alike)") || state.pieces[0];
  }

  function pieces(zones) {
    var held = state.held;
    state.pieces = [];
    zones.eachLayer(function (layer) {
      var path = layer.getElement && layer.getElement(), tip = layer.getTooltip && layer.getTooltip();
      if (!path || !tip) { return; }
      path.setAttribute("role", "button");
      path.setAttribute("aria-label", plain(tip.getContent()));
      path.setAttribute("aria-pressed", String(path.classList.contains("chosen")));
      state.pieces.push({ path: path, layer: layer });
    });
    var stop = (held && at(held)) || first();
    if (stop) { stopAt(stop); }
    // A piece that was brought to the front has lost the focus by it.
    if (held && stop && stop.path === held && document.hasFocus() && document.activeElement === document.body) {
      held.focus({ preventScroll: true });
    }
  }

  // Of the pieces whose centre lies that way, the nearest; aside counts twice.
  function nearest(from, way) {
    var here = centre(from), best = null, least = Infinity;
    state.pieces.forEach(function (piece) {
      var there = centre(piece), dx = there.x - here.x, dy = there.y - here.y;
      var along = dx * way[0] + dy * way[1], aside = Math.abs(dx * way[1]) + Math.abs(dy * way[0]);
      if (along > 1 && along + 2 * aside < least) { best = piece; least = along + 2 * aside; }
    });
    return best;
  }

  function go(piece) {
    if (!piece) { return; }
    stopAt(piece);
    if (!state.map.getBounds().contains(piece.layer.getCenter())) { state.map.panTo(piece.layer.getCenter()); }
    piece.path.focus({ preventScroll: true });
  }

  // A click of the pointer, so that whatever listens to clicks hears it.
  function click(piece) {
    var frame = state.map.getContainer().getBoundingClientRect(), point = centre(piece);
    piece.path.dispatchEvent(new MouseEvent("click", {
      bubbles: true, cancelable: true, view: window, clientX: frame.left + point.x, clientY: frame.top + point.y
    }));
  }

  function press(event) {
    if (event.key === "Escape") {
      state.map.eachLayer(function (layer) { if (layer.getTooltip && layer.getTooltip()) { layer.closeTooltip(); } });
      return;
    }
    var piece = at(event.target);
    if (!piece || event.altKey || event.ctrlKey || event.metaKey) { return; }
    if (WAYS[event.key]) { go(nearest(piece, WAYS[event.key])); }
    else if (event.key === "Enter" || event.key === " ") { click(piece); }
    else { return; }
    event.preventDefault();
    event.stopPropagation();
  }

  // The ring lies over all pieces, or the neighbours would hide half of it.
  function showRing(event) {
    var piece = at(event.target);
    state.held = piece ? piece.path : null;
    if (!piece || !piece.path.matches(":focus-visible")) { return; }
    hideRing();
    state.ring = L.layerGroup(["focus-casing", "focus-ring"].map(function (kind) {
      return L.geoJSON(piece.layer.toGeoJSON(), { pane: "overlay", interactive: false,
        style: function () { return { className: kind, fill: false }; } });
    })).addTo(state.map);
  }

  function hideRing() {
    if (state.ring) { state.map.removeLayer(state.ring); state.ring = null; }
  }

  function start(map, words) {
    state.map = map;
    keepStill(map);
    state.words = words;
    map.getContainer().addEventListener("keydown", press, true);
    map.getContainer().addEventListener("focusin", showRing);
    map.getContainer().addEventListener("focusout", hideRing);
  }

  window.mapcoreAccess = { start: start, name: name, pieces: pieces };
})();
