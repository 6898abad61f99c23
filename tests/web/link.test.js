// @ts-check
"use strict";
const assert = require("node:assert/strict");
const { test } = require("node:test");
const { here, load } = require("./load.js");

const { mapcoreLink } = load(["page/link.js"], { URLSearchParams });
const DEPTH = { label: "", unit: "km", min: 5, max: 50, step: 5, default: 15, refused: "depth" };
const PROPOSALS = [
  { id: "plan", title: "", parameters: { depth_km: DEPTH } },
  { id: "line", title: "", parameters: {} },
  { id: "other", title: "", parameters: { depth_km: DEPTH } },
];
const IDS = PROPOSALS.map((one) => one.id);
const CONTRACT = {
  choices: {
    proposal: { values: IDS, default: "plan", refused: "proposal" },
    page: { values: ["map", "compare"], default: "map", refused: "page" },
    compare: { values: IDS, default: "line", refused: "compare" },
    units: { values: ["km2", "mi2"], default: "km2", refused: "units" },
    zone: { values: ["", "UA-14.russia"], default: "", refused: "zone" },
  },
  number: "[0-9]+([.][0-9]+)?",
  place: {
    lat: { min: 40, max: 56, digits: 3, refused: "lat" },
    lon: { min: 18, max: 46, digits: 3, refused: "lon" },
    zoom: { min: 3, max: 14, digits: 2, refused: "zoom" },
  },
  at: {},
  apart: "apart",
  version: "abc",
  moved: "moved",
};

/** @param {string} search */
function read(search) {
  return here(mapcoreLink.read(search, CONTRACT, PROPOSALS));
}

/** @param {string} search */
function again(search) {
  return mapcoreLink.write(read(search).view, "", CONTRACT, PROPOSALS);
}

test("an empty link is the view that the page opens on", () => {
  const { view, notices } = read("");
  assert.deepEqual(view.chosen, { proposal: "plan", page: "map", compare: "line", units: "km2", zone: "" });
  assert.deepEqual([view.parameters, view.place, notices], [{ depth_km: 15 }, {}, []]);
});

test("a link says everything that was chosen, and nothing else", () => {
  const link =
    "proposal=other&page=compare&units=mi2&zone=UA-14.russia&depth_km=40&v=abc&lat=48.5&lon=36.125&zoom=7.25";
  assert.equal(again(`?${link}`), link);
  assert.equal(again(""), "proposal=plan&v=abc");
  assert.equal(again("?depth_km=15&units=km2&page=map"), "proposal=plan&v=abc");
});

test("what is unknown or broken falls back and is told once", () => {
  const { view, notices } = read("?proposal=none&units=acre&zone=UA-99.x&depth_km=x&lat=90&lon=1e1&zoom=7&v=old");
  assert.deepEqual(view, read("").view);
  assert.deepEqual(notices, ["proposal", "units", "zone", "depth", "lat", "lon", "apart", "moved"]);
});

test("a number is one in digits, within its bounds", () => {
  for (const text of ["", " ", "0x10", "4", "51", "NaN", "Infinity", "5,5", "1_5"]) {
    assert.deepEqual(read(`?depth_km=${text}`).notices, ["depth"], text);
  }
  assert.deepEqual([read("?depth_km=50").view.parameters, read("?depth_km=50").notices], [{ depth_km: 50 }, []]);
});

test("a parameter goes to its nearest step", () => {
  assert.deepEqual(read("?depth_km=17").view.parameters, { depth_km: 15 });
  assert.deepEqual(read("?depth_km=18").view.parameters, { depth_km: 20 });
});

test("of a key that is there twice the last one counts", () => {
  assert.equal(read("?units=acre&units=mi2").view.chosen.units, "mi2");
});

test("what a link holds besides stays", () => {
  const { view } = read("");
  assert.equal(mapcoreLink.write(view, "?embed=true&zone=x", CONTRACT, PROPOSALS), "embed=true&proposal=plan&v=abc");
});

test("a view's content has a key of its own", () => {
  const key = (/** @type {string} */ search) => mapcoreLink.content(read(search).view, PROPOSALS);
  assert.equal(key(""), "proposals/plan");
  assert.equal(key("?depth_km=40"), "proposals/plan--depth_km-40");
  assert.equal(key("?page=compare&compare=other&depth_km=40"), "compare/plan--other");
  assert.equal(key("?page=compare&compare=plan"), "proposals/plan");
});
