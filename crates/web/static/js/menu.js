// Escape folds the open menu of a narrow window and leaves the focus on what opened it, as with any other menu.
export function menus() {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
    // A question in front of the page is answered first.
    if (document.querySelector("dialog[open]")) return;
    const menu = document.querySelector("details.topbar__menu[open]");
    if (!menu) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
