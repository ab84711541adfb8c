// Programmes, for stories: taking one up from the gallery with a round that is on, and filling in what it asks.

/** Presses a button of the page behind which a question may stand, and says yes. */
export async function press(visitor, name) {
  await visitor.click(`main button:has-text("${name}")`);
  const sure = visitor.locator('dialog.ask .button--solid');
  if ((await sure.count()) > 0) await sure.first().click();
  await visitor.waitForLoadState();
}

/** Takes a programme up with a town's values and announces a round of it, whose venues begin at `starts`: the path of the round. */
export async function openRound(office, demo, { slug, values, title, starts = [] }) {
  await office.goto(`${demo.office}/programmes/gallery/${slug}`);
  await office.click('main form button[type=submit]');
  await office.waitForURL(/\/programmes\/[0-9a-f-]{36}/);
  const programme = new URL(office.url()).pathname;
  for (const [name, value] of Object.entries(values)) await office.fill(`[name=p-${name}]`, value);
  await office.click(`main form:has([name=p-${Object.keys(values)[0]}]) button[type=submit]`);
  await office.waitForURL(/done=kept/);
  await office.goto(`${demo.portal}${programme}/rounds/new`);
  await office.fill('[name=title]', title);
  await office.fill('[name=opens]', '2026-01-01T09:00');
  for (const [n, at] of starts.entries()) await office.fill(`[name=v${n}-starts]`, at);
  await office.click('main button[value=keep]:not([tabindex])');
  await office.waitForURL(/\/rounds\/[0-9a-f-]{36}/);
  const round = new URL(office.url()).pathname;
  await office.click('main a:has-text("公開する")');
  await press(office, '公開する');
  await office.waitForURL(/done=announced/);
  return round;
}

/** Goes through the questions of an application until the page that asks whether all is right; `answers` by step: a value, or for whom it is; what is not named stays empty. */
export async function fillIn(tab, demo, round, answers) {
  const step = () => new URL(tab.url()).pathname.split('/').pop();
  await tab.goto(`${demo.portal}/me/apply/${round.split('/').pop()}`);
  for (let here = step(); here !== 'check'; here = step()) {
    const answer = answers[here];
    if (typeof answer === 'object') {
      for (const [name, value] of Object.entries(answer)) await tab.fill(`[name=${name}]`, value);
    } else if (answer !== undefined) {
      const choice = tab.locator(`[name=answer][value="${answer}"], [name=venue][value="${answer}"]`);
      if ((await choice.count()) > 0) await choice.check();
      else await tab.fill('[name=answer]', answer);
    }
    await tab.click('main button[type=submit]:not([name=do])');
    await tab.waitForURL((url) => !url.pathname.endsWith(`/${here}`));
  }
}
