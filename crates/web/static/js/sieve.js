// `<input type="search" data-sieve hidden>` above a list of choices leaves only those whose words hold what is typed, and
// those that are ticked. Without this module the whole list stands there.
export function sieves() {
  for (const box of document.querySelectorAll("[data-sieve]")) {
    const choices = [...box.parentElement.querySelectorAll(".choice")];
    box.hidden = false;
    box.addEventListener("input", () => {
      const wanted = box.value.normalize("NFKC").trim().toLowerCase();
      for (const choice of choices) {
        const words = choice.textContent.normalize("NFKC").toLowerCase();
        choice.hidden = !words.includes(wanted) && !choice.querySelector("input").checked;
      }
    });
    // Enter looks; it does not send the form.
    box.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  }
}
