{#-
  Runs before the theme. The theme reads its settings from localStorage without asking whether it
  may or whether they make sense, and stops for good if not: no search, no copying, no dark mode.
  So: where storage is refused, give it one that lasts as long as the page; where a setting is
  damaged, forget it. And: have the fonts that came with the style sheet ready for the first line;
  a browser unpacks a font only when it meets text to set in it, and shows another one meanwhile.
-#}
(function () {
  "use strict";

  // The theme says that scripts run, and that it watches the focus, only when it starts; then the whole
  // page is styled anew.
  document.documentElement.classList.replace("no-js", "js");
  document.documentElement.classList.add("js-focus-visible");

  if (document.fonts) {
    ['"Source Serif 4"', 'italic "Source Serif 4"', '"Source Sans 3"', 'italic "Source Sans 3"', '"IBM Plex Mono"']
      .forEach(function (font) { document.fonts.load(font.replace('"', '1em "')); });
    document.fonts.forEach(function (face) { if (/KaTeX_/.test(face.family)) face.load(); });
  }

  function inMemory() {
    var kept = new Map();
    return {
      get length() { return kept.size; },
      key: function (i) { return Array.from(kept.keys())[i] ?? null; },
      getItem: function (key) { return kept.has(String(key)) ? kept.get(String(key)) : null; },
      setItem: function (key, value) { kept.set(String(key), String(value)); },
      removeItem: function (key) { kept.delete(String(key)); },
      clear: function () { kept.clear(); }
    };
  }

  function usable(name) {
    try {
      var storage = window[name];
      storage.setItem("chainrule-probe", "1");
      storage.removeItem("chainrule-probe");
      return true;
    } catch (refused) {
      return false;
    }
  }

  ["localStorage", "sessionStorage"].forEach(function (name) {
    if (!usable(name)) {
      Object.defineProperty(window, name, { value: inMemory(), configurable: true });
    }
  });

  function isPalette(text) {
    try {
      var palette = JSON.parse(text);
      return typeof palette.index === "number" && typeof palette.color.scheme === "string";
    } catch (damaged) {
      return false;
    }
  }

  Object.keys(localStorage).forEach(function (key) {
    if (key.endsWith(".__palette") && !isPalette(localStorage.getItem(key))) {
      localStorage.removeItem(key);
    }
  });
})();
