"use strict";
(() => {
  const tools = document.getElementById("tools");
  const unit = document.getElementById("unit");
  const light = document.getElementById("light");
  const said = document.getElementById("said");
  const tasks = [...document.querySelectorAll("article.task")].map((task) => ({
    task,
    light: task.dataset.light,
    rows: [...task.querySelectorAll("li[data-unit]")].map((row) => ({ row, unit: row.dataset.unit, light: row.dataset.light })),
  }));
  const parts = [...document.querySelectorAll("section.part")];
  const filter = () => {
    const byUnit = unit.value;
    const byLight = light ? light.value : "";
    let shown = 0;
    for (const each of tasks) {
      let some = false;
      for (const one of each.rows) {
        const fits = (!byUnit || one.unit === byUnit) && (!byLight || one.light === byLight);
        one.row.hidden = !fits;
        some = some || fits;
      }
      if (!each.rows.length) some = !byUnit && (!byLight || each.light === byLight);
      each.task.hidden = !some;
      shown += some ? 1 : 0;
    }
    for (const part of parts) part.hidden = !part.querySelector("article.task:not([hidden])");
    said.textContent = said.dataset.words.replace("{shown}", String(shown)).replace("{all}", String(tasks.length));
  };
  unit.addEventListener("change", filter);
  if (light) light.addEventListener("change", filter);
  document.getElementById("all").addEventListener("click", () => {
    unit.value = "";
    if (light) light.value = "";
    filter();
    unit.focus();
  });
  document.getElementById("print").addEventListener("click", () => window.print());
  for (const each of tools.querySelectorAll("[data-script]")) each.hidden = false;
  filter();
})();
