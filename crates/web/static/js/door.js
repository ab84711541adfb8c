// The steward's page goes on without a network: who is checked in is marked at once and waits on the phone, and is sent as soon
// as the line is back. Each counts once, however often it is sent. Without this module every press is a page of its own.
export function door() {
  const list = document.querySelector("[data-door]");
  const place = document.querySelector("[data-door-queue]");
  if (!list || !place) return;
  const key = `door-${list.dataset.door}`;
  const read = () => { try { return JSON.parse(localStorage.getItem(key) ?? "{}"); } catch { return {}; } };
  const write = (queue) => localStorage.setItem(key, JSON.stringify(queue));
  const line = (id) => list.querySelector(`[data-application="${CSS.escape(id)}"]`);
  const mark = (id, words, tone) => {
    const button = line(id)?.querySelector("button[value=in]");
    const chip = line(id)?.querySelector(".chip") ?? document.createElement("span");
    chip.className = `chip chip--${tone}`;
    chip.textContent = words;
    if (button) button.replaceWith(chip);
  };
  const tell = () => {
    const n = Object.keys(read()).length;
    place.hidden = n === 0;
    place.textContent = `${place.dataset.doorQueue} ${n}`;
  };
  let sending = false;
  const settle = async () => {
    const queue = read();
    const entries = Object.entries(queue);
    if (sending || entries.length === 0) return;
    sending = true;
    try {
      const now = Date.now();
      const lines = entries.map(([id, at]) => `${id} ${Math.max(0, Math.round((now - at) / 1000))}`).join("\n");
      const body = new URLSearchParams({ csrf: list.dataset.csrf, entries: lines });
      const answer = await fetch("/door/settle", { method: "POST", body });
      if (answer.ok && !answer.redirected) {
        // What was pressed meanwhile stays in the queue.
        const left = read();
        for (const told of (await answer.text()).split("\n").filter(Boolean)) {
          const [id, ...said] = told.split(" ");
          delete left[id];
          const words = said.join(" ");
          mark(id, words === "in" ? list.dataset.in : words, words === "in" ? "success" : "error");
        }
        write(left);
      }
    } catch {
      // The line is down: they wait.
    }
    sending = false;
    tell();
  };
  list.addEventListener("submit", (event) => {
    if (event.submitter?.value !== "in") return;
    event.preventDefault();
    const id = event.target.querySelector("[name=application]").value;
    write({ ...read(), [id]: Date.now() });
    mark(id, list.dataset.queued, "warning");
    tell();
    settle();
  });
  for (const id of Object.keys(read())) mark(id, list.dataset.queued, "warning");
  const search = document.querySelector("[data-door-search]");
  const plain = (text) => text.normalize("NFKC").replace(/[\s-]/g, "").toLowerCase();
  search?.addEventListener("input", () => {
    const wanted = plain(search.querySelector("input").value);
    for (const it of list.children) it.hidden = !plain(it.querySelector(".door__who").textContent).includes(wanted);
  });
  search?.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("online", settle);
  setInterval(settle, 15_000);
  tell();
  settle();
}
