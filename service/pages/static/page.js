// What every page needs beside htmx: a question before what cannot be undone, and words copied at a click.
"use strict";
document.addEventListener("submit", (event) => {
  const question = event.target.getAttribute("data-question");
  if (question && !window.confirm(question)) event.preventDefault();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const words = document.getElementById(button.getAttribute("data-copy")).textContent.trim();
  navigator.clipboard.writeText(words).then(() => {
    document.getElementById("said").textContent = button.getAttribute("data-copied");
  });
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
