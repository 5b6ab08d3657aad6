{#-
  Scripts wait in templates until the page has been painted: none of them has a part in the first
  paint, and on a slow line each would hold it up. Then they are loaded in their order.

  A page that is not shown is not painted, nor is a frame that is scrolled out of sight; so there is
  a longest wait. A reader who does something has seen the page; what they do before the scripts are
  there is kept, and told to them when they are.
-#}
(function () {
  "use strict";
  var LONGEST = 3000; // milliseconds
  var held = Array.from(document.querySelectorAll("template.later"));
  var changed = [];
  var begun = false;

  function keepChange(event) { changed.push(event.target); }

  function openSearch(event) {
    var typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (typing || event.metaKey || event.ctrlKey || event.altKey) return;
    if (!["f", "s", "/"].includes(event.key)) return; // as the theme has it
    var toggle = document.getElementById("__search");
    if (!toggle.checked) toggle.click();
    document.querySelector(".md-search__input").focus();
    event.preventDefault();
  }

  function load(waiting) {
    var script = document.createElement("script");
    Array.from(waiting.attributes).forEach(function (one) { script.setAttribute(one.name, one.value); });
    script.async = false;
    return new Promise(function (resolve) {
      script.onload = script.onerror = resolve;
      document.body.append(script);
    });
  }

  function begin() {
    if (begun) return;
    begun = true;
    var scripts = held.flatMap(function (one) { return Array.from(one.content.querySelectorAll("script")); });
    Promise.all(scripts.map(load)).then(function () { setTimeout(end); });
  }

  // The theme waits for a page to be read to its end, which this one has been. It goes on in a task
  // of its own, so that what a reader does meanwhile is not held up by both.
  document.addEventListener = function (kind, listener) {
    if (kind === "DOMContentLoaded" && document.readyState !== "loading") setTimeout(listener);
    else EventTarget.prototype.addEventListener.apply(this, arguments);
  };

  // It also tells the browser which colours a page has, twice, and each time the whole page is styled
  // anew. The style sheet has said it already.
  document.head.appendChild = function (node) {
    return node.name === "color-scheme" ? node : Node.prototype.appendChild.call(this, node);
  };

  function end() {
    delete document.addEventListener;
    delete document.head.appendChild;
    document.removeEventListener("change", keepChange);
    document.removeEventListener("keydown", openSearch);
    changed.forEach(function (one) { one.dispatchEvent(new Event("change", { bubbles: true })); });
    held.pop().content.replaceChildren(); // a sign that all is there; without it the page is styled anew
  }

  document.addEventListener("change", keepChange);
  document.addEventListener("keydown", openSearch);
  ["keydown", "pointerdown"].forEach(function (kind) { addEventListener(kind, begin, { once: true }); });
  setTimeout(begin, LONGEST);
  if (document.hidden) begin();
  else if ((window.PerformanceObserver?.supportedEntryTypes ?? []).includes("paint"))
    new PerformanceObserver(function (list) {
      if (list.getEntriesByName("first-contentful-paint").length) begin();
    }).observe({ type: "paint", buffered: true });
  else requestAnimationFrame(function () { setTimeout(begin); });
})();
