// What is drawn: pure functions from a scene to markup. The build runs them with the trace of the
// reference, the browser with that of the engine, so a page looks the same before it wakes.

import { SLIP_DOES } from "./engine.mjs";
import { CODE } from "./generated.mjs";
import { Names, explain, valueOf } from "./formulas.mjs";
import { escaped, written } from "./numbers.mjs";
import { shown } from "./pieces.mjs";
import { codeOf, edgesOf, keyOf, knownAt, onward, sizesOf, stepsOf, words } from "./steps.mjs";

// A scene: one update of a trace, and how far the reader has come in it.
export function sceneOf(found, { update = 0, position, grain = "neuron", example = 0, slip = "", right = null }) {
  const { settings } = found;
  const step = found.steps[update];
  const next = found.steps[update + 1];
  const steps = stepsOf(settings, grain);
  const after = next ? next.layers : found.final?.layers;
  const again = next ? { y: next.y, loss: next.loss } : found.final;
  const scene = {
    settings, step, after, again, example, update, grain, slip,
    names: new Names(sizesOf(settings.layers)),
    steps: after ? steps : steps.filter(({ phase }) => phase !== "update" && phase !== "again"),
  };
  scene.position = Math.min(position ?? scene.steps.length - 1, scene.steps.length - 1);
  scene.now = scene.steps[scene.position];
  scene.known = knownAt(scene.steps, scene.position);
  scene.right = right && sceneOf(right, { update, position, grain, example });
  return scene;
}

// Whether a mistake was made that shows in this number.
export function isWrong(atom, scene) {
  const right = scene.right && valueOf(atom, scene.right);
  if (right === undefined || right === null) return false;
  const value = valueOf(atom, scene);
  return Math.abs(value - right) > 1e-9 * Math.max(Math.abs(value), Math.abs(right), 1e-12);
}


const ROOMY = 3; // neurons in a layer, up to which every connection has its numbers
const SHORT = 3; // figures on a drawing

// Where everything stands: layers from left to right, or on a phone from top to bottom.
function layoutOf(sizes, upright) {
  const depth = sizes.length - 1, most = Math.max(...sizes);
  const roomy = most <= (upright ? 2 : ROOMY) && depth <= 3;
  const radius = roomy ? 27 : most > 5 || depth > 4 ? 17 : 22;
  const across = upright ? Math.min(330 / most, roomy ? 116 : 110) : roomy ? 150 : 2 * radius + 44;
  const along = upright ? (roomy ? 172 : 112) : Math.max(roomy ? (most > 2 ? 214 : 180) : 96, 460 / (depth + 0.9));
  const start = upright ? 36 : 40;
  const length = start + depth * along + (upright ? 162 : 142);
  const breadth = upright ? 344 : Math.max((most - 1) * across + (roomy ? 170 : 2 * radius + 20), 200);
  const spot = (k, j) => {
    const long = start + k * along, cross = breadth / 2 + (j - (sizes[k] - 1) / 2) * across;
    return upright ? [cross, long] : [long, cross];
  };
  const end = start + depth * along + (upright ? 112 : 96);
  return {
    roomy, radius, upright, spot, loss: upright ? [breadth / 2, end] : [end, breadth / 2],
    size: upright ? [breadth, length] : [length, breadth],
  };
}

// How far along a connection its numbers stand, so that those of neighbours do not meet.
function placeOf(i, j, n_in, n_out, upright) {
  if (n_in === 1) return 0.5;
  if (upright && Math.max(n_in, n_out) < 3) return i === j && n_out > 1 ? 0.62 : n_out > 1 ? 0.26 : 0.4;
  return Math.max(n_in, n_out) < 3 ? 0.38 : (i + j) % 2 ? 0.62 : 0.37;
}

export function diagram(scene, upright, label = "") {
  const { size: [wide, high], groups } = sketch(scene, upright);
  const [lines, labels, units] = groups.map((parts) => [...parts.values()].join(""));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" class="drawn ${upright ? "narrow" : "wide"}" role="img" aria-label="${escaped(label || described(scene))}" ` +
    `viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}">` +
    `<g aria-hidden="true" text-anchor="middle" font-size="14"><g>${lines}</g><g class="halo">${labels}</g><g>${units}</g></g></svg>`);
}

// The drawing in parts, each the markup of one element by a key that it keeps from step to step:
// connections, what is written beside them, and neurons.
export function sketch(scene, upright) {
  const { settings, names, step, after, known, now, example } = scene;
  const sizes = names.sizes, depth = names.depth;
  const plan = layoutOf(sizes, upright);
  const has = (kind, k, j, i) => known.has(keyOf({ kind, k, j, i }));
  const current = new Set(now.atoms.map(keyOf));
  const edges = now.atoms.map((atom) => edgesOf(atom, sizes));
  const reads = new Set(edges.flatMap((e) => e.reads)), leaves = new Set(edges.flatMap((e) => e.leaves));
  const backward = now.phase === "backward" || now.phase === "loss";
  const wrong = (atom) => isWrong(atom, scene);
  const lines = new Map(), labels = new Map(), units = new Map();

  const name = (letter, k, j, i) => {
    const [sign, index] = names.parts(letter, k, j, i);
    const low = index && `<tspan class="main" dy="3" font-size="0.7em">${index}</tspan>`;
    return `<tspan class="math">${sign}</tspan>${low}${index && '<tspan dy="-3">\u200b</tspan>'}`;
  };
  const say = (x, y, role, inside, atom, more = "") =>
    `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" class="fill-${role}${
      atom && current.has(keyOf(atom)) ? " now" : ""}${
      atom && wrong(atom) ? " wrong" : ""}" ${more}>${inside}</text>`;

  for (let k = 1; k <= depth; k++)
    for (let j = 0; j < sizes[k]; j++)
      for (let i = 0; i < sizes[k - 1]; i++) {
        const id = `${k}.${j}.${i}`;
        const [x1, y1] = plan.spot(k - 1, i), [x2, y2] = plan.spot(k, j);
        const d = Math.hypot(x2 - x1, y2 - y1), ux = (x2 - x1) / d, uy = (y2 - y1) / d;
        const r = plan.radius;
        const lit = reads.has(id) ? " reads" : leaves.has(id) ? " leaves" : "";
        const role = lit ? (backward ? "gradient" : now.phase === "update" ? "weight" : "activation") : "hairline";
        lines.set(id, `<path d="M${(x1 + r * ux).toFixed(1)} ${(y1 + r * uy).toFixed(1)}L${
          (x2 - r * ux).toFixed(1)} ${(y2 - r * uy).toFixed(1)}" class="stroke-${role}${lit}"/>`);
        const updated = after && has("W", k, j, i);
        const shows = plan.roomy || (lit && reads.size + leaves.size <= 8);
        if (!shows) continue;
        const at = placeOf(i, j, sizes[k - 1], sizes[k], upright);
        const x = x1 + at * (x2 - x1), y = y1 + at * (y2 - y1);
        const w = updated ? after[k - 1].W[j][i] : step.layers[k - 1].W[j][i];
        const rows = [["weight", written(w, SHORT), updated ? { kind: "W", k, j, i } : null]];
        if (has("dW", k, j, i))
          rows.push(["gradient", written(step.layers[k - 1].dW[j][i], SHORT), { kind: "dW", k, j, i }]);
        const wide = Math.max(...rows.map(([, text]) => text.length)) * 7 + 8;
        const high = rows.length * 15 + 3;
        labels.set(id,
          `<g class="edit" data-edit="W.${k - 1}.${j}.${i}"><rect x="${(x - wide / 2).toFixed(1)}" y="${
            (y - high / 2).toFixed(1)}" width="${wide}" height="${high}" rx="3" class="fill-paper"/>` +
          rows.map(([kind, text, atom], n) =>
            say(x, y - (rows.length - 1) * 7.5 + n * 15 + 4.5, kind, text, atom)).join("") + "</g>");
      }

  for (let k = 0; k <= depth; k++)
    for (let j = 0; j < sizes[k]; j++) {
      const [x, y] = plan.spot(k, j), r = plan.radius;
      const layer = step.layers[k - 1];
      const value = k === 0 ? settings.x[example][j]
        : has("a", k, j) ? layer.a[example][j] : null;
      const busy = now.atoms.some((atom) => atom.k === k && atom.j === j);
      const state = k && layer.slope && has("slope", k, j) ? stateOf(layer, j) : "";
      units.set(`${k}.${j}`,
        `<g${k === 0 ? ` class="edit" data-edit="x.${example}.${j}"` : ""}><circle cx="${x.toFixed(1)}" cy="${
          y.toFixed(1)}" r="${r}" class="tint-activation stroke-activation${busy ? " busy" : ""}${
          state && " " + state}"/>` +
        (plan.radius > 20 ? say(x, y - 4, "activation", name("a", k, j), null, 'font-size="17"') : "") +
        (value === null ? "" : say(x, y + (plan.radius > 20 ? 13 : 4.5), "ink",
          written(value, SHORT), k ? { kind: "a", k, j } : null,
          plan.radius > 20 && written(value, SHORT).length < 8 ? "" : 'font-size="10.5"')) + "</g>");
      if (!k || !plan.roomy) continue;
      const aside = upright && Math.max(...sizes) < 3;
      const right = j > 0 || sizes[k] === 1;
      const pair = !upright && Math.max(...sizes) < 3; // then its numbers keep clear of the connections
      const [lx, anchor] = aside ? [x + (right ? r + 4 : -r - 4), `text-anchor="${right ? "start" : "end"}"`]
        : pair ? [x + 24, 'text-anchor="end"'] : [x, ""];
      if (layer.b) {
        const updated = after && has("b", k, j);
        const b = updated ? after[k - 1].b[j] : layer.b[j];
        const slope = has("db", k, j)
          ? `<tspan dx="6" class="fill-gradient">${written(layer.db[j], SHORT)}</tspan>` : "";
        labels.set(`b${k}.${j}`, `<g class="edit" data-edit="b.${k - 1}.${j}">${say(lx, aside ? y - 20 : y - r - 9, "weight",
          `${name("b", k, j)} = ${written(b, SHORT)}${aside ? "" : slope}`, updated ? { kind: "b", k, j } : null, anchor)}</g>`);
      }
      if (has("z", k, j))
        labels.set(`z${k}.${j}`, say(lx, aside ? y - 3 : y + r + 15, "ink",
          `${name("z", k, j)} = ${written(layer.z[example][j], SHORT)}`, { kind: "z", k, j }, anchor));
      if (has("delta", k, j))
        labels.set(`δ${k}.${j}`, say(lx, aside ? y + 14 : y + r + 31, "gradient",
          `${name("δ", k, j)} = ${written(layer.delta[example][j], SHORT)}`, { kind: "delta", k, j }, anchor));
    }

  const [lx, ly] = plan.loss;
  for (let j = 0; j < sizes[depth]; j++) {
    const [x, y] = plan.spot(depth, j), r = plan.radius;
    const d = Math.hypot(lx - x, ly - y), ux = (lx - x) / d, uy = (ly - y) / d;
    const lit = now.atoms.some(({ kind }) => kind === "loss") ? "loss reads" : "hairline";
    lines.set(`y${j}`, `<path d="M${(x + r * ux).toFixed(1)} ${(y + r * uy).toFixed(1)}L${lx.toFixed(1)} ${ly.toFixed(1)}" class="stroke-${lit}"/>`);
  }
  const lossAtom = { kind: has("loss again") ? "loss again" : "loss" };
  const loss = has("loss again") ? scene.again.loss : has("loss") ? step.loss : null;
  units.set("loss",
    `<g><rect x="${(lx - 42).toFixed(1)}" y="${(ly - 20).toFixed(1)}" width="84" height="40" rx="7" class="fill-paper"/>` +
    `<rect x="${(lx - 42).toFixed(1)}" y="${(ly - 20).toFixed(1)}" width="84" height="40" rx="7" class="tint-loss stroke-loss${
      lit(now) ? " busy" : ""}"/>` +
    say(lx, ly + 5, "loss", `<tspan class="math">L</tspan>${loss === null ? "" : ` = ${written(loss, SHORT)}`}`, loss === null ? null : lossAtom) + "</g>");
  const t = settings.target[example];
  const targets = t.length === 1 ? `${name("t", depth, 0)} = ${written(t[0], SHORT)}`
    : `<tspan class="math">t</tspan> = ${t.map((v) => written(v, SHORT)).join(", ")}`;
  labels.set("t", `<g class="edit" data-edit="t.${example}.0">${say(lx, ly + 38, "activation", targets)}</g>`);

  return { size: plan.size.map((side) => side.toFixed(0)), groups: [lines, labels, units] };
}

const lit = (now) => now.atoms.some(({ kind }) => kind === "loss" || kind === "loss again");

function stateOf({ slope, activation }, j) {
  const slopes = slope.map((row) => row[j]);
  if (activation === "relu" && slopes.every((s) => s === 0)) return "dead";
  if ((activation === "sigmoid" || activation === "tanh") && slopes.every((s) => s < 0.01)) return "saturated";
  return "";
}

export function described({ names, settings, now }) {
  return `A ${names.sizes.join("-")} network with ${
    [...new Set(settings.layers.map((l) => words(l.activation)))].join(" and ")
  } neurons, at the step: ${now.title}. All its numbers are in the table below.`;
}

// The formula --------------------------------------------------------------------------------

const MOST_LINES = 8;
export const MOST_ROWS = 150; // of a phase

// Its lines by key, each the markup of one paragraph.
export function formula(scene) {
  const { now, settings } = scene;
  const lines = now.atoms.slice(0, MOST_LINES).map((atom) => {
    const right = isWrong(atom, scene) ? `<span class="player__right">${correction(atom, scene)}</span>` : "";
    return `<p class="player__line${right && " wrong"}">${shown(explain(atom, scene))}${right}</p>`;
  });
  const rest = now.atoms.length - MOST_LINES;
  if (rest > 0) lines.push(`<p class="player__rest">and ${rest} more, in the table below</p>`);
  const several = now.atoms.length > 1;
  const sentences = [...new Set(now.atoms.map((atom) => onward(atom, settings, several)))].filter(Boolean);
  const kept = now.phase === "again" ? [outcome(scene)] : several ? sentences.slice(-1) : sentences;
  lines.push(...kept.map((text) => `<p class="player__onward">${escaped(text)}</p>`));
  return new Map(lines.entries());
}

// What the number should be, and if this very line is the slip's, what the slip does here.
function correction(atom, scene) {
  const right = valueOf(atom, scene.right), wrong = valueOf(atom, scene);
  let digits = 6;
  while (digits < 14 && written(right, digits) === written(wrong, digits)) digits++;
  const told = `right: ${written(right, digits)}` + (digits > 6 ? `, here: ${written(wrong, digits)}` : "");
  const top = atom.kind === "dL_da" && atom.k === scene.names.depth ? " top" : "";
  const does = SLIP_DOES[scene.slip]?.[atom.kind + top];
  return does ? `${told}. The slip ${does}.` : told;
}

function outcome({ step, again, update, settings }) {
  const change = again.loss - step.loss;
  const verdict = change < 0 ? "It fell" : change > 0 ? "It rose: the step was too long" : "It stayed";
  const more = update + 1 < settings.steps ? " The next update starts from here." : "";
  return `The loss was ${written(step.loss)} and is ${written(again.loss)}. ${verdict}.${more}`;
}

// The code -----------------------------------------------------------------------------------

export function code(scene) {
  const wanted = new Map();
  for (const atom of scene.now.atoms)
    for (const [symbol, mark] of codeOf(atom, scene.settings)) {
      if (!CODE[symbol]) continue;
      if (!wanted.has(symbol)) wanted.set(symbol, new Set());
      for (const line of CODE[symbol].marks[mark] ?? []) wanted.get(symbol).add(line);
    }
  return [...wanted].map(([symbol, marked]) => listing(symbol, marked)).join("");
}

export function listing(symbol, marked = new Set()) {
  const { path, line, lines } = CODE[symbol];
  const body = lines.map((text, n) =>
    marked.has(n) ? `<mark class="player__mark">${text || " "}</mark>` : `<span>${text}</span>`).join("\n");
  return (
    `<div class="player__listing"><p>${escaped(path)}, line ${line}</p>` +
    `<pre tabindex="0" role="group" aria-label="Source of chainrule.${symbol}"><code>${body}</code></pre></div>`);
}

// The table: everything one update computes, in order -------------------------------------------

const TITLES = { forward: "Forward", loss: "Loss", backward: "Backward", update: "Update", again: "The loss again" };

// `cell` writes one of them. Without it the cells stay empty, to be filled later: rowsOf says with what.
export function table(scene, cell = (atom) => shown(explain(atom, scene))) {
  const bodies = rowsOf(scene).map(([phase, atoms]) => {
    const rows = atoms.slice(0, MOST_ROWS).map((atom) =>
      `<tr data-key="${keyOf(atom)}"><td>${cell(atom)}</td></tr>`).join("") +
      (atoms.length > MOST_ROWS ? `<tr><td>and ${atoms.length - MOST_ROWS} more, in the JSON</td></tr>` : "");
    return `<tbody><tr><th scope="rowgroup">${TITLES[phase]}</th></tr>${rows}</tbody>`;
  });
  return `<table class="player__table"><caption class="unseen">Every number of one update, in the order in which it is computed</caption>${bodies.join("")}</table>`;
}

// What the table tells of each phase: [[phase, atoms], …].
export function rowsOf({ settings, after }) {
  const steps = stepsOf(settings, "neuron");
  return Object.keys(TITLES).filter((phase) => after || (phase !== "update" && phase !== "again"))
    .map((phase) => [phase, steps.filter((s) => s.phase === phase).flatMap((s) => s.atoms)])
    .filter(([, atoms]) => atoms.length);
}

export function curve(found, update) {
  const losses = [...found.steps.map((s) => s.loss), ...(found.final ? [found.final.loss] : [])];
  if (losses.length < 3) return "";
  const top = Math.max(...losses), wide = 300, high = 46;
  const x = (n) => ((n / (losses.length - 1)) * (wide - 12) + 6).toFixed(1);
  const y = (loss) => (high - 6 - (top ? loss / top : 0) * (high - 12)).toFixed(1);
  const points = losses.map((loss, n) => `${x(n)},${y(loss)}`).join(" ");
  return (
    `<svg class="drawn player__curve" role="img" viewBox="0 0 ${wide} ${high}" width="${wide}" height="${high}" aria-label="${
      escaped(`The loss over ${losses.length - 1} updates, from ${written(losses[0], 3)} to ${written(losses.at(-1), 3)}`)}">` +
    `<g aria-hidden="true"><polyline points="${points}" fill="none" class="stroke-loss" stroke-width="1.6"/>` +
    `<circle cx="${x(update)}" cy="${y(losses[update])}" r="4" class="fill-loss"/></g></svg>`);
}
