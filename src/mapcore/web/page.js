// A page without a server: it shows one view, or chooses among those of a folder. The query string says which, with the
// keys of the dashboard's links. Content comes as scripts, since a page opened from a disk may not fetch files. All words
// come with the settings and the views, each in the page's language.
(function () {
  "use strict";

  var PLACE = { lat: [40, 56, 3], lon: [18, 46, 3], zoom: [3, 14, 2] };
  var given = {}, waiting = {}, settings, map, view, notices = [];

  function at(id) { return document.getElementById(id); }

  function make(tag, text, attributes) {
    var element = document.createElement(tag);
    if (text !== undefined) { element.textContent = text; }
    Object.keys(attributes || {}).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    return element;
  }

  // One of the page's words, with values in its braces.
  function word(name, values) {
    return settings.words[name].replace(/\{(\w+)\}/g, function (_, key) { return values[key]; });
  }

  function fill(element, children) {
    if (!element) { return; }
    element.replaceChildren.apply(element, children);
  }

  // ---- content

  function Missing(file) { this.file = file; }

  function give(key, content) {
    given[key] = content;
    (waiting[key] || []).forEach(function (resolve) { resolve(content); });
    delete waiting[key];
  }

  function content(key) {
    if (given[key] !== undefined) { return Promise.resolve(given[key]); }
    return new Promise(function (resolve, reject) {
      if (waiting[key]) { waiting[key].push(resolve); return; }
      waiting[key] = [resolve];
      var script = make("script", undefined, { src: "data/" + key + ".js" });
      script.onerror = function () { delete waiting[key]; reject(new Missing("data/" + key + ".js")); };
      document.head.appendChild(script);
    });
  }

  // Shapes may be told as what differs from other shapes.
  function shapes(key) {
    return content(key).then(function (found) {
      if (!found.differs) { return found; }
      return content(found.differs).then(function (before) {
        var changed = {}, gone = {};
        found.features.forEach(function (feature) { changed[feature.id] = feature; });
        found.gone.forEach(function (id) { gone[id] = true; });
        var kept = before.features.filter(function (feature) { return !gone[feature.id] && !changed[feature.id]; });
        return { type: "FeatureCollection", features: found.features.concat(kept) };
      });
    });
  }

  // The names on the map come apart from its shapes, which every language shares.
  function base() {
    if (!settings.site) { return content("base"); }
    return Promise.all([content("base"), content(spoken("places"))]).then(function (found) {
      return Object.assign({}, found[0], { places: found[1] });
    });
  }

  function spoken(key) { return settings.site ? settings.lang + "/" + key : key; }

  window.mapcoreContent = function (key) {
    return key === "base" ? base() : key.indexOf("shapes") === 0 ? shapes(key) : content(key);
  };

  // ---- the link

  function notice(text) { if (notices.indexOf(text) < 0) { notices.push(text); } }

  function chosen(query, key, known, fallback, words) {
    var value = query.get(key);
    if (value === null) { return fallback; }
    if (known.indexOf(value) >= 0) { return value; }
    notice(words);
    return fallback;
  }

  function number(query, key, low, high, fallback) {
    if (query.get(key) === null) { return fallback; }
    var value = Number(query.get(key));
    if (query.get(key).trim() !== "" && value >= low && value <= high) { return value; }
    notice(word("broken_number", { key: key, low: low, high: high }));
    return fallback;
  }

  function read() {
    var query = new URLSearchParams(window.location.search);
    var ids = settings.only ? [settings.only] : settings.proposals.map(function (one) { return one.id; });
    notices = [];
    var start = settings.start;
    var found = { parameters: {}, place: {} };
    found.units = chosen(query, "units", Object.keys(settings.units), start.units || "km2", word("broken_units"));
    found.proposal = settings.only || chosen(query, "proposal", ids, start.proposal, word("broken_proposal"));
    found.compare = settings.only ? "" : chosen(query, "compare", ids, start.compare, word("broken_compare"));
    found.comparing = !settings.only && query.get("page") === "compare";
    found.zone = query.get("zone") || "";
    Object.keys(PLACE).forEach(function (key) {
      var value = number(query, key, PLACE[key][0], PLACE[key][1], null);
      if (value !== null) { found.place[key] = value; }
    });
    if (!Object.keys(found.place).length) { Object.assign(found.place, start.place); }
    if (!settings.only) {
      chosen(query, "control", [start.control], start.control, word("broken_control", { control: start.control }));
      chosen(query, "lang", Object.keys(settings.site), settings.lang, word("broken_language"));
      Object.keys(parameters(found.proposal)).forEach(function (name) {
        var known = parameters(found.proposal)[name];
        found.parameters[name] = nearest(known, number(query, name, known.min, known.max, known.default));
      });
    }
    if (query.get("v") && query.get("v") !== settings.version) {
      notice(word("moved"));
    }
    return found;
  }

  function parameters(id) {
    var found = (settings.proposals || []).filter(function (one) { return one.id === id; })[0];
    return found ? found.parameters : {};
  }

  function nearest(parameter, value) {
    var step = Math.round((value - parameter.min) / parameter.step);
    return Math.min(parameter.max, parameter.min + step * parameter.step);
  }

  // A page from a disk may not always rewrite its own address; it works without.
  function write(entry) {
    var query = new URLSearchParams(window.location.search);
    function put(key, value, plain) { if (value === plain || value === "") { query.delete(key); } else { query.set(key, value); } }
    put("units", view.units, settings.start.units || "km2");
    if (!settings.only) {
      query.set("proposal", view.proposal);
      put("page", view.comparing ? "compare" : "map", "map");
      put("compare", view.compare, settings.start.compare);
      settings.proposals.forEach(function (one) {
        Object.keys(one.parameters).forEach(function (name) {
          put(name, one.id === view.proposal ? String(view.parameters[name]) : "", String(one.parameters[name].default));
        });
      });
      put("lang", settings.lang, Object.keys(settings.site)[0]);
      query.set("v", settings.version);
    }
    put("zone", view.zone, "");
    Object.keys(PLACE).forEach(function (key) {
      put(key, view.place[key] === undefined ? "" : view.place[key].toFixed(PLACE[key][2]).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, ""), "");
    });
    var address = "?" + query.toString();
    turn(query);
    if (address === window.location.search || address === "?") { return; }
    try {
      if (entry) { window.history.pushState(null, "", address); } else { window.history.replaceState(null, "", address); }
    } catch (refused) { return; }
  }

  // The same view in the other languages, each of which has a page of its own.
  function turn(query) {
    Array.prototype.forEach.call(document.querySelectorAll("#languages a"), function (other) {
      var there = new URLSearchParams(query);
      if (other.dataset.lang === Object.keys(settings.site)[0]) { there.delete("lang"); } else { there.set("lang", other.dataset.lang); }
      other.setAttribute("href", settings.site[other.dataset.lang] + "?" + there.toString());
    });
  }

  // ---- the page

  function key() {
    if (settings.only) { return settings.only; }
    if (view.comparing && view.compare !== view.proposal) { return "compare/" + view.proposal + "--" + view.compare; }
    var apart = Object.keys(view.parameters).filter(function (name) {
      return view.parameters[name] !== parameters(view.proposal)[name].default;
    });
    return "proposals/" + view.proposal + apart.map(function (name) { return "--" + name + "-" + view.parameters[name]; }).join("");
  }

  function background(paint) {
    var colour = document.documentElement.dataset.theme === "dark" ? paint.colour_dark : paint.colour;
    return paint.hatch ? "repeating-linear-gradient(135deg," + colour + " 0 3px," + colour + "48 3px 7px)" : colour;
  }

  function legend(words) {
    var items = words.legend.map(function (one) {
      var item = make("span"), square = make("i", undefined, { "class": "swatch" });
      square.style.background = background(one);
      item.append(square, one.label + ": " + one.text[view.units]);
      return item;
    });
    [["3px", word("line")], ["1.5px", word("border")]].forEach(function (one) {
      var item = make("span"), rule = make("i", undefined, { "class": "rule" });
      rule.style.borderWidth = one[0];
      item.append(rule, one[1]);
      items.push(item);
    });
    return items;
  }

  function ledger(words) {
    return words.figures.map(function (one) {
      var row = make("div"), figure = make("dd", one.text[view.units]);
      if (one.bounds[view.units]) { figure.append(make("small", word("range", { bounds: one.bounds[view.units] }))); }
      if (one.more[view.units]) { figure.append(make("small", one.more[view.units])); }
      row.append(make("dt", one.label), figure);
      return row;
    });
  }

  function table(words) {
    var head = make("tr"), body = make("tbody"), top = make("thead");
    var right = words.table.head.map(function (column) { return column[1]; });
    words.table.head.forEach(function (column) { head.append(make("th", column[0], column[1] ? { scope: "col", "class": "n" } : { scope: "col" })); });
    words.table.rows[view.units].forEach(function (cells) {
      var row = make("tr");
      cells.forEach(function (cell, place) { row.append(make("td", cell, right[place] ? { "class": "n" } : {})); });
      body.append(row);
    });
    top.append(head);
    return [top, body];
  }

  function linked(text, address) {
    var line = make("p", text + " ");
    if (address) { line.append(make("a", word("source"), { href: address, target: "_blank", rel: "noopener" })); }
    return line;
  }

  function prose(words) {
    var blocks = [];
    function block(heading, lines) { if (lines.length) { blocks.push(make("h3", heading)); blocks = blocks.concat(lines); } }
    function plain(text) { return make("p", text); }
    block(word("text"), words.clauses.map(function (one) { return linked(one[0] + ": " + one[1], one[2]); }));
    block(word("not_specified"), words.unspecified.map(plain));
    block(word("readings"), words.readings.map(plain));
    block(word("sources"), words.sources.map(function (one) { return linked(one[0], one[1]); }));
    return blocks;
  }

  function files(words) {
    return (words.files || []).map(function (file) {
      var item = make("span"), ending = file.split(".").pop();
      item.append(make("a", ending.toUpperCase(), { href: "files/" + file, download: file }), " ");
      return item;
    });
  }

  function controls() {
    at("units").value = view.units;
    at("theme").textContent = document.documentElement.dataset.theme === "dark" ? word("light") : word("dark");
    if (settings.only) { return; }
    at("proposal").value = view.proposal;
    at("compare").value = view.compare;
    at("comparing").checked = view.comparing;
    at("compare").disabled = !view.comparing;
    var known = view.comparing ? {} : parameters(view.proposal);
    if (at("parameters").dataset.of !== Object.keys(known).join()) {
      at("parameters").dataset.of = Object.keys(known).join();
      fill(at("parameters"), Object.keys(known).map(slider));
    }
    Object.keys(known).forEach(function (name) {
      at("parameter-" + name).value = view.parameters[name];
      at("told-" + name).textContent = view.parameters[name] + "\u00a0" + known[name].unit;
    });
  }

  function slider(name) {
    var known = parameters(view.proposal)[name], label = make("label", known.label + " ");
    var range = make("input", undefined, { type: "range", id: "parameter-" + name, min: known.min, max: known.max, step: known.step });
    range.addEventListener("input", function () { at("told-" + name).textContent = range.value + "\u00a0" + known.unit; });
    range.addEventListener("change", function () { view.parameters[name] = Number(range.value); changed(); });
    label.append(range, make("output", "", { id: "told-" + name }));
    return label;
  }

  function details() {
    if (!view.zone) { fill(at("details"), []); return; }
    content(view.words.tips[view.units]).then(function (tips) {
      fill(at("details"), Object.keys(tips).filter(function (id) { return id.split("#")[0] === view.zone; }).map(function (id) {
        // Escaped where it was made.
        var block = make("p");
        block.innerHTML = tips[id].tip;
        return block;
      }));
    });
  }

  function draw() {
    var wanted = key();
    view.wanted = wanted;
    if (view.comparing && view.compare === view.proposal) { notice(word("same")); }
    controls();
    fill(at("notices"), notices.map(function (text) { return make("p", text); }));
    return content(spoken(wanted)).then(function (words) {
      if (view.wanted !== wanted) { return; }
      view.words = words;
      document.title = words.title + " | mapcore";
      ["title", "byline", "summary", "line", "citation", "bibtex", "method"].forEach(function (id) { at(id).textContent = words[id]; });
      fill(at("notes"), words.notes.map(function (text) { return make("p", text); }));
      fill(at("legend"), legend(words));
      fill(at("ledger"), ledger(words));
      fill(at("zones"), table(words));
      fill(at("text"), prose(words));
      fill(at("files"), files(words));
      if (at("offered")) { at("offered").hidden = !at("files").children.length; }
      window.mapcore.show({
        shapes: words.shapes, words: words.tips[view.units], name: wanted, theme: document.documentElement.dataset.theme,
        zone: view.zone, tiles: null, version: settings.version, attribution: words.credit, placed: view.place.lat !== undefined
      });
      details();
    }).catch(function (problem) {
      if (!(problem instanceof Missing)) { throw problem; }
      fill(at("notices"), [make("p", word("missing", { file: problem.file }))]);
    });
  }

  function changed() { notices = []; write(true); draw(); }

  function place() {
    if (view.place.lat !== undefined && view.place.lon !== undefined) {
      map.setView([view.place.lat, view.place.lon], view.place.zoom === undefined ? map.getZoom() : view.place.zoom, { animate: false });
    }
  }

  function listen() {
    function on(id, work) { if (at(id)) { at(id).addEventListener("change", function () { work(at(id)); changed(); }); } }
    on("units", function (field) { view.units = field.value; });
    on("compare", function (field) { view.compare = field.value; });
    on("comparing", function (field) { view.comparing = field.checked; });
    on("proposal", function (field) {
      view.proposal = field.value;
      view.parameters = {};
      Object.keys(parameters(field.value)).forEach(function (name) { view.parameters[name] = parameters(field.value)[name].default; });
    });
    at("theme").addEventListener("click", function () {
      document.documentElement.dataset.theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
      draw();
    });
    window.mapcoreChosen = function (zone) {
      view.zone = zone;
      write(false);
      draw();
    };
    window.addEventListener("popstate", function () { view = read(); draw(); });
    map.on("moveend", function () {
      var here = window.mapcore.place();
      if (here === undefined) { return; }
      view.place = here || {};
      write(false);
    });
  }

  function start(options) {
    settings = options;
    Object.keys(options.content || {}).forEach(function (name) { give(name, options.content[name]); });
    document.documentElement.dataset.theme = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    document.documentElement.classList.toggle("embedded", new URLSearchParams(window.location.search).get("embed") === "true");
    view = read();
    map = L.map("map", { center: [48.4, 31.2], zoom: 6, minZoom: 3, maxZoom: 14, zoomSnap: 0.25 });
    window.mapcore.start(map, { url: "base", statuses: settings.paints, words: settings.mapWords });
    place();
    listen();
    turn(new URLSearchParams(window.location.search));
    draw();
  }

  window.mapcorePage = { start: start, give: give };
})();
