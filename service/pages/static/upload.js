// Files dropped on the form, their names shown, and buttons that have to send the form as a browser does by itself.
"use strict";
(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const drop = form.querySelector("[data-drop]");
  const input = drop.querySelector("input[type=file]");
  const names = drop.querySelector("[data-names]");
  const show = () => {
    names.textContent = Array.from(input.files, (file) => file.name).join(", ");
  };
  input.addEventListener("change", show);
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    show();
    form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-plain]");
    if (!button || button.form !== form) return;
    event.preventDefault();
    const usual = form.getAttribute("action");
    form.setAttribute("action", button.getAttribute("formaction"));
    form.submit(); // unlike a click it is seen by no script: the answer is a file
    form.setAttribute("action", usual);
  });
  document.addEventListener("click", (event) => {
    const tab = event.target.closest(".tabs a");
    if (tab) document.querySelector(tab.getAttribute("href")).open = true;
  });
  document.addEventListener("htmx:after:swap", () => {
    const checked = document.getElementById("checked");
    if (checked.querySelector(".result, [role=alert]")) checked.scrollIntoView({ block: "start" });
  });
})();
