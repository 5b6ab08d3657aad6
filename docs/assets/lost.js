// On the page for lost readers: the pages whose addresses are nearest to the wrong one. The pages
// are those that the page lists anyway, so there is nothing to fetch and nothing to keep in step.

// How many letters have to be put in, left out or changed.
export function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] !== b[j - 1])));
    }
    row = next;
  }
  return row[b.length];
}

// How far two addresses are apart, 0 to 1: the whole of them or only their last parts.
export function apart(wrong, right) {
  const last = (address) => address.split("/").filter(Boolean).at(-1) ?? "";
  const share = (a, b) => distance(a, b) / Math.max(a.length, b.length, 1);
  return Math.min(share(wrong, right), share(last(wrong), last(right)) + 0.05);
}

// The addresses nearest to a wrong one, at most three, none much farther off than the first.
export function nearest(wrong, addresses) {
  const tidy = (address) => {
    let text = address;
    try { text = decodeURIComponent(address); } catch { /* as it came */ }
    return text.toLowerCase().replace(/(index)?\.(html?|md|php)$/, "").replace(/[_ ]/g, "-").replace(/\/+$/, "");
  };
  const judged = addresses.map((address) => ({ address, apart: apart(tidy(wrong), tidy(address)) }));
  const limit = Math.min(0.5, 0.15 + Math.min(...judged.map((one) => one.apart)));
  return judged.filter((one) => one.apart < limit).sort((a, b) => a.apart - b.apart).slice(0, 3)
    .map((one) => one.address);
}

const place = globalThis.document?.querySelector(".lost");
if (place) {
  const links = [...document.querySelectorAll(".contents a")];
  const base = new URL(document.querySelector("a.md-logo").href).pathname;
  const inside = (address) => new URL(address, location.href).pathname.replace(base, "");
  const pages = new Map(links.map((link) => [inside(link.href), link]));
  for (const address of nearest(inside(location.href), [...pages.keys()])) {
    const item = document.createElement("li");
    item.append(pages.get(address).cloneNode(true), ` (${address})`);
    place.querySelector("ul").append(item);
  }
  place.hidden = !place.querySelector("li");
}
