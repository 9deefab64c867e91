// The arrows move through the hours of a week; without scripts the tab key does.
"use strict";
document.addEventListener("keydown", (event) => {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
  const cell = event.target.closest("table.week td");
  if (!step || !cell) return;
  event.preventDefault();
  const rows = cell.closest("tbody").rows;
  let row = cell.parentElement.sectionRowIndex + step[0];
  let column = cell.cellIndex + step[1];
  while (rows[row] && rows[row].cells[column]) {
    const box = rows[row].cells[column].querySelector("input");
    if (box) return box.focus();
    row += step[0];
    column += step[1];
  }
});
