// Keeps the page current: asks for a newer revision and swaps what changed; stops while the tab is hidden. Without it, reload.
const pane = document.getElementById('live');
const toEnd = () => { if (pane.classList.contains('log')) pane.scrollTop = pane.scrollHeight; };
toEnd();
// An account's address stays in this tab; any other page opens in its own, as a phone's browser would.
document.querySelector('.scan')?.addEventListener('submit', e => {
  e.target.target = e.target.url.value.includes('/R/ti/p/') ? '' : '_blank';
});
setInterval(async () => {
  const device = document.querySelector('[data-live]');
  if (document.hidden || !device) return;
  const answer = await fetch(`${device.dataset.livePath}?rev=${device.dataset.live}`).catch(() => null);
  if (!answer || answer.status !== 200) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const draft = document.querySelector('.compose input[name=text]')?.value;
  const next = fresh.querySelector('[data-live]');
  if (!next) return;
  device.dataset.live = next.dataset.live;
  pane.innerHTML = next.querySelector('#live').innerHTML;
  for (const part of ['.richmenu', '.join', '.compose']) {
    const had = device.querySelector(part), has = next.querySelector(part);
    if (had && has && part !== '.compose' && had.outerHTML !== has.outerHTML) had.replaceWith(has);
    else if (Boolean(had) !== Boolean(has)) { location.reload(); return; }
  }
  if (draft) document.querySelector('.compose input[name=text]').value = draft;
  toEnd();
}, 1200);
