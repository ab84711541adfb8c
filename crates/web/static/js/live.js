// `<section data-live="/events" data-fragment="/part">`: at each event the part's page is fetched again and put in place.
// Several events during one fetch cause one more fetch. An event named `done` ends it.
export function live() {
  for (const part of document.querySelectorAll("[data-live]")) follow(part);
}

function follow(part) {
  const source = new EventSource(part.dataset.live);
  let busy = false;
  let again = false;
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(part.dataset.fragment, { headers: { accept: "text/html" } });
      if (answer.ok && !answer.redirected) part.innerHTML = await answer.text();
    } catch {
      // The line is down: the event source connects again and the next event brings the state.
    }
    busy = false;
    if (again) { again = false; refresh(); }
  };
  source.onmessage = refresh;
  source.addEventListener("done", () => { source.close(); refresh(); });
  addEventListener("pagehide", () => source.close());
}
