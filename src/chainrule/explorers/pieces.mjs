// Formulas put together from pieces.
//
// A piece is a few signs with numbered slots, ⟦0⟧. Its TeX is typeset once, when the site is built;
// here it only has its slots filled. Where nothing has been typeset, its plain words stand in.

import { FRAGMENTS } from "./fragments.mjs";
import { escaped, figures, written } from "./numbers.mjs";

// name: [TeX, plain words]; each explorer adds its own.
export const PIECES = {
  "=": ["=", "="], "+": ["+", "+"], "−": ["-", "−"], "·": ["\\cdot", "·"],
  group: ["(⟦0⟧)", "(⟦0⟧)"],
  power: ["⟦0⟧\\cdot10^{⟦1⟧}", "⟦0⟧·10^⟦1⟧"],
};

// A formula is a pair: `html` to look at, `text` to read out.
const filled = (template, parts) => template.replace(/⟦(\d)⟧/g, (_, k) => parts[k]);

export function piece(name, ...parts) {
  const given = parts.map((part) => (typeof part === "object" ? part : plain(part)));
  const text = filled(PIECES[name][1], given.map((part) => part.text));
  const typeset = FRAGMENTS[PIECES[name][0]];
  return { html: typeset ? filled(typeset, given.map((part) => part.html)) : escaped(text), text };
}

const plain = (text) => ({ html: escaped(text), text: String(text) });

export function together(...parts) {
  return { html: parts.map((p) => p.html).join(" "), text: parts.map((p) => p.text).join(" ") };
}

export function glued(...parts) {
  const html = parts.map((p) => p.html).join("");
  return { html: `<span class="glued">${html}</span>`, text: parts.map((p) => p.text).join("") };
}

export const coloured = ({ html, text }, role) => ({ html: `<span class="${role}">${html}</span>`, text });

// A line of formulas as markup; the words are for those who listen.
export function shown({ html, text }) {
  return (
    `<span class="katex" aria-hidden="true"><span class="katex-html">${html}</span></span>` +
    `<span class="unseen">${escaped(text)}</span>`
  );
}

export function number(value, role) {
  const [mantissa, power] = figures(value);
  const html = power ? piece("power", mantissa, power.replace("-", "−")).html : mantissa;
  const whole = { html, text: written(value) };
  return role ? coloured(whole, role) : whole;
}

// A number behind an operator: −2 is written (−2).
export function inner(value, role) {
  return value < 0 || figures(value)[1] ? piece("group", number(value, role)) : number(value, role);
}

export function total(terms) {
  return together(...terms.map((term, k) => (k ? tied(piece("+"), term) : term)));
}

export const equals = (...sides) => together(...sides.map((side, k) => (k ? tied(piece("="), side) : side)));
const tied = (one, other) => ({ html: `${one.html}\u00a0${other.html}`, text: `${one.text} ${other.text}` });

// A short product stays on one line.
const ONE_LINE = 30;
export const product = (p, q) => p.text.length + q.text.length < ONE_LINE
  ? tied(tied(p, piece("·")), q) : together(p, piece("·"), q);
