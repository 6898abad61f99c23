// @ts-check
"use strict";
// Reads {index, typed, names} as JSON and prints what the search of a page finds and how it folds names.
const fs = require("node:fs");
const { load } = require("./load.js");

const { mapcorePlaces } = load(["place/alike.js", "place/search.js"]);
const { index, typed, names } = JSON.parse(fs.readFileSync(0, "utf-8"));
const places = mapcorePlaces.open(index);
const found = typed.map((/** @type {string} */ text) =>
  places.find(text, { limit: 8 }).map((/** @type {{ key: string, matched: string }} */ one) => [one.key, one.matched]),
);
process.stdout.write(JSON.stringify({ found, folded: names.map(places.folded) }));
