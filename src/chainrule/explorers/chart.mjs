// Curves on axes, as markup: drawn as wide as the place they are for, so letters keep their size.

import { escaped, raised } from "./numbers.mjs";

const LETTER = 7; // pixels, about
const [BESIDE, BELOW, SAMPLE] = [18, 38, 22];

// `x` and `y` are axes {from, to, title, ticks: [[value, text], …]}. A line is {role, points,
// dash, dots, text}; a point that is no number parts it.
export function chart({ wide, high, x, y, lines, label }) {
  const above = lines.some(({ text }) => text) ? 44 : 24;
  const left = 10 + LETTER * Math.max(...y.ticks.map(([, text]) => visible(text)));
  const floor = high - BELOW;
  const across = (v) => left + ((v - x.from) / (x.to - x.from || 1)) * (wide - left - BESIDE);
  const down = (v) => floor - ((v - y.from) / (y.to - y.from || 1)) * (floor - above);
  const levels = y.ticks.map(([v, text]) =>
    `<path d="M${left} ${at(down(v))}H${wide - BESIDE}" class="stroke-hairline"/>` +
    word(left - 6, down(v) + 4.5, "end", "muted", text));
  const feet = x.ticks.map(([v, text]) => word(across(v), floor + 17, "middle", "muted", text));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="drawn chart" role="img" viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}" aria-label="${escaped(label)}">` +
    `<g aria-hidden="true" font-size="13">${levels.join("")}${feet.join("")}` +
    word(wide - BESIDE, high - 5, "end", "muted", x.title) + word(2, 12, "start", "ink", y.title) +
    legend(lines, left) + lines.map((line) => curve(line, across, down)).join("") + "</g></svg>");
}

export const at = (n) => n.toFixed(1);
const visible = (text) => String(text).replace(/[⁻⁰¹²³⁴-⁹]{2}/g, "i").length;
const word = (x, y, anchor, role, text) =>
  `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" class="fill-${role}">${escaped(text)}</text>`;

function curve({ role, points, dash, dots }, across, down) {
  const shown = points.map(([h, v]) => Number.isFinite(v) && [at(across(h)), at(down(v))]);
  const path = shown.map((point, n) => point && `${shown[n - 1] ? "L" : "M"}${point.join(" ")}`).filter(Boolean);
  const rounds = shown.filter((point) => dots && point)
    .map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="2.6" class="fill-${role}"/>`);
  return `<path d="${path.join("")}" fill="none" class="stroke-${role}${dash ? ` dash${dash}` : ""}" stroke-width="1.6"/>${rounds.join("")}`;
}

// What each line is, with a piece of it, above them all.
function legend(lines, left) {
  let x = left;
  return lines.filter(({ text }) => text).map(({ text, ...line }) => {
    const start = x;
    x += SAMPLE + 20 + LETTER * text.length;
    const piece = curve({ ...line, dots: false, points: [[start, 27], [start + SAMPLE, 27]] }, Number, Number);
    return piece + word(start + SAMPLE + 5, 31, "start", line.role, text);
  }).join("");
}

// Axes -----------------------------------------------------------------------------------------

// Powers of ten from one number to another: the axis of their logarithms.
export function decades(least, most, fit = 6) {
  const from = Math.floor(Math.log10(least)), to = Math.max(from + 1, Math.ceil(Math.log10(most)));
  const names = { 0: "1", 1: "10" };
  return { from, to, ticks: few(from, to, fit).map((power) => [power, names[power] ?? `10${raised(power)}`]) };
}

// Round numbers from one to another, not more than fit.
export function few(from, to, fit) {
  const by = STEPS.find((step) => (to - from) / step <= fit) ?? STEPS.at(-1);
  const first = Math.ceil(from / by) * by;
  return Array.from({ length: Math.floor((to - first) / by) + 1 }, (_, n) => first + n * by);
}

const STEPS = [0, 1, 2, 3].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power));
