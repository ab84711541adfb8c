// The form of an audience: counts again a moment after something changed, and asks for a row's new shape at once.
export function audience() {
  const form = document.querySelector("form[data-audience]");
  const place = form?.querySelector("[data-audience-result]");
  if (!place) return;
  let waiting;
  let asked = 0;
  const count = async () => {
    const turn = ++asked;
    try {
      const answer = await fetch(form.dataset.audience, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      // A later question has gone out meanwhile: its answer is the one to show.
      if (answer.ok && !answer.redirected && turn === asked) place.innerHTML = await answer.text();
    } catch {
      // The line is down: the button counts again.
    }
  };
  form.addEventListener("input", (event) => {
    if (event.target.matches("[data-reshapes], [data-sieve], [name=name], [name=why], [name=team]")) return;
    // What was said of the value before is not said of this one: the count below is.
    const row = event.target.closest(".clause.field--error");
    row?.classList.remove("field--error");
    row?.querySelector(".field__error")?.remove();
    clearTimeout(waiting);
    waiting = setTimeout(count, 400);
  });
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-reshapes]")) form.requestSubmit(form.querySelector("[value=refresh]"));
  });
}
