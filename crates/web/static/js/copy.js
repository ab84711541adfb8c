// `<button hidden data-copy="#id" data-copied="…">` copies that element's text or value; shown only where it can.
export function copyButtons() {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      const from = document.querySelector(button.dataset.copy);
      await navigator.clipboard.writeText(from.value ?? from.textContent.trim());
      if (button.dataset.copied) button.textContent = button.dataset.copied;
    });
  }
}
