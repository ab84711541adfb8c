// `<form data-confirm="question" data-confirm-ok data-confirm-cancel>`: asks in a dialog before sending.
export function confirms() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    ask(form, event.submitter);
  });
}

function ask(form, submitter) {
  const dialog = document.createElement("dialog");
  dialog.className = "ask";
  const question = document.createElement("p");
  question.id = "ask-question";
  question.textContent = form.dataset.confirm;
  dialog.setAttribute("aria-labelledby", question.id);
  const buttons = document.createElement("div");
  buttons.className = "ask__buttons";
  const button = (text, look, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = `button button--${look}`;
    made.textContent = text;
    made.addEventListener("click", act);
    buttons.append(made);
  };
  button(form.dataset.confirmCancel, "outlined", () => dialog.close());
  button(form.dataset.confirmOk, "solid", () => {
    form.dataset.confirmed = "yes";
    dialog.close();
    form.requestSubmit(submitter ?? undefined);
  });
  dialog.append(question, buttons);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
