// Markup put in the place of other markup: what is the same stays, with its focus and its layout.

export function put(element, html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  children(element, fresh.content);
}

// Children by key: `parts` has the markup of one element for each. One whose markup is what it was
// is left alone, another takes the place of the one before it.
export function putParts(element, parts) {
  const had = element.parts ?? new Map();
  if (!element.parts) element.textContent = "";
  const now = (element.parts = new Map());
  const fresh = [...parts].filter(([key, html]) => had.get(key)?.html !== html);
  const made = parsed(element, fresh.map(([, html]) => html).join(""));
  for (const [n, [key, html]] of fresh.entries()) {
    had.get(key)?.node.replaceWith(made[n]);
    had.set(key, { html, node: made[n] });
  }
  for (const key of parts.keys()) now.set(key, had.get(key));
  for (const [key, { node }] of had) if (!now.has(key)) node.remove();
  let next = element.firstChild;
  for (const { node } of now.values()) {
    if (node === next) next = next.nextSibling;
    else element.insertBefore(node, next);
  }
}

function parsed(element, html) {
  if (!html) return [];
  const template = document.createElement("template");
  const drawn = element instanceof SVGElement;
  template.innerHTML = drawn ? `<svg>${html}</svg>` : html;
  return [...(drawn ? template.content.firstChild : template.content).childNodes];
}

function children(old, fresh) {
  const wanted = [...fresh.childNodes];
  const present = [...old.childNodes];
  for (const [n, node] of wanted.entries()) {
    if (n >= present.length) old.append(node);
    else if (present[n].isEqualNode(node) && !holdsFields(node)) continue;
    else if (present[n].nodeName !== node.nodeName) present[n].replaceWith(node);
    else same(present[n], node);
  }
  for (const node of present.slice(wanted.length)) node.remove();
}

// What a reader has typed is no part of the markup, so equal markup says nothing about it.
function holdsFields(node) {
  return node.nodeType === Node.ELEMENT_NODE && (node.matches("input, select") || node.querySelector("input, select"));
}

function same(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  children(old, fresh);
  if (old.matches("input")) {
    old.value = fresh.value;
    old.checked = fresh.checked;
  } else if (old.matches("select")) old.value = fresh.value;
}
