// Small help that only a browser can give. A page reads without it.

// The theme opens its drawer, and on a phone its search, with a label that no key can reach. Put a
// button in its place.
for (const label of document.querySelectorAll("label.md-header__button:is([for=__drawer], [for=__search])")) {
  const toggle = document.getElementById(label.htmlFor);
  const button = document.createElement("button");
  button.type = "button";
  button.className = label.className;
  button.dataset.opens = label.htmlFor;
  button.append(...label.childNodes);
  label.replaceWith(button);

  const tell = () => button.setAttribute("aria-expanded", toggle.checked);
  button.addEventListener("click", () => {
    toggle.click();
    if (toggle.id === "__search" && toggle.checked) document.querySelector(".md-search__input").focus();
  });
  toggle.addEventListener("change", tell);
  tell();
}

const drawer = document.getElementById("__drawer");
const opener = document.querySelector("[data-opens=__drawer]");
drawer.addEventListener("change", () => {
  if (drawer.checked) document.querySelector(".md-nav--primary a[href]:not(.md-logo)").focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !drawer.checked) return;
  drawer.click();
  opener.focus();
});

// A box that scrolls sideways can be scrolled with the keyboard; one that fits is no stop for Tab.
// All boxes are measured before one is changed, or each change would have the page laid out anew;
// and none is measured that is still left out of the layout because nobody is near it.
const boxes = ".maths, .md-typeset__scrollwrap:not(.md-typeset__scrollwrap *), .scrolls, pre > code";
function findScrolling(within) {
  const near = [within, ...within.querySelectorAll(boxes)]
    .filter((box) => box.matches?.(boxes) && (box.checkVisibility?.({ contentVisibilityAuto: true }) ?? true));
  const wide = near.map((box) => box.scrollWidth > box.clientWidth + 1);
  near.forEach((box, index) => {
    box.toggleAttribute("data-scrolls", wide[index]);
    if (wide[index]) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  });
}
// Where there is no mouse the theme takes the stop away again, when a listing comes into sight.
new MutationObserver((changes) => {
  for (const { target } of changes) if (target.matches("[data-scrolls]:not([tabindex])")) target.tabIndex = 0;
}).observe(document.body, { attributeFilter: ["tabindex"], subtree: true });
addEventListener("resize", () => findScrolling(document));
const loaded = new Promise((resolve) => {
  if (document.readyState === "complete") resolve();
  else addEventListener("load", resolve);
});
loaded.then(() => findScrolling(document));
document.fonts.ready.then(() => findScrolling(document));
document.addEventListener("contentvisibilityautostatechange", (event) => {
  if (!event.skipped) findScrolling(event.target);
}, true);

// Blocks further down are left out of the first layout. When there is nothing else to do they get
// their place one by one, so that a page soon has its true length.
const whenIdle = window.requestIdleCallback ?? ((call) => setTimeout(call, 50));
function layOut(blocks) {
  const next = blocks.findIndex((block) => getComputedStyle(block).contentVisibility === "auto");
  if (next < 0) return;
  blocks[next].classList.add("laid-out");
  blocks[next].getBoundingClientRect(); // until it has one, what is in it counts as left out
  findScrolling(blocks[next]);
  whenIdle(() => layOut(blocks.slice(next + 1)));
}
loaded.then(() => whenIdle(() => layOut([...document.querySelectorAll(".md-content__inner > *, .question")])));

// A button that copies a listing and says so.
for (const listing of document.querySelectorAll(".highlight > pre")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  button.setAttribute("aria-live", "polite");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(listing.querySelector("code").textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  listing.before(button);
}

// A copied formula is TeX, not the glyphs it is drawn with.
document.addEventListener("copy", (event) => {
  const copied = getSelection().getRangeAt(0).cloneContents();
  const formulas = copied.querySelectorAll(".katex");
  if (!formulas.length) return;
  for (const formula of formulas) {
    const tex = formula.querySelector("annotation")?.textContent ?? "";
    formula.replaceWith(formula.parentNode.matches?.(".katex-display") ? `$$${tex}$$` : `$${tex}$`);
  }
  for (const block of copied.querySelectorAll("p, li, h1, h2, h3, h4, pre, tr, .maths")) block.append("\n");
  event.clipboardData.setData("text/plain", copied.textContent);
  event.preventDefault();
});

// The page on privacy has a button that erases what is kept.
const kept = document.querySelector(".kept");
if (kept) import("./privacy.js").then(({ eraser }) => eraser(kept, __md_scope.pathname));
