// Makes pages nicer where JavaScript runs; every page works without it.
"use strict";

(() => {
  // Tables of figures with more than ten rows sort by a press on the column head.
  const NUMBER = /^[<>]?\s*-?[\d\u2009\u00a0\u202f ]+(,\d+)?\s*%?$/;
  const value = (cell) => {
    const text = cell.textContent.trim();
    return NUMBER.test(text)
      ? parseFloat(text.replace(/[^\d,-]/g, "").replace(",", "."))
      : text;
  };
  const collator = new Intl.Collator(document.documentElement.lang || "nb", { numeric: true });
  const compare = (a, b) => {
    if (typeof a === "number" && typeof b === "number") return a - b;
    if (typeof a === "number") return -1;
    if (typeof b === "number") return 1;
    return collator.compare(a, b);
  };
  const sortable = (table) => {
    const body = table.tBodies[0];
    const heads = table.tHead ? [...table.tHead.rows[table.tHead.rows.length - 1].cells] : [];
    if (!body || body.rows.length <= 10 || table.querySelector("tbody [colspan], tbody [rowspan]")) return;
    heads.forEach((head, column) => {
      head.setAttribute("aria-sort", "none");
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const upwards = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.setAttribute("aria-sort", "none"));
        head.setAttribute("aria-sort", upwards ? "ascending" : "descending");
        const rows = [...body.rows].sort((a, b) => compare(value(a.cells[column]), value(b.cells[column])));
        body.append(...(upwards ? rows : rows.reverse()));
      });
    });
  };
  document.querySelectorAll("table[data-sortable]").forEach(sortable);

  // The menu of a telephone closes when it is left, and with Escape, which gives the focus back.
  const menu = document.querySelector(".sl-open");
  const header = menu?.closest("header");
  header?.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !header.contains(event.relatedTarget)) menu.open = false;
  });
  document.addEventListener("pointerdown", (event) => {
    if (menu?.open && !header.contains(event.target)) menu.open = false;
  });
  header?.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });

  // A form that came back with errors begins at the list of them.
  document.getElementById("error-summary")?.focus();
})();
