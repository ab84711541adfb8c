// `<section id="…" data-renew="5">`: every so many seconds the page is fetched again and this part of it put in place, until
// the fetched part no longer asks for it. Where `data-stands` has become another word the whole page is other, and is loaded anew. Nothing is fetched while the page is hidden.
export function renew() {
  for (const part of document.querySelectorAll("[data-renew][id]")) watch(part);
}

function watch(part) {
  const timer = setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(part.id);
      if (!fresh || fresh.dataset.renew === undefined || fresh.dataset.stands !== part.dataset.stands) {
        clearInterval(timer);
        location.reload();
        return;
      }
      part.replaceChildren(...fresh.childNodes);
    } catch {
      // The line is down: the next round tries again.
    }
  }, Number(part.dataset.renew) * 1000);
}
