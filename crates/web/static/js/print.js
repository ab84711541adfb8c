// `<button hidden data-print>` opens the browser's own print; without scripts the browser's menu does the same.
export function prints() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
