"use strict";

const js = require("@eslint/js");

// What is defined, and of which type, is for tsc to say: scripts of one page share their names without imports.
const rules = {
  eqeqeq: "error",
  "no-undef": "off",
  // A name with an underscore is private to Leaflet, and may go with its next version.
  "no-underscore-dangle": ["error", { allow: ["__GLOBAL_DATA__"] }],
  // A page that is left open costs its browser nothing: scripts wait for what happens.
  "no-restricted-syntax": ["error", "Identifier[name='setInterval']"],
  "no-unused-vars": ["error", { vars: "local", args: "all", argsIgnorePattern: "^_$" }],
  "object-shorthand": "error",
  "prefer-const": "error",
};

module.exports = [
  js.configs.recommended,
  { rules },
  { files: ["**/*.js"], languageOptions: { sourceType: "script" } },
  { files: ["src/mapcore/web/app/*.js"], languageOptions: { sourceType: "module" } },
  // These come before another script of the same element.
  { files: ["src/mapcore/web/app/{styled,tour}.js"], languageOptions: { sourceType: "script" } },
  { files: ["*.config.js", "tests/web/*.js"], languageOptions: { sourceType: "commonjs" } },
];
