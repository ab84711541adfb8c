// `<div id="signed-out" data-stay="address" hidden>`: who fills in a form is at work, so their sign-in stays; and a form is not
// sent into a sign-in that has ended meanwhile, because what was typed would be lost: the notice says so instead. Signed in
// again in another tab, the same form can be sent.
const EVERY = 5 * 60 * 1000;
// A form is sent unasked for so long after the last sign of the session.
const SURE = 60 * 1000;

export function stays() {
  const notice = document.querySelector("[data-stay]");
  if (!notice) return;
  let seen = Date.now();
  let asking = null;

  const ask = async () => {
    try {
      const answer = await fetch(notice.dataset.stay, { redirect: "manual", cache: "no-store" });
      if (!answer.ok) return false;
      const token = (await answer.text()).trim();
      for (const field of document.querySelectorAll('input[name="csrf"]')) field.value = token;
      seen = Date.now();
      notice.hidden = true;
      return true;
    } catch {
      // The line is down: the browser itself says so when the form is sent.
      return true;
    }
  };
  const stillHere = () => (asking ??= ask().finally(() => (asking = null)));
  const show = () => {
    notice.setAttribute("role", "alert");
    notice.hidden = false;
  };
  const tell = () => {
    show();
    notice.focus();
    notice.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("input", async (event) => {
    if (Date.now() - seen < EVERY || !event.target.form?.elements.namedItem("csrf")) return;
    if (!(await stillHere())) show();
  });
  // Before any other listener: none of them should act on a form that is not sent.
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      const fresh = Date.now() - seen < SURE && notice.hidden;
      if (fresh || form.method !== "post" || !form.elements.namedItem("csrf")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const submitter = event.submitter;
      if (await stillHere()) form.requestSubmit(submitter ?? undefined);
      else tell();
    },
    true,
  );
}
