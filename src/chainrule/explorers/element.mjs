// What the player and the smaller explorers share: an address that is followed and told, mistakes
// told beside the field, and one announcement when things have come to rest.
//
// An element has `wake()`, which builds it; `read(hash)`, what an address says, null if it is none
// of its own; `adopt(found)`, which takes that over, and `restart()`; `address()`, the hash that
// leads back here; and `told()`, a sentence for those who listen, none while things still move.

import { Mistake } from "./numbers.mjs";

const REST = 500; // milliseconds after the last change
const FOLLOWS = 300; // browsers refuse a hundred changes of the address in a few seconds
let mistakes = 0;

export class Element extends HTMLElement {
  hears = true; // the address; of several players on a page only the first does

  connectedCallback() {
    if (!this.settings) this.wake();
    this.heard = () => this.fromLocation();
    addEventListener("hashchange", this.heard);
  }

  disconnectedCallback() {
    removeEventListener("hashchange", this.heard);
  }

  // What was built once stays; it need not be looked for again with every change.
  part(selector) {
    this.found ??= {};
    return (this.found[selector] ??= this.querySelector(selector));
  }

  // The address

  fromLocation() {
    const { hash } = location, before = this.hash;
    if (!this.hears || hash === before) return;
    this.hash = hash;
    try {
      const found = this.read(hash);
      if (found) this.adopt(found);
      else if (before && !hash) this.restart(); // back to where it was opened
    } catch (mistake) {
      this.forgive(mistake);
      this.say(`${mistake.message} What is shown is the last good state.`);
    }
  }

  tellAddress() {
    if (!this.hears) return;
    clearTimeout(this.telling);
    this.telling = setTimeout(() => {
      this.hash = this.address();
      if (location.hash !== this.hash)
        history.replaceState(history.state, "", this.hash || location.pathname + location.search);
    }, FOLLOWS);
  }

  // Mistakes

  // Try a change; a mistake is told beside the field, and the last good state stays.
  attempt(field, edit) {
    try {
      this.complainAt(field, "");
      edit();
    } catch (mistake) {
      this.forgive(mistake);
      this.complainAt(field, mistake.message);
    }
  }

  // A mistake is the reader's; anything else is ours.
  forgive(error) {
    if (!(error instanceof Mistake)) throw error;
  }

  complainAt(field, sentence) {
    if (!field) return this.say(sentence);
    const place = field.closest("div.explorer__field") ?? field.closest("label");
    place.querySelector(".explorer__error")?.remove();
    field.toggleAttribute("aria-invalid", Boolean(sentence));
    if (!sentence) return field.removeAttribute("aria-describedby");
    const note = document.createElement("span");
    note.className = "explorer__error";
    note.id = `mistake-${++mistakes}`;
    note.setAttribute("role", "alert");
    note.textContent = sentence;
    place.append(note);
    field.setAttribute("aria-describedby", note.id);
  }

  // Words

  say(sentence) {
    this.part(".explorer__said").textContent = sentence;
  }

  announce() {
    clearTimeout(this.speaking);
    if (this.moves()) return;
    this.speaking = setTimeout(() => {
      this.part(".explorer__voice").textContent = this.told();
    }, REST);
  }

  undoes(event) {
    const { key, ctrlKey, metaKey, target } = event;
    if (key !== "z" || !(ctrlKey || metaKey) || target.matches("[type=text]")) return false;
    event.preventDefault();
    this.undo();
    return true;
  }
}
