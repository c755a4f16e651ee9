// Times in the reader's zone, on demand. Off until asked for; every page is complete without this file.
(() => {
  "use strict";

  const note = document.querySelector("[data-team-zone]");
  const header = document.querySelector(".md-header__inner");
  if (!note || !header) return;

  const KEY = "incident-tracker.times";
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
  const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  // Every form in which a page writes a moment: "~14:05", "Tue 3 Nov 2026, 14:05 −06:00", "2026-11-03 14:05".
  const FORM = new RegExp(
    `^(~?)(?:(${DAYS.join("|")}) )?(?:(\\d{1,2}) (${MONTHS.join("|")})(?: (\\d{4}))?)?` +
    "(?:(?<=.), (?=\\d))?(?:(\\d\\d:\\d\\d)(?:[ \\u00a0]([+−]\\d\\d:\\d\\d))?)?$");
  const ISO = /^\d{4}-\d\d-\d\d \d\d:\d\d$/;
  const two = (number) => String(number).padStart(2, "0");
  const sign = (minutes) =>
    `${minutes < 0 ? "−" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
  const offset = (at) => sign(-at.getTimezoneOffset());
  const clock = (at) => `${two(at.getHours())}:${two(at.getMinutes())}`;

  const now = new Date();
  const mine = { name: Intl.DateTimeFormat().resolvedOptions().timeZone || "your zone", offset: offset(now) };
  const team = { name: note.dataset.teamZone, offset: teamOffset(now) };

  function teamOffset(at) {
    try {
      const parts = new Intl.DateTimeFormat("en", { timeZone: note.dataset.teamZone, timeZoneName: "longOffset" })
        .formatToParts(at);
      const found = parts.find((part) => part.type === "timeZoneName").value.replace("GMT", "").replace("-", "−");
      return found || "+00:00";
    } catch {
      return "";
    }
  }

  // A moment in the reader's zone, as precise as the team's text; null where the form is another one.
  function told(element, text) {
    const at = new Date(element.dateTime);
    if (ISO.test(text)) {
      return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock(at)}`;
    }
    const [whole, about, weekday, day, , year, time, shift] = FORM.exec(text) ?? [];
    if (!whole) return null;
    const moved = element.dateTime.slice(0, 10) !==
      `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
    const date = [
      weekday ? DAYS[at.getDay()] : "",
      day || (time && moved) ? `${at.getDate()} ${MONTHS[at.getMonth()]}` : "",
      year ? at.getFullYear() : "",
    ].filter(Boolean).join(" ");
    const hour = time ? clock(at) + (shift || offset(at) !== mine.offset ? `\u00a0${offset(at)}` : "") : "";
    return about + [date, hour].filter(Boolean).join(", ");
  }

  const times = [...document.querySelectorAll("time[datetime*=T]")];
  const notes = [...document.querySelectorAll("[data-team-zone], .it-zone-note")];
  for (const element of [...times, ...notes]) element.dataset.team = element.textContent;

  function show(own) {
    for (const element of times) {
      const text = own ? told(element, element.dataset.team) : null;
      element.textContent = text ?? element.dataset.team;
      if (text === null) element.removeAttribute("title");
      else element.title = `${element.dateTime.replace("T", " ").replace(/(?=[+-]\d\d:\d\d$)/, " ")} for the team`;
    }
    for (const element of notes) {
      element.textContent = own
        ? `Times in your zone (${mine.name}), now UTC${mine.offset}. Days and months that group records, and what people wrote, stay in the team's.`
        : element.dataset.team;
    }
    const [current, other] = own ? [["Your time", mine], ["team time", team]] : [["Team time", team], ["your time", mine]];
    button.innerHTML = "";
    const zone = document.createElement("span");
    zone.textContent = `UTC${current[1].offset}`;
    button.append(current[0], zone);
    button.setAttribute("aria-label", `${current[0]} UTC${current[1].offset}. Show ${other[0]}, UTC${other[1].offset}`);
    button.classList.toggle("it-zone--own", own);
  }

  let own = false;
  try {
    own = localStorage.getItem(KEY) === "reader";
  } catch { /* storage may be forbidden: then nothing is kept */ }

  const button = document.createElement("button");
  button.type = "button";
  button.className = "it-zone";
  button.addEventListener("click", () => {
    own = !own;
    show(own);
    try {
      localStorage.setItem(KEY, own ? "reader" : "team");
    } catch { /* as above */ }
  });
  show(own);
  const palette = header.querySelector("[data-md-component=palette]");
  header.insertBefore(button, palette ?? header.querySelector("[for=__search]"));

  // What is handed round on paper is the same for everyone.
  addEventListener("beforeprint", () => show(false));
  addEventListener("afterprint", () => show(own));
})();
