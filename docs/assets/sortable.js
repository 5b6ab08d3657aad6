// Tables that can be sorted: a click on a heading orders the rows by its column, another turns them.

const value = (row, column) => {
  const cell = row.cells[column];
  const number = Number(cell.dataset.value ?? NaN);
  return Number.isNaN(number) ? cell.textContent.trim() : number;
};

const compare = (a, b) => (typeof a === "string" ? a.localeCompare(b) : a - b);

function sort(table, heading) {
  const turned = heading.getAttribute("aria-sort") === "ascending" ? -1 : 1;
  for (const other of heading.parentElement.cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", turned === 1 ? "ascending" : "descending");
  const column = heading.cellIndex;
  const [body] = table.tBodies;
  body.append(
    ...[...body.rows].sort((a, b) => turned * compare(value(a, column), value(b, column))),
  );
}

for (const table of document.querySelectorAll(".sortable table")) {
  for (const heading of table.tHead.rows[0].cells) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    button.addEventListener("click", () => sort(table, heading));
    heading.append(button);
  }
}
