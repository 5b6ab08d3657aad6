// Files to take away. Loaded when somebody asks for one.

import { json, python } from "./export.mjs";

// The drawing with the colours it has on the page, standing alone.
function picture(svg) {
  const copy = svg.cloneNode(true);
  const drawn = svg.querySelectorAll("*"), copied = copy.querySelectorAll("*");
  const kept = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "paint-order", "stroke-linejoin", "font-family", "font-style", "font-weight"];
  drawn.forEach((node, n) => {
    const style = getComputedStyle(node);
    for (const name of kept) copied[n].setAttribute(name, style.getPropertyValue(name));
    copied[n].removeAttribute("class");
    copied[n].removeAttribute("data-edit");
  });
  const [, , wide, high] = svg.getAttribute("viewBox").split(" ");
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const [name, value] of Object.entries({ width: wide, height: high, fill: paperColour(svg) })) paper.setAttribute(name, value);
  copy.prepend(paper);
  copy.setAttribute("width", wide);
  copy.setAttribute("height", high);
  return new XMLSerializer().serializeToString(copy);
}

const paperColour = (svg) => getComputedStyle(svg).getPropertyValue("--cr-paper").trim() || "white";

async function pixels(svg) {
  const image = new Image();
  const [, , wide, high] = svg.getAttribute("viewBox").split(" ").map(Number);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture(svg))}`;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 3 * wide, height: 3 * high });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

export async function save(what, { settings, svg }) {
  const [name, content] = {
    python: () => ["player.py", python(settings)], json: () => ["network.json", json(settings)],
    svg: () => ["network.svg", picture(svg)], png: () => ["network.png", pixels(svg)],
  }[what]();
  const address = URL.createObjectURL(new Blob([await content], { type: "application/octet-stream" }));
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
