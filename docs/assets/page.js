// Small help that only a browser can give. A page reads without it.

// Space opens the drawer and the search on a narrow screen, since they are checkboxes; people who see
// a button press Enter, and Escape to get out.
for (const toggle of document.querySelectorAll("[data-md-toggle]")) {
  toggle.addEventListener("keydown", (event) => {
    if (event.key === "Enter") toggle.click();
  });
}
document.addEventListener("keydown", (event) => {
  const drawer = document.querySelector("[data-md-toggle=drawer]");
  if (event.key === "Escape" && drawer.checked) {
    drawer.click();
    drawer.focus();
  }
});

// A box that scrolls sideways can be scrolled with the keyboard; one that fits is no stop for Tab.
function findScrolling() {
  for (const box of document.querySelectorAll(".maths, .md-typeset__scrollwrap, .scrolls")) {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    box.toggleAttribute("data-scrolls", scrolls);
    if (scrolls) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }
}
addEventListener("resize", findScrolling);
addEventListener("load", findScrolling);
document.fonts.ready.then(findScrolling);

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
