// The list of claims, filtered by verdict and topic. Without this script the list is whole.

const form = document.querySelector(".claim-chooser");
const claims = [...document.querySelectorAll("article.claim")];
const headings = [...document.querySelectorAll("h2[id^=claims-]")];

function choose() {
  const wanted = Object.fromEntries(new FormData(form));
  for (const claim of claims) {
    claim.hidden = Object.entries(wanted).some(([name, value]) => value && claim.dataset[name] !== value);
  }
  const shown = claims.filter((claim) => !claim.hidden);
  const topics = new Set(shown.map((claim) => `claims-${claim.dataset.topic.replaceAll("_", "-")}`));
  for (const heading of headings) heading.hidden = !topics.has(heading.id);
  form.querySelector("output").textContent = shown.length === claims.length
    ? `${claims.length} claims` : `${shown.length} of ${claims.length} claims`;
}

// A link to a claim that is filtered away shows all again.
function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target?.hidden) return;
  form.reset();
  choose();
  target.scrollIntoView();
}

form.addEventListener("change", choose);
addEventListener("hashchange", reveal);
form.hidden = false;
choose();
