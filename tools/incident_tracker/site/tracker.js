// Filters of lists and the age of the page. Every page is complete without this file.
(() => {
  "use strict";

  // The theme gives its search dialog no name.
  document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search");

  // It takes every alternate for the site in another language, and would ask for a sitemap beside it.
  for (const link of document.querySelectorAll("link[rel=alternate]:not([hreflang])")) {
    link.relList.add("feed");
  }

  const asOf = document.querySelector(".it-asof[data-built]");
  const minutes = asOf ? (Date.now() - Date.parse(asOf.dataset.built)) / 60000 : 0;
  if (asOf?.dataset.open && minutes > 30) {
    const age = document.createElement("strong");
    const [count, unit] =
      minutes < 120 ? [minutes, "minutes"] : minutes < 2880 ? [minutes / 60, "hours"] : [minutes / 1440, "days"];
    age.className = "it-stale";
    age.textContent = ` This page is ${Math.floor(count)} ${unit} old.`;
    asOf.append(age);
  }

  // Where not all months fit, the latest are shown first.
  for (const area of document.querySelectorAll(".it-scroll")) area.scrollLeft = area.scrollWidth;

  const form = document.querySelector("form.it-filter");
  if (!form) return;
  const rows = [...document.querySelectorAll(".it-row, .it-lesson, .it-item")];
  const parts = [...document.querySelectorAll(".it-month")];
  const folds = [...document.querySelectorAll("details.it-data")].filter((fold) => rows.some((row) => fold.contains(row)));
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const lists = [...form.querySelectorAll("select")];
  const words = form.querySelector("input[name=words]");
  const output = form.querySelector("output");
  const noun = output?.textContent || "record";
  const none = document.querySelector(".it-none");
  const others = [...document.querySelectorAll(".it-years a:not([aria-current])")];
  const named = (name) => boxes.filter((box) => box.name === name);
  const names = [...new Set(boxes.map((box) => box.name))];
  const texts = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));

  const chosen = (name) => named(name).filter((box) => box.checked).map((box) => box.value);

  // No box on means no filter; a row without the property is judged by the other filters only.
  const allows = (value, wanted) => value === undefined || !wanted.length || wanted.includes(value);

  function shown(row, pressed, wanted) {
    return pressed.every(([name, values]) => allows(row.dataset[name], values)) &&
      lists.every((list) => !list.value || (row.dataset[list.name] ?? "").split(" ").includes(list.value)) &&
      wanted.every((word) => texts.get(row).includes(word));
  }

  function apply() {
    const wanted = (words?.value ?? "").toLowerCase().split(/\s+/);
    const pressed = names.map((name) => [name, chosen(name)]);
    let count = 0;
    for (const row of rows) {
      row.hidden = !shown(row, pressed, wanted);
      count += row.hidden ? 0 : 1;
    }
    const filtered = count < rows.length;
    for (const part of parts) {
      part.hidden = filtered && !part.querySelector(":is(.it-row, .it-lesson, .it-item):not([hidden])");
    }
    // What a month held in all is not what is shown of it.
    for (const whole of document.querySelectorAll(".it-month__n")) whole.hidden = filtered;
    // What is asked for is not left folded away.
    for (const fold of folds) {
      fold.hidden = filtered && !fold.querySelector(":is(.it-lesson, .it-item):not([hidden])");
      fold.open = filtered;
    }
    if (none) none.hidden = count > 0;
    if (output) output.textContent = count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
    // The filters go along to another year; a quarter is one of this year.
    const query = asked();
    query.delete("quarter");
    for (const link of others) link.search = query.toString();
  }

  function asked() {
    const query = new URLSearchParams();
    for (const name of names) {
      const values = chosen(name);
      if (values.length) query.set(name, values.join(","));
    }
    for (const list of lists) if (list.value) query.set(list.name, list.value);
    if (words?.value) query.set("words", words.value);
    return query;
  }

  // One step back is one choice back; the letters of a word are one step.
  function write(typing) {
    const text = asked().toString();
    const address = (text ? `?${text}` : location.pathname) + location.hash;
    if (location.search === (text ? `?${text}` : "")) return;
    if (typing && history.state?.typing) history.replaceState({ typing }, "", address);
    else history.pushState({ typing }, "", address);
  }

  function read() {
    const query = new URLSearchParams(location.search);
    for (const name of names) {
      // A value that there is not asks for nothing.
      const wanted = (query.get(name) ?? "").split(",");
      for (const box of named(name)) box.checked = wanted.includes(box.value);
    }
    for (const list of lists) {
      const value = query.get(list.name) ?? "";
      list.value = [...list.options].some((option) => option.value === value) ? value : "";
    }
    if (words) words.value = query.get("words") ?? "";
  }

  form.addEventListener("input", (event) => { apply(); write(event.target === words); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { apply(); write(false); }));
  addEventListener("popstate", () => { read(); apply(); });
  read();
  apply();
  form.hidden = false;
})();
