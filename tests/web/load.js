// @ts-check
"use strict";
// The scripts as a browser runs them: one after another, with one global object.
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const WEB = path.join(__dirname, "../../src/mapcore/web");

/**
 * @param {string[]} scripts Their paths in `web`.
 * @param {Record<string, unknown>} [around] What they meet there besides the language itself.
 * @returns {any} What they define.
 */
function load(scripts, around = {}) {
  const page = vm.createContext({ ...around });
  for (const name of scripts) {
    const file = path.join(WEB, name);
    vm.runInContext(fs.readFileSync(file, "utf-8"), page, { filename: file });
  }
  return page;
}

/**
 * A value made in the page as one of this side, which `assert.deepEqual` takes for the same kind.
 *
 * @template Kind
 * @param {Kind} value
 * @returns {Kind}
 */
function here(value) {
  return structuredClone(value);
}

module.exports = { WEB, load, here };
