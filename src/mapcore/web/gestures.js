// A reader who passes by the map is not caught in it: one finger scrolls the page and two move the map; the wheel scrolls
// the page too, and enlarges the map with Ctrl (on a Mac with the command key). The map says so while one finger or the
// wheel alone is on it. Leaflet.GestureHandling does it ((c) 2018 elmarquis, MIT licence).
(function () {
  "use strict";

  function start(map, words) {
    map.options.gestureHandlingOptions = {
      text: { touch: words.two_fingers, scroll: words.ctrl_wheel, scrollMac: words.command_wheel }, duration: 1200
    };
    // A tap counts as a mouse over the map, after which the plugin would let the next finger move it.
    map.getContainer().addEventListener("touchstart", function (event) {
      if (event.touches.length === 1) { map.dragging.disable(); }
    }, { capture: true, passive: true });
    // The plugin hears of a mouse when the map does, which Leaflet tells of the shape instead where one lies under it: a
    // map that is full of shapes would not be moved by the mouse.
    map.getContainer().addEventListener("pointerdown", function (event) {
      if (event.pointerType !== "touch") { map.dragging.enable(); }
    }, { capture: true, passive: true });
    map.gestureHandling.enable();
  }

  window.mapcoreGestures = { start: start };
})();
