{#-
  The theme takes the colours that a reader's system asks for, and shows the switch between them, only
  when its script runs; that is after the first paint, and both would be seen to change.
-#}
(function () {
  "use strict";
  var options = Array.from(document.querySelectorAll(".md-option"));
  var fits = options.findIndex(function (option) { return matchMedia(option.dataset.mdColorMedia).matches; });
  var wanted = options[__md_get("__palette")?.index ?? fits];
  if (!wanted) return;
  ["media", "scheme", "primary", "accent"].forEach(function (name) {
    document.body.setAttribute("data-md-color-" + name, wanted.getAttribute("data-md-color-" + name));
  });
  wanted.nextElementSibling.hidden = false;
})();
