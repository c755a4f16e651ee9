// Filters of the history and the age of the page. Every page is complete without this file.
(() => {
  "use strict";

  // The theme gives its search dialog no name.
  document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Search");

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

  const form = document.querySelector("form.it-filter");
  if (!form) return;
  const rows = [...document.querySelectorAll(".it-row")];
  const months = [...document.querySelectorAll(".it-month")];
  const boxes = [...form.querySelectorAll("input[type=checkbox]")];
  const component = form.querySelector("select[name=component]");
  const words = form.querySelector("input[name=words]");
  const output = form.querySelector("output");
  const named = (name) => boxes.filter((box) => box.name === name);
  const names = [...new Set(boxes.map((box) => box.name))];

  // All boxes on means no filter; a row without the property is judged by the other filters only.
  const allows = (name, value) =>
    value === undefined || named(name).every((box) => box.checked) ||
    named(name).some((box) => box.checked && box.value === value);

  function shown(row) {
    const text = row.textContent.toLowerCase();
    return names.every((name) => allows(name, row.dataset[name])) &&
      (!component?.value || (row.dataset.components ?? "").split(" ").includes(component.value)) &&
      (words?.value ?? "").toLowerCase().split(/\s+/).every((word) => text.includes(word));
  }

  function apply() {
    let count = 0;
    for (const row of rows) {
      row.hidden = !shown(row);
      count += row.hidden ? 0 : 1;
    }
    const filtered = count < rows.length;
    for (const month of months) {
      month.hidden = filtered && !month.querySelector(".it-row:not([hidden])");
    }
    if (output) output.textContent = count === 1 ? "1 record" : `${count} records`;
  }

  function write() {
    const query = new URLSearchParams();
    for (const name of names) {
      const all = named(name);
      if (!all.every((box) => box.checked)) {
        query.set(name, all.filter((box) => box.checked).map((box) => box.value).join(","));
      }
    }
    if (component?.value) query.set("component", component.value);
    if (words?.value) query.set("words", words.value);
    const text = query.toString();
    history.replaceState(null, "", (text ? `?${text}` : location.pathname) + location.hash);
  }

  function read() {
    const query = new URLSearchParams(location.search);
    for (const name of names) {
      const wanted = query.get(name)?.split(",");
      for (const box of named(name)) box.checked = !wanted || wanted.includes(box.value);
    }
    const asked = query.get("component") ?? "";
    if (component && [...component.options].some((option) => option.value === asked)) component.value = asked;
    if (words) words.value = query.get("words") ?? "";
  }

  form.addEventListener("input", () => { apply(); write(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { apply(); write(); }));
  read();
  apply();
  form.hidden = false;
})();
