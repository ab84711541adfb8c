// Messages, for stories: students who receive them, writing one, what the simulator and the mailbox have received.

import { allowAtLine, answerQuestions, consent, givePhone, letterTo, phoneAt, scan } from './joining.mjs';
import { MASUDA } from './office.mjs';

/** The demonstration's account of 益田市. */
export const ACCOUNT = `200${MASUDA}`;

/** Joins over LINE as a first-year student; `{ handle, given, kana, place }`. Returns the phone and the tab of my page. */
export async function joinByLine(page, demo, { handle, given, kana, place, interests = 1 }) {
  const phone = await page({ width: 320 });
  await givePhone(phone, demo, handle, given);
  const tab = await scan(phone, demo, handle, `${demo.portal}/p/${MASUDA}`);
  await tab.click('text=はじめる');
  await tab.click('a:has-text("LINEで続ける")');
  await allowAtLine(tab);
  await answerQuestions(tab, { family: '架空', given, familyKana: 'かくう', givenKana: kana, born: '2006-6-6', graduation: 2024, place, interests });
  await consent(tab);
  await tab.waitForURL(/\/me\/welcome/);
  return { handle, phone, tab };
}

/** Adds an e-mail address on my page and proves it. */
export async function addAddress(tab, demo, address) {
  await tab.goto(`${demo.portal}/me/email`);
  await tab.fill('[name=email]', address);
  await tab.click('main button[type=submit]');
  const { links } = await letterTo(tab, demo, address);
  await tab.goto(links.find((it) => it.includes('/mail/')));
  await tab.click('main button[type=submit]');
}

/** Blocks the account on the phone. */
export async function block(student, demo) {
  await student.phone.goto(phoneAt(demo, student.handle, `/phone/${student.handle}/${ACCOUNT}`));
  await student.phone.click('button[value=block]');
}

/** Withdraws every consent on my page; each is acknowledged on the page before the next. */
export async function withdrawAll(student, demo) {
  await student.tab.goto(`${demo.portal}/me`);
  while ((await student.tab.locator('button[value=withdraw]').count()) > 0) {
    await student.tab.locator('button[value=withdraw]').first().click();
    await student.tab.waitForSelector('text=同意をやめました');
    await student.tab.goto(`${demo.portal}/me`);
  }
}

/** Writes a draft and goes to its page; returns the message's address. */
export async function write(editor, demo, { title, purpose = 'info', audience = null, rule = null, bubbles, subject = '', body = '' }) {
  await editor.goto(`${demo.office}/messages/new`);
  await editor.fill('[name=title]', title);
  await editor.selectOption('[name=purpose]', purpose);
  if (audience) await editor.selectOption('[name=segment]', { label: audience });
  if (rule) {
    await editor.locator('details:has([name=rule])').evaluate((it) => (it.open = true));
    await editor.fill('[name=rule]', rule);
  }
  for (const [n, bubble] of bubbles.entries()) {
    await editor.selectOption(`[name=b${n}-kind]`, bubble.button ? 'buttons' : 'text');
    await editor.fill(`[name=b${n}-text]`, bubble.text);
    if (bubble.button) {
      await editor.locator(`details:has([name=b${n}-label0])`).evaluate((it) => (it.open = true));
      await editor.fill(`[name=b${n}-label0]`, bubble.button.label);
      await editor.fill(`[name=b${n}-url0]`, bubble.button.url);
    }
    if (n + 1 < bubbles.length && (await editor.locator(`[name=b${n + 1}-kind]`).count()) === 0) await editor.click('button[value=more]');
  }
  await editor.fill('[name=subject]', subject);
  await editor.fill('[name=body]', body);
  await editor.click('button[value=look]');
  await editor.waitForURL(/\/office\/messages\/[0-9a-f-]{36}(\?|$)/);
  return editor.url().replace(/\?.*/, '');
}

/** Hands a draft in for approval. */
export async function submit(editor) {
  await editor.click('main form[action$="/submit"] button');
  await editor.waitForSelector('main form[action$="/submit"]', { state: 'detached' });
}

/** What of a text the simulator delivered to one person. */
export async function received(visitor, demo, handle, text) {
  const answer = await visitor.request.get(`${demo.line}/_sim/ledger?channel=${ACCOUNT}&user=${handle}`);
  return (await answer.json()).sends.filter((send) => send.delivered && JSON.stringify(send.messages).includes(text));
}

/** Every letter to an address with these words in its subject. */
export async function letters(visitor, demo, address, words) {
  const answer = await visitor.request.get(`${demo.mail}/api/messages?to=${encodeURIComponent(address)}`);
  return (await answer.json()).filter((it) => it.subject.includes(words));
}

/** Lets calls of the platform wait until `letGo`: what the story does meanwhile happens while they are on their way. */
export async function hold(visitor, demo, path) {
  await visitor.request.post(`${demo.line}/_sim/faults`, { data: { kind: 'hold', path } });
}

/** How many calls wait. */
export async function held(visitor, demo) {
  return (await (await visitor.request.get(`${demo.line}/_sim/held`)).json()).held;
}

/** Lets them go on. */
export async function letGo(visitor, demo) {
  await visitor.request.delete(`${demo.line}/_sim/faults`);
}
