// Curves on axes, drawn as wide as the place they are for, so that letters keep their size.

import { dot, drawing, power, scale, segment, whole, words } from "./drawing.mjs";

const LETTER = 7; // pixels, about
const [BESIDE, BELOW, SAMPLE] = [18, 38, 22];

// `x` and `y` are axes {from, to, title, ticks: [[value, text], …]}. A curve is {role, points,
// dash, dots, text}; a point that is no number parts it.
export function chart({ wide, high, x, y, curves, label }) {
  const left = 14 + LETTER * Math.max(...y.ticks.map(([, text]) => visible(text)));
  const [top, floor] = [curves.some(({ text }) => text) ? 44 : 24, high - BELOW];
  const across = scale([x.from, x.to], [left, wide - BESIDE]);
  const down = scale([y.from, y.to], [floor, top]);
  const levels = y.ticks.map(([v, text]) =>
    segment(left, down(v), wide - BESIDE, down(v), "hairline") +
    words(left - 6, down(v) + 4.5, text, "muted", 'text-anchor="end"'));
  const feet = x.ticks.map(([v, text]) => words(across(v), floor + 17, text, "muted", 'text-anchor="middle"'));
  const titles =
    words(wide - BESIDE, high - 5, x.title, "muted", 'text-anchor="end"') + words(2, 12, y.title, "ink");
  const drawn = curves.map(({ points, ...look }) =>
    curve({ ...look, points: points.map(([h, v]) => [across(h), down(v)]) }));
  return drawing([wide, high], label, [...levels, ...feet, titles, legend(curves, left), ...drawn].join(""), { name: "chart" });
}

// How many letters wide a text is; small digits take half of one.
const visible = (text) => String(text).replace(/[⁻⁰¹²³⁴-⁹]{2}/g, "i").length;

function curve({ role, points, dash, dots }) {
  const seen = points.map(([, v]) => Number.isFinite(v));
  const path = points.map(([h, v], n) => (seen[n] ? `${seen[n - 1] ? "L" : "M"}${h.toFixed(1)} ${v.toFixed(1)}` : ""));
  const rounds = dots ? points.filter((_, n) => seen[n]).map(([h, v]) => dot(h, v, 2.6, `fill-${role}`)) : [];
  return `<path d="${path.join("")}" fill="none" class="stroke-${role}${dash ? ` dash${dash}` : ""}" stroke-width="1.6"/>${rounds.join("")}`;
}

// What each curve is, with a piece of it, above them all.
function legend(curves, left) {
  let x = left;
  return curves.filter(({ text }) => text).map(({ text, role, dash }) => {
    const start = x;
    x += SAMPLE + 20 + LETTER * text.length;
    return curve({ role, dash, points: [[start, 27], [start + SAMPLE, 27]] }) + words(start + SAMPLE + 5, 31, text, role);
  }).join("");
}

// Axes -----------------------------------------------------------------------------------------

// Powers of ten from one number to another: the axis of their logarithms.
export function decades(least, most, fit = 6) {
  const from = Math.floor(Math.log10(least)), to = Math.max(from + 1, Math.ceil(Math.log10(most)));
  return { from, to, ticks: few(from, to, fit).map((exponent) => [exponent, power(exponent)]) };
}

// Round whole numbers from one to another, not more than fit.
export const few = (from, to, fit) => whole(from, to, STEPS.find((step) => (to - from) / step <= fit) ?? STEPS.at(-1));

const STEPS = [0, 1, 2, 3].flatMap((exponent) => [1, 2, 5].map((digit) => digit * 10 ** exponent));
