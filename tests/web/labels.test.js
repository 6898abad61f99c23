// @ts-check
"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { here, load } = require("./load.js");

const { mapcoreLabels } = load(["map/labels.js"]);
const FRAME = { left: 0, right: 400 };

/**
 * A name of 40 by 12 pixels beside its dot.
 *
 * @param {number} x
 * @param {number} y
 * @param {number} rank
 */
function named(x, y, rank) {
  const box = (/** @type {number} */ left, /** @type {number} */ top) => ({
    left,
    right: left + 40,
    top,
    bottom: top + 12,
  });
  const boxes = {
    east: box(x + 5, y - 6),
    west: box(x - 45, y - 6),
    above: box(x - 20, y - 17),
    below: box(x - 20, y + 5),
  };
  return { rank, x, dot: { left: x - 3, right: x + 3, top: y - 3, bottom: y + 3 }, boxes };
}

/** @param {ReturnType<typeof named>[]} names */
function sides(...names) {
  return here(mapcoreLabels.sides(names, FRAME));
}

test("a name with room stands east of its dot", () => {
  assert.deepEqual(sides(named(100, 100, 1), named(300, 100, 2)), ["east", "east"]);
});

test("the smaller place makes way, whichever comes first", () => {
  assert.deepEqual(sides(named(100, 100, 1), named(120, 100, 3)), ["west", "east"]);
  const [small, large] = [named(130, 100, 3), named(100, 102, 1)];
  assert.deepEqual(sides(large, small), sides(small, large).reverse());
});

test("a name keeps off the front where that covers no other name", () => {
  const one = { ...named(100, 100, 1), front: { east: 4, west: 0, above: 2, below: 0 } };
  assert.deepEqual(sides(one), ["west"]);
  assert.deepEqual(sides(one, named(60, 100, 1))[0], "below");
});

test("a name at the edge of the frame turns inwards", () => {
  assert.deepEqual(sides(named(380, 100, 1)), ["west"]);
  assert.deepEqual(sides(named(10, 100, 1)), ["east"]);
});

test("a name whose dot is out of the frame stays as it is", () => {
  assert.deepEqual(sides(named(-20, 100, 1), named(420, 100, 1)), ["east", "east"]);
});

test("between two neighbours a name goes above or below", () => {
  assert.deepEqual(sides(named(50, 100, 1), named(100, 100, 3), named(140, 100, 1))[1], "above");
});
