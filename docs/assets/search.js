// The theme fetches its search index, larger than any page, and starts its search worker with every
// page. Here both wait until the search is opened, or until an address names something searched.
(function () {
  "use strict";
  if (location.protocol === "file:") return; // there the theme waits by itself

  var opened = new Promise(function (resolve) {
    var asked = new URLSearchParams(location.search);
    if (asked.has("q") || asked.has("h")) return resolve();
    var input = document.querySelector("input.md-search__input");
    if (input === document.activeElement) return resolve();
    document.getElementById("__search").addEventListener("change", resolve, { once: true });
    input.addEventListener("focus", resolve, { once: true });
  });

  var open = XMLHttpRequest.prototype.open;
  XMLHttpRequest.prototype.open = function (method, address) {
    if (String(address).endsWith("/search/search_index.json")) {
      var send = this.send;
      this.send = function (body) { opened.then(send.bind(this, body)); };
    }
    return open.apply(this, arguments);
  };

  var Started = window.Worker;
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      this.started = opened.then(() => {
        var worker = new Started(address);
        worker.addEventListener("message", (event) => {
          this.dispatchEvent(new MessageEvent("message", { data: event.data }));
        });
        return worker;
      });
    }
    postMessage(message) {
      this.started.then((worker) => worker.postMessage(message));
    }
  };
})();
