// `[data-drop]`: a file dropped on the box goes into its input.
export function drops() {
  for (const box of document.querySelectorAll("[data-drop]")) {
    const input = box.querySelector("input[type=file]");
    box.addEventListener("dragover", (event) => { event.preventDefault(); box.classList.add("is-over"); });
    box.addEventListener("dragleave", () => box.classList.remove("is-over"));
    box.addEventListener("drop", (event) => {
      event.preventDefault();
      box.classList.remove("is-over");
      if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
    });
  }
}
