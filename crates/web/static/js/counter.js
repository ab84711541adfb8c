// Counts UTF-16 units, as LINE and `maxlength` do.
export function counters() {
  for (const input of document.querySelectorAll("[data-counter]")) {
    const place = document.getElementById(input.dataset.counter);
    if (!place) continue;
    const show = () => {
      place.textContent = `${input.value.length} / ${input.maxLength}`;
      place.classList.toggle("is-over", input.value.length >= input.maxLength);
    };
    input.addEventListener("input", show);
    show();
  }
}
