// The schedule: dragging a meeting, or pressing "Move", shows at once where it may go; without this the link does it.
"use strict";
(() => {
  const told = document.getElementById("told");
  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
  let asked = "";
  const clear = () => {
    asked = "";
    for (const old of document.querySelectorAll("[data-places]")) old.replaceChildren();
    for (const old of document.querySelectorAll(".is-moving")) old.classList.remove("is-moving");
    const bar = document.getElementById("moving");
    if (bar) bar.replaceChildren();
  };
  const show = async (card) => {
    if (asked === card.id) return;
    clear();
    asked = card.id;
    card.classList.add("is-moving");
    document.body.classList.add("waiting");
    try {
      const answer = await fetch(card.dataset.placesUrl);
      if (!answer.ok) throw new Error(answer.statusText);
      const found = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (asked !== card.id) return;
      for (const part of found.querySelectorAll("[data-places]")) {
        const place = document.querySelector(`[data-places="${part.dataset.places}"]`);
        if (place) place.replaceWith(part);
      }
      document.getElementById("moving").replaceWith(found.getElementById("moving"));
      told.textContent = document.querySelector("#moving p").textContent;
    } catch {
      window.location.assign(card.querySelector("[data-move]").href);
    } finally {
      document.body.classList.remove("waiting");
    }
  };
  document.addEventListener("dragstart", (event) => {
    const card = event.target.closest?.("[data-meeting]");
    if (!card) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.meeting);
    show(card);
  });
  const over = (event) => event.target.closest?.(".allowed li, .forbidden li");
  document.addEventListener("dragover", (event) => {
    const spot = over(event);
    if (!spot || !asked) return;
    for (const old of document.querySelectorAll(".over-it")) if (old !== spot) old.classList.remove("over-it");
    spot.classList.add("over-it");
    event.preventDefault();
    event.dataTransfer.dropEffect = spot.dataset.why === undefined ? "move" : "none";
  });
  document.addEventListener("drop", (event) => {
    const spot = over(event);
    if (!spot || !asked) return;
    event.preventDefault();
    const form = spot.querySelector("form");
    if (form) form.requestSubmit();
  });
  document.addEventListener("dragend", () => {
    for (const old of document.querySelectorAll(".over-it")) old.classList.remove("over-it");
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-move]");
    if (link) {
      event.preventDefault();
      await show(link.closest("[data-meeting]"));
      const bar = document.getElementById("moving");
      bar.scrollIntoView({ block: "nearest" });
      (document.querySelector(".allowed button") || bar).focus();
    } else if (event.target.closest("[data-stop]")) {
      const back = asked && document.getElementById(asked);
      if (!back) return;
      event.preventDefault();
      clear();
      back.querySelector("[data-move]").focus();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !asked) return;
    const back = document.getElementById(asked);
    clear();
    back.querySelector("[data-move]").focus();
  });
})();
