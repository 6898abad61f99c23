// @ts-check
"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { here, load } = require("./load.js");

const LEFT = { x: -1, y: 0 };
const DOWN = { x: 0, y: 1 };
const FORMS = { lang: "uk", km: "км", m: "м", mi: { one: "миля", few: "милі", many: "миль" }, ft: { many: "футів" } };

test("an arrow leads to the nearest piece that way", () => {
  const { nearest } = load(["map/access.js"]).mapcoreAccess;
  const points = [
    { x: 90, y: 100 },
    { x: 50, y: 101 },
    { x: 100, y: 200 },
    { x: 100, y: 100 },
  ];
  const from = points[3];
  assert.equal(nearest(from, points, LEFT), 0);
  assert.equal(nearest(from, points, DOWN), 2);
  assert.equal(nearest(points[1], points, LEFT), -1, "nothing lies further that way");
});

test("aside counts twice", () => {
  const { nearest } = load(["map/access.js"]).mapcoreAccess;
  const from = { x: 100, y: 100 };
  const [beside, ahead] = [
    { x: 70, y: 140 },
    { x: 0, y: 100 },
  ];
  assert.equal(nearest(from, [beside, ahead], LEFT), 1);
  assert.equal(nearest(from, [beside, { x: -20, y: 100 }], LEFT), 0);
});

test("the scale takes round numbers, and the forms of the reader's language", () => {
  const { round, lines } = load(["map/scale.js"], { Intl }).mapcoreScale;
  assert.deepEqual([0.4, 1, 2.9, 3, 49, 50, 730, 99_999].map(round), [1, 1, 2, 3, 30, 50, 500, 50_000]);
  const told = (/** @type {number} */ metres) => lines(metres, FORMS).map((/** @type {any} */ one) => one.text);
  assert.deepEqual(here(told(120_000)), ["100\u00a0км", "50\u00a0миль"]);
  assert.deepEqual(here(told(3500)), ["3\u00a0км", "2\u00a0милі"]);
  assert.deepEqual(here(told(900)), ["500\u00a0м", "2000\u00a0футів"]);
  for (const { share } of lines(7654, FORMS)) assert.ok(share > 0.5 && share <= 1);
});

test("a view is moved within its limits as little as it takes, or into their middle", () => {
  const { inward } = load(["map/home.js"]).mapcoreHome;
  assert.equal(inward(50, 20, 0, 100), 0);
  assert.equal(inward(5, 20, 0, 100), 5);
  assert.equal(inward(97, 20, 0, 100), -7);
  assert.equal(inward(60, 200, 0, 100), -10);
});

test("an outline ends at its first corner, and runs straight in degrees", () => {
  const outline = load(["map/outline.js"]).mapcoreOutline.stepped([
    { lat: 48, lng: 36 },
    { lat: 50, lng: 36 },
    { lat: 50, lng: 40 },
  ]);
  assert.equal(outline.length, 48);
  assert.deepEqual(here([outline[0], outline[8], outline[16], outline[40]]), [
    [48, 36],
    [49, 36],
    [50, 36],
    [49, 38],
  ]);
});

test("shapes are told as what differs from others", () => {
  const { changed } = load(["page/content.js"]).mapcoreContent;
  const before = { features: [{ id: "a" }, { id: "b", old: true }, { id: "c" }] };
  const found = changed({ differs: "x", features: [{ id: "b" }, { id: "d" }], gone: ["c"] }, before);
  assert.deepEqual(here(found), { type: "FeatureCollection", features: [{ id: "b" }, { id: "d" }, { id: "a" }] });
});

test("an outline is measured on the ellipsoid as the server does", () => {
  const { areaKm2 } = load(["map/outline.js"]).mapcoreOutline;
  const told = (/** @type {number[][]} */ ring) => areaKm2(ring.map(([lng, lat]) => ({ lng, lat })));
  const small = [
    [37.1, 48.3],
    [37.6, 48.35],
    [37.65, 48.7],
    [37.05, 48.62],
  ];
  const large = [
    [30, 46.5],
    [38.4, 47.3],
    [36.1, 50.9],
    [31.2, 51.2],
  ];
  // By pyproj, on edges cut into steps of 0.002 degrees.
  assert.ok(Math.abs(told(small) - 1514.198) < 0.01);
  assert.ok(Math.abs(told(large) - 226617.26) < 0.5);
  assert.equal(told([...small].reverse()).toFixed(6), told(small).toFixed(6));
});

test("an outline is crossed where two of its edges are", () => {
  const { isCrossed } = load(["map/outline.js"]).mapcoreOutline;
  const corners = [
    { lat: 48, lng: 36 },
    { lat: 48, lng: 38 },
    { lat: 49, lng: 38 },
    { lat: 49, lng: 36 },
  ];
  assert.equal(isCrossed(corners.slice(0, 3)), false);
  assert.equal(isCrossed(corners), false);
  assert.equal(isCrossed([corners[0], corners[2], corners[1], corners[3]]), true);
});
