// Keys of a list: j and k move, x picks (`.pick` check box), Enter or o opens the row's first link. On `[data-list]` tables.
export function listKeys() {
  const table = document.querySelector("table[data-list]");
  if (!table) return;
  let here = -1;
  const rows = () => [...table.tBodies[0].rows];
  const go = (to) => {
    const all = rows();
    if (!all.length) return;
    all[here]?.classList.remove("is-here");
    here = Math.max(0, Math.min(all.length - 1, to));
    all[here].classList.add("is-here");
    all[here].scrollIntoView({ block: "nearest" });
    (all[here].querySelector("a") ?? all[here].querySelector(".pick"))?.focus({ preventScroll: true });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input:not(.pick), textarea, select, dialog")) return;
    if (event.key === "j") go(here + 1);
    else if (event.key === "k") go(here - 1);
    else if (event.key === "x") rows()[here]?.querySelector(".pick")?.click();
    else if (event.key === "o") rows()[here]?.querySelector("a")?.click();
    else return;
    event.preventDefault();
  });
  document.querySelector("[data-pick-all]")?.addEventListener("change", (event) => {
    for (const pick of table.querySelectorAll(".pick")) pick.checked = event.target.checked;
  });
}
