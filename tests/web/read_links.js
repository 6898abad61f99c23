// @ts-check
"use strict";
// Reads {contract, proposals, links} as JSON and prints what a page without a server makes of each link.
const fs = require("node:fs");
const { load } = require("./load.js");

const { mapcoreLink } = load(["page/link.js"], { URLSearchParams });
const { contract, proposals, links } = JSON.parse(fs.readFileSync(0, "utf-8"));
const found = links.map((/** @type {string} */ link) => {
  const { view, notices } = mapcoreLink.read(link, contract, proposals);
  const again = mapcoreLink.read(mapcoreLink.write(view, "", contract, proposals), contract, proposals);
  return { view, notices, again };
});
process.stdout.write(JSON.stringify(found));
