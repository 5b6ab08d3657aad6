// Random use of one of the smaller explorers: {tag, seed, actions, modules} in, what went wrong out.

async ({ tag, seed, actions, modules }) => {
  const { fromAddress, toAddress } = await import(`${modules}/explorer.mjs`);
  const explorer = document.querySelector(tag);
  let state = seed;
  const chance = (n) => (state = (state * 48271) % 2147483647) % n;
  const oneOf = (values) => values[chance(values.length)];
  const within = (selector) => oneOf([...explorer.querySelectorAll(selector)].filter((e) => e.checkVisibility()));
  const fire = (element, ...names) => names.forEach((name) => element.dispatchEvent(new Event(name, { bubbles: true })));
  const typed = ["", " ", "0", "-3", "1e5", "1e-300", "1e400", "NaN", "Infinity", "<b>", "0.3", ".5", "0,3", "1/0", "99",
    "4", "2-2", "8-8-8", "9-9", "-", "−2", "text", "٣", "\u0000", "9".repeat(400), "{}", "__proto__"];
  const keys = ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown", "Home", "z", "x", " "];

  const doing = {
    click: () => { within("button:not(:disabled)").click(); },
    choose: () => {
      const select = within("select");
      select.selectedIndex = chance(select.options.length);
      fire(select, "input", "change");
      return select.value;
    },
    type: () => {
      const field = within("[type=text]");
      field.value = chance(2) ? oneOf(typed) : String((chance(4000) - 1000) / 1000);
      fire(field, "input", "change");
      return `${field.dataset.name} ${field.value.slice(0, 20)}`;
    },
    tick: () => { within("[type=checkbox]")?.click(); },
    slide: () => {
      const slider = within("[type=range]"), least = Number(slider.min);
      for (let n = 1 + chance(4); n > 0; n--) {
        slider.value = least + (chance(1001) / 1000) * (slider.max - least);
        fire(slider, "input");
      }
      if (chance(5)) fire(slider, "change");
      return `${slider.dataset.name} ${slider.value}`;
    },
    press: () => {
      const key = oneOf(keys), target = within("button, select, input, summary, [data-drag]");
      target.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey: key === "z", bubbles: true, cancelable: true }));
      return key;
    },
    fold: () => { within("summary")?.click(); },
    address: () => {
      const letters = [...(toAddress(explorer, explorer.settings) || `#e=${explorer.name}&x=1`)];
      for (let n = chance(3); n > 0; n--) letters[1 + chance(letters.length)] = oneOf([..."0-9.,&=e%x~é"]);
      location.hash = letters.join("");
      return location.hash;
    },
    return: () => { (chance(2) ? history.back : history.forward).call(history); },
  };
  const often = ["click", "choose", "type", "type", "tick", "slide", "slide", "press", "press", "fold", "address"];

  const log = [], wrong = [];
  for (let n = 0; n < actions && !wrong.length; n++) {
    const name = chance(40) ? oneOf(often) : "return";
    log.push(`${name}: ${doing[name]() ?? ""}`);
    await new Promise((done) => setTimeout(done, name === "address" || name === "return" ? 4 : 0));
    const { settings, start, fields } = explorer;
    const back = fromAddress(explorer, toAddress(explorer, settings)) ?? start;
    for (const key of Object.keys(fields))
      if (String(back[key]) !== String(settings[key])) wrong.push(`the address has another ${key}: ${back[key]}, not ${settings[key]}`);
    // What the reader typed may be quoted in an answer, but is never part of what is shown.
    const shown = [...explorer.querySelectorAll("[data-part]")].map((part) => part.innerHTML).join(" ");
    const odd = /.{60}(NaN|undefined|Infinity|\[object|\bnull\b)/.exec(shown);
    if (odd) wrong.push(`no number: ${odd[0]}`);
    for (const field of explorer.querySelectorAll("[aria-invalid]"))
      if (!document.getElementById(field.getAttribute("aria-describedby"))?.textContent) wrong.push("a field is wrong, nobody says why");
    if (explorer.querySelector(".explorer__error *, .explorer__said *")) wrong.push("what was typed has become markup");
  }
  explorer.pause?.();
  return { wrong, log: log.slice(-12) };
}
