// On paper a map has a size of its own, and is drawn for it: a browser lays a frame out anew for the paper, but runs no
// script then, and the map would be cut or half empty.
(function () {
  "use strict";

  // In pixels, narrower than the paper of both A4 and Letter; two maps side by side share it.
  var SIZE = { wide: 680, high: 420, half: 332, low: 230 };

  function isBesideAnother() {
    try {
      return Boolean(window.frameElement && window.frameElement.closest(".st-key-sides"));
    } catch (elsewhere) {
      return false;
    }
  }

  function start(map, place, goHome) {
    var box = map.getContainer(), before = null;

    function fit() {
      if (before) { return; }
      var half = isBesideAnother(), size = map.getSize();
      var wide = half ? SIZE.half : SIZE.wide, high = half ? SIZE.low : SIZE.high;
      before = { home: !place(), centre: map.getCenter(), zoom: map.getZoom() };
      if (!size.x || !size.y) { return; }
      box.style.setProperty("width", wide + "px", "important");
      box.style.setProperty("height", high + "px", "important");
      map.invalidateSize({ animate: false, pan: false });
      if (before.home) { return; }
      var closer = Math.log2(Math.min(wide / size.x, high / size.y));
      map.setView(before.centre, Math.floor((before.zoom + closer) * 4) / 4, { animate: false });
    }

    function restore() {
      if (!before) { return; }
      box.style.removeProperty("width");
      box.style.removeProperty("height");
      map.invalidateSize({ animate: false, pan: false });
      // The screen's own size comes with the next layout.
      if (before.home) { goHome(); setTimeout(goHome, 300); } else { map.setView(before.centre, before.zoom, { animate: false }); }
      before = null;
    }

    window.addEventListener("beforeprint", fit);
    window.addEventListener("afterprint", restore);
    window.matchMedia("print").addEventListener("change", function (change) {
      if (change.matches) { fit(); } else { restore(); }
    });
  }

  window.mapcorePrint = { start: start };
})();
