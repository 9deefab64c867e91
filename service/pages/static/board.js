// The review board: a mentee is dragged onto a mentor, or moved by the keyboard in a dialog; versions stay fresh.
"use strict";
const strip = document.getElementById("strip");
const dialog = document.getElementById("move-dialog");
const body = document.getElementById("move-body");
const chips = document.getElementById("mentor-chips");
const said = document.getElementById("drag-said");
if (strip && window.matchMedia("(max-width: 700px)").matches) document.getElementById("chips-mentors").open = false;

// Every decision makes a new version of the round; forms that stay on the page have to rest on it.
document.addEventListener("htmx:after:swap", () => {
  const versions = [...document.querySelectorAll("[data-version]")].map((one) => Number(one.dataset.version));
  if (!versions.length) return;
  const newest = String(Math.max(...versions));
  for (const field of document.querySelectorAll("input[name=version]")) {
    if (Number(field.value) < Number(newest)) field.value = newest;
  }
});
document.addEventListener("submit", (event) => {
  const undo = document.getElementById("undo");
  const kind = event.target.elements?.kind?.value;
  if (undo && event.target.matches("tr form") && kind !== "comment") undo.disabled = false;
});

function openMove(who, mentor) {
  body.textContent = "…";
  dialog.showModal();
  const address = `/rounds/${strip.dataset.round}/moves/${who}` + (mentor ? `?mentor=${mentor}` : "");
  htmx.ajax("GET", address, { target: "#move-body", swap: "innerHTML" }).then(() => {
    document.getElementById(mentor ? "mentor" : "mentor-search")?.focus();
  });
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-open-move]");
  if (!link || event.ctrlKey || event.metaKey || !strip) return;
  event.preventDefault();
  openMove(link.dataset.openMove, null);
});
document.addEventListener("input", (event) => {
  const narrowed = event.target.dataset.narrow;
  if (!narrowed) return;
  const words = event.target.value.toLocaleLowerCase().split(/\s+/);
  for (const option of document.getElementById(narrowed).options) {
    option.hidden = !words.every((word) => option.text.toLocaleLowerCase().includes(word));
  }
});

// Dragging: while it lasts the strip shows whom this mentee could have, and of the others why not.
let drag = null;
let keptChips = null;
let wasOpen = true;

function say(words) {
  if (said) said.textContent = words;
}
function chipFor(id, one) {
  const chip = document.createElement("li");
  chip.dataset.mentor = id;
  chip.className = one.may ? (one.place ? "can" : "can full") : "cannot";
  const name = document.createElement("strong");
  name.textContent = one.name;
  const more = document.createElement("span");
  const load = strip.dataset.of.replace("%1", one.pairs).replace("%2", one.most);
  more.textContent = one.may
    ? `${load} · ${one.place ? strip.dataset.free : strip.dataset.full}`
    : `${strip.dataset.no}: ${one.why}`;
  chip.title = one.may ? one.school : one.why;
  chip.append(name, more);
  return chip;
}
function showTargets(found) {
  const order = (one) => (one.may ? (one.place ? 0 : 1) : 2);
  const sorted = Object.entries(found).sort(
    (a, b) => order(a[1]) - order(b[1]) || b[1].covers - a[1].covers || a[1].name.localeCompare(b[1].name),
  );
  if (!keptChips) keptChips = [...chips.childNodes];
  chips.replaceChildren(...sorted.map(([id, one]) => chipFor(id, one)));
  chips.scrollLeft = 0;
  say(strip.dataset.dropped);
}
function endDrag() {
  if (!drag) return;
  drag.ghost.remove();
  document.body.classList.remove("dragging");
  document.getElementById("chips-mentors").open = wasOpen;
  if (keptChips) chips.replaceChildren(...keptChips);
  keptChips = null;
  drag = null;
  say("");
}
function under(event) {
  const chip = document.elementFromPoint(event.clientX, event.clientY)?.closest("#mentor-chips li");
  for (const other of chips.querySelectorAll(".over")) if (other !== chip) other.classList.remove("over");
  chip?.classList.add("over");
  return chip;
}
document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest("[data-move]");
  if (!grip || !strip || event.button) return;
  event.preventDefault();
  const ghost = document.createElement("div");
  ghost.className = "ghost";
  ghost.textContent = grip.dataset.name;
  document.body.append(ghost);
  document.body.classList.add("dragging");
  wasOpen = document.getElementById("chips-mentors").open;
  document.getElementById("chips-mentors").open = true;
  drag = { who: grip.dataset.move, ghost };
  const mine = drag;
  say(strip.dataset.looking.replace("%1", grip.dataset.name));
  ghost.style.translate = `${event.clientX + 8}px ${event.clientY + 8}px`;
  fetch(`/rounds/${strip.dataset.round}/targets/${drag.who}`, { headers: { Accept: "application/json" } })
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.statusText))))
    .then((found) => drag === mine && showTargets(found))
    .catch(() => drag === mine && endDrag());
});
document.addEventListener("pointermove", (event) => {
  if (!drag) return;
  drag.ghost.style.translate = `${event.clientX + 8}px ${event.clientY + 8}px`;
  under(event);
  const edge = chips.getBoundingClientRect();
  const isNear = event.clientY > edge.top && event.clientY < edge.bottom;
  if (isNear && event.clientX > edge.right - 60) chips.scrollLeft += 24;
  if (isNear && event.clientX < edge.left + 60) chips.scrollLeft -= 24;
});
document.addEventListener("pointerup", (event) => {
  if (!drag) return;
  const chip = keptChips ? under(event) : null;
  const who = drag.who;
  const mentor = chip?.classList.contains("can") ? chip.dataset.mentor : null;
  endDrag();
  if (mentor) openMove(who, mentor);
});
document.addEventListener("pointercancel", endDrag);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") endDrag();
});
