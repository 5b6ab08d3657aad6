// The button that erases what this site keeps in the browser, and says what it was.

const QUESTIONS = "chainrule.questions";

// Other sites may live at the same host, under another path: what they keep is theirs.
function keptHere(storage, path) {
  return Object.keys(storage).filter((key) => key === QUESTIONS || key.startsWith(`${path}.__`));
}

function inWords(key, value) {
  if (key.endsWith(".__palette")) return "your choice of colours";
  if (key !== QUESTIONS) return key;
  let count = 0;
  try {
    count = Object.keys(JSON.parse(value)).length;
  } catch {
    // Damaged, and erased all the same.
  }
  return `your answers to ${count} ${count === 1 ? "question" : "questions"}`;
}

// Bring the button in this box to life. `path` is that of the site.
export function eraser(box, path) {
  const said = box.querySelector("[role=status]");
  box.hidden = false;
  box.querySelector("button").addEventListener("click", () => {
    const erased = [localStorage, sessionStorage].flatMap((storage) =>
      keptHere(storage, path).map((key) => {
        const words = inWords(key, storage.getItem(key));
        storage.removeItem(key);
        return words;
      }));
    said.textContent = erased.length ? `Erased: ${erased.join(", and ")}.` : "There was nothing to erase.";
  });
}
