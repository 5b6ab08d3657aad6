// Curves and axes as SVG. Colours are classes, as in every figure of the book.

import { escaped, raised, range } from "./numbers.mjs";

// A drawing of this size, described in a sentence. With `handles` it holds things to be moved, and
// is a group then: an image has no parts for those who listen.
export function drawing([wide, high], label, inner, { name = "", handles = false } = {}) {
  const role = handles ? "group" : "img";
  const quiet = handles ? "" : ' aria-hidden="true"';
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="drawn ${name}" role="${role}" aria-label="${escaped(label)}" ` +
    `viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}"><g${quiet} font-size="13">${inner}</g></svg>`);
}

export const scale = ([low, high], [from, to]) => (value) => from + ((value - low) / (high - low)) * (to - from);

export const at = (value) => value.toFixed(1);

export const line = (points, role, more = "") =>
  `<polyline points="${points.map(([x, y]) => `${at(x)},${at(y)}`).join(" ")}" fill="none" class="stroke-${role}" ${more}/>`;

export const segment = (x1, y1, x2, y2, role, more = "") =>
  `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" class="stroke-${role}" ${more}/>`;

export const dot = (x, y, radius, role, more = "") =>
  `<circle cx="${at(x)}" cy="${at(y)}" r="${radius}" class="${role}" ${more}/>`;

export const words = (x, y, text, role, more = "") =>
  `<text x="${at(x)}" y="${at(y)}" class="fill-${role}" ${more}>${text}</text>`;

// 10⁻³, and 1 and 10 as they are.
export const power = (exponent) => (exponent === 0 ? "1" : exponent === 1 ? "10" : `10${raised(exponent)}`);

// Every `step`th whole number from low to high.
export function whole(low, high, step = 1) {
  const first = Math.ceil(low / step) * step;
  return range(Math.max(0, Math.floor((high - first) / step) + 1)).map((n) => first + n * step);
}
