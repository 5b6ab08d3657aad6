// Numbers as readers write and read them, and what is said when they are none.

export const LARGEST = 1e6; // that a reader may type

export const range = (n) => [...Array(n).keys()]; // 0 to n - 1

// A mistake of the reader's: where it was made, and a sentence about it.
export class Mistake extends Error {
  constructor(where, sentence) {
    super(sentence);
    this.where = where;
  }
}

// Numbers as people write them: 0.25, .25, 0,25, −1, 2.5e-1, 1/4. Anything else is a Mistake.
export function numberIn(text, where = "") {
  const tidy = String(text).trim().replace(/[−–]/g, "-").replace(/^(-?\d*),(\d+)$/, "$1.$2");
  const said = tidy.length > 20 ? `${tidy.slice(0, 19)}…` : tidy;
  if (!tidy) throw new Mistake(where, "A number is missing here.");
  const [, top, bottom = "1"] = /^([-+]?[\d.]+(?:e[-+]?\d+)?)(?:\/(\d+))?$/i.exec(tidy) ?? [];
  const value = Number(top) / Number(bottom);
  if (top === undefined || Number.isNaN(value))
    throw new Mistake(where, `“${said}” is not a number. Write 0.25, 1/4 or 2.5e-1.`);
  if (!(Math.abs(value) <= LARGEST))
    throw new Mistake(where, `“${said}” is too large. At most a million, up or down.`);
  return value;
}

export function between(value, least, most, where, noun) {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new Mistake(where, `${noun} must be a whole number from ${least} to ${most}.`);
  return value;
}

export function oneOf(name, known, where, noun) {
  if (!Object.hasOwn(known, name)) throw new Mistake(where, `There is no ${noun} called “${String(name).slice(0, 20)}”.`);
  return name;
}

// Numbers as text ----------------------------------------------------------------------------

const SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉", SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
export const lowered = (digits) => String(digits).replace(/\d/g, (d) => SUBSCRIPTS[d]);
export const raised = (digits) =>
  String(digits).replace(/\d/g, (d) => SUPERSCRIPTS[d]).replace("-", "⁻");
export const escaped = (text) =>
  String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

// So many significant figures, as the reference writes them: 0.642217, −0.00399065, 1.2·10⁻⁹.
export function figures(value, digits = 6) {
  if (!Number.isFinite(value)) return ["not a number", ""];
  const [mantissa, exponent] = (value + 0).toExponential(digits - 1).split("e");
  const power = Number(exponent);
  const tidy = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  if (power < -4 || power >= digits) return [tidy(mantissa).replace("-", "−"), String(power)];
  return [tidy(value.toFixed(Math.max(0, digits - 1 - power))).replace("-", "−"), ""];
}

export function written(value, digits = 6) {
  const [mantissa, power] = figures(value, digits);
  return power ? `${mantissa}·10${raised(power)}` : mantissa;
}

// Chance -------------------------------------------------------------------------------------

// Numbers in [0, 1) from a seed (mulberry32).
export function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
