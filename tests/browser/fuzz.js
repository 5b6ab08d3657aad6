// Random use of the player on this page: {seed, actions} in, what went wrong out.
//
// Every action is one that a reader can take. After each one the network shown has to be one that
// the player itself would accept, and no number may have turned into something else.

async ({ seed, actions, modules }) => {
  const { checked, fromAddress, toAddress } = await import(`${modules}/state.mjs`);
  const { PRESETS } = await import(`${modules}/generated.mjs`);
  const player = document.querySelector("cr-player");
  let state = seed;
  const chance = (n) => (state = (state * 48271) % 2147483647) % n;
  const oneOf = (values) => values[chance(values.length)];
  const within = (selector) => oneOf([...player.querySelectorAll(selector)].filter((e) => e.checkVisibility()));

  const typed = ["", " ", "0", "-0", "-3", "1e5", "1e6", "1e-300", "-1e6", "1e400", "-1e400", "NaN", "Infinity",
    "<b>", "0.3", ".5", "1.", "0,3", "1/4", "1/0", "99", "4", "-", "−2", "text", "1e", "1 2", "٣", "0x10", "\u0000",
    "9".repeat(400), "{}", "__proto__", "1;2", "1.2.3"];
  const some = () => (chance(3) ? oneOf(typed) : String((chance(4000) - 2000) / 1000));
  const keys = ["ArrowRight", "ArrowLeft", "Home", "End", " ", "1", "2", "3", "Escape", "Enter", "z", "Tab", "x"];
  const fire = (element, ...names) => names.forEach((name) => element.dispatchEvent(new Event(name, { bubbles: true })));
  const mangled = (text) => {
    const letters = [...text];
    for (let n = chance(5); n > 0; n--) letters[1 + chance(letters.length)] = oneOf([..."0-9.,/:&=e%x~é"]);
    return letters.slice(0, chance(4) ? letters.length : chance(letters.length) + 1).join("");
  };
  const kept = "[data-does=python], [data-does=json], [data-does=svg], [data-does=png], [data-does=link]";

  const doing = {
    click: () => {
      const button = within(`button:not(${kept})`);
      button.click();
      return button.dataset.does ?? button.dataset.phase;
    },
    choose: () => {
      const select = within("select");
      select.selectedIndex = chance(select.options.length);
      fire(select, "input", "change");
      return `${select.name} ${select.value}`;
    },
    type: () => {
      const field = within("input[type=text]");
      if (!field) return "";
      field.value = some();
      fire(field, "input", "change");
      return `${field.dataset.path ?? field.name} ${field.value.slice(0, 20)}`;
    },
    tick: () => {
      const box = within("input[type=checkbox]");
      box?.click();
      return box?.name;
    },
    drag: () => {
      const slider = within("input[type=range]");
      slider.value = chance(1 + Number(slider.max));
      fire(slider, "input", "change");
      return `${slider.name} ${slider.value}`;
    },
    edit: () => {
      const place = within("svg .edit");
      place.dispatchEvent(new MouseEvent("click", { bubbles: true }));
      const field = player.querySelector(".player__editor input");
      field.value = some();
      player.querySelector(".player__editor").requestSubmit();
      return `${place.dataset.edit} ${field.value.slice(0, 20)}`;
    },
    set: () => {
      player.querySelector(".player__editor:not([hidden])")?.requestSubmit();
    },
    press: () => {
      const key = oneOf(keys), target = within("button, select, input, summary, .player__stage");
      target.dispatchEvent(new KeyboardEvent("keydown", { key, ctrlKey: key === "z", bubbles: true, cancelable: true }));
      return key;
    },
    fold: () => { within("summary").click(); },
    address: () => {
      const { settings, view, preset } = player;
      location.hash = mangled(toAddress(settings, view, preset, PRESETS));
      return location.hash;
    },
    preset: () => { location.hash = `#p=${oneOf(Object.keys(PRESETS))}&at=${chance(60)}`; },
    return: () => { (chance(2) ? history.back : history.forward).call(history); },
  };
  const often = ["click", "click", "click", "choose", "type", "type", "edit", "edit", "tick", "drag", "drag",
    "press", "press", "set", "fold", "address", "preset"];

  const same = (settings) => JSON.stringify(settings, ["layers", "W", "b", "activation", "x", "target", "loss",
    "reduction", "learning_rate", "steps", "update_biases"]);

  const shows = ".player__diagram, .player__title, .player__formula, .player__notes, .player__scroll";
  const log = [], wrong = [];
  for (let n = 0; n < actions && !wrong.length; n++) {
    const name = chance(40) ? oneOf(often) : "return";
    log.push(`${name}: ${doing[name]() ?? ""}`);
    await (name === "address" || name === "preset" || name === "return"
      ? new Promise((done) => setTimeout(done, 4)) : Promise.resolve());
    try {
      checked(player.settings);
      const { settings, view, preset } = player;
      const back = fromAddress(toAddress(settings, view, preset, PRESETS), PRESETS);
      if (same(back.settings) !== same(settings)) wrong.push("the address leads elsewhere");
    } catch (mistake) { wrong.push(`not a state to be in: ${mistake.message}`); }
    for (const view of player.querySelectorAll(shows))
      if (/NaN|undefined|Infinity|\[object|null|not a number/.test(view.textContent)) wrong.push(`no number: ${view.textContent.slice(0, 200)}`);
    if (!player.querySelector(".player__line")) wrong.push("nothing is explained");
    if (!player.querySelector(".player__diagram svg")) wrong.push("nothing is drawn");
    for (const field of player.querySelectorAll("[aria-invalid]"))
      if (!field.closest("label, td")?.querySelector(".explorer__error")?.textContent) wrong.push("a field is wrong, nobody says why");
  }
  player.pause();
  const { settings, view } = player;
  return { wrong, log: log.slice(-12), spec: settings, stopped: player.traceWith("").stopped, view };
}
