// @ts-check
"use strict";
// Reads {index, fates, words, rows, shown} as JSON and prints the card of each row in each language.
const fs = require("node:fs");
const { load } = require("./load.js");

const { mapcoreCard } = load(["place/alike.js", "place/search.js", "place/card.js"], { Intl });
const { index, fates, words, rows, shown } = JSON.parse(fs.readFileSync(0, "utf-8"));
const cards = Object.entries(words).map(([lang, said]) => [
  lang,
  rows.map((/** @type {number} */ row) => mapcoreCard.card({ index, fates, words: said, lang }, row, shown)),
]);
process.stdout.write(JSON.stringify(Object.fromEntries(cards)));
