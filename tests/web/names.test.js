// @ts-check
"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { here, load } = require("./load.js");

const page = load(["map/front.js", "map/names.js", "map/rivers.js", "map/towns.js"]);
const SIZE = { x: 400, y: 300 };
const NO_FRONT = () => 0;

test("a name stands on the best side of its dot that is free, or there is neither", () => {
  const room = new page.mapcoreNames.Room();
  const place = (/** @type {number} */ x, /** @type {number} */ y) =>
    page.mapcoreTowns.placed({ x, y }, 60, room, NO_FRONT);
  assert.equal(place(100, 100), "east");
  assert.equal(place(170, 100), "east");
  assert.equal(place(98, 114), "west", "east of it is the name above");
  assert.equal(place(101, 101), "", "on a dot that is taken");
  assert.ok(room.isFree({ left: 0, right: 30, top: 90, bottom: 110 }));
});

test("no name lies on the front, and a box says how much of it it covers", () => {
  const front = page.mapcoreFront.through([[{ x: 130, y: 0 }, { x: 130, y: 300 }]], SIZE); // prettier-ignore
  assert.equal(front.size, 51);
  const covers = (/** @type {{ left: number, right: number }} */ { left, right }) => Number(left < 130 && right > 130);
  const room = new page.mapcoreNames.Room();
  assert.equal(page.mapcoreTowns.placed({ x: 110, y: 100 }, 60, room, covers), "west");
  assert.equal(page.mapcoreTowns.placed({ x: 130, y: 200 }, 60, room, covers), "east");
});

test("a river is named along a stretch that hardly bends, from left to right", () => {
  const { stepped, stretches } = page.mapcoreRivers;
  const east = here(stepped([{ x: 0, y: 50 }, { x: 200, y: 50 }])); // prettier-ignore
  assert.equal(east.length, 34);
  const [first] = here(stretches(east, 60));
  assert.equal(first.angle, 0);
  assert.ok(first.middle.y < 50, "above the river");
  const [back] = here(stretches(east.reverse(), 60));
  assert.ok(Math.abs(back.angle) < 1e-9 && back.middle.y < 50, "whichever way it flows");
  const winding = stepped(Array.from({ length: 20 }, (_, index) => ({ x: index * 10, y: 50 + 12 * (index % 2) })));
  assert.deepEqual(here(stretches(winding, 60)), []);
});
