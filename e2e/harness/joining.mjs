// Joining as a student does, for stories: a phone in the LINE simulator, the questions one by one, the consents.

import { eventually } from './expect.mjs';

/** Makes a person with a phone in the simulator. */
export async function givePhone(visitor, demo, handle, name) {
  const answer = await visitor.request.post(`${demo.line}/_sim/setup`, { data: { providers: [], messaging_channels: [], login_channels: [], users: [{ handle, name }], bulk_users: [], friendships: [] } });
  if (!answer.ok()) throw new Error(`no phone for ${handle}: ${answer.status()} ${await answer.text()}`);
}

/** The phone's address: a host of its own, as every phone of the simulator has. */
export function phoneAt(demo, handle, path = '/') {
  const { port } = new URL(demo.line);
  return `http://${handle}.localhost:${port}${path}`;
}

/** Types a QR code's address into the phone's reader; what opens beside the phone is returned. */
export async function scan(phone, demo, handle, url) {
  await phone.goto(phoneAt(demo, handle));
  await phone.fill('#qr', url);
  const opened = phone.waitForEvent('popup');
  await phone.click('.scan button');
  const tab = await opened;
  await tab.waitForLoadState();
  return tab;
}

/** Goes through LINE Login: allows, and adds the account where it is offered. */
export async function allowAtLine(tab) {
  await tab.waitForSelector('button[value=allow]');
  const offered = tab.locator('input[name=add_friend]');
  if ((await offered.count()) > 0) await offered.check();
  await tab.click('button[value=allow]');
}

/**
 * Answers the questions after the first (the contact) with what is given:
 * `{ family, given, familyKana, givenKana, born: 'YYYY-M-D', graduation: fiscal year, school, now, place (its name, or a choice as Playwright takes it), interests }`.
 * Ends on the consents.
 */
export async function answerQuestions(tab, student, seen = async () => {}) {
  const next = async (step, fill) => {
    await tab.waitForURL(new RegExp(`/join/${step}(\\?|$)`));
    await seen(step);
    await fill();
    await tab.click('main button[type=submit]');
  };
  await next('name', async () => {
    await tab.fill('[name=family]', student.family);
    await tab.fill('[name=given]', student.given);
    await tab.fill('[name=family_kana]', student.familyKana);
    await tab.fill('[name=given_kana]', student.givenKana);
  });
  const [year, month, day] = student.born.split('-').map(Number);
  await next('birth', async () => {
    await tab.selectOption('[name=year]', String(year));
    await tab.selectOption('[name=month]', String(month));
    await tab.selectOption('[name=day]', String(day));
  });
  await next('school', async () => {
    await tab.selectOption('[name=school]', student.school ? { label: student.school } : { index: 1 });
    await tab.selectOption('[name=graduation]', String(student.graduation));
  });
  await next('now', async () => {
    await tab.check(`[name=now][value=${student.now ?? 'university'}]`);
    const place = student.place ?? '大阪府';
    await tab.selectOption('[name=place]', typeof place === 'string' ? { label: place } : place);
  });
  await next('interests', async () => {
    for (const box of (await tab.locator('[name=interests]').all()).slice(0, student.interests ?? 2)) await box.check();
  });
  await tab.waitForURL(/\/agree(\?|$)/);
}

/** Consents to everything asked, or to the named purposes. */
export async function consent(tab, purposes = null) {
  for (const box of await tab.locator('[name=agreed]').all()) {
    if (!purposes || purposes.includes(await box.getAttribute('value'))) await box.check();
  }
  await tab.click('main button[type=submit]');
}

/** The newest letter to an address, once it has come. */
export async function letterTo(visitor, demo, address, matching = () => true) {
  return eventually(`a letter to ${address}`, async () => {
    const answer = await visitor.request.get(`${demo.mail}/api/messages?to=${encodeURIComponent(address)}`);
    return (await answer.json()).find(matching);
  });
}

/** Joins with LINE from a town's page to the welcome, agreeing to everything; the tab beside the phone. */
export async function joinWithLine(phone, demo, { handle, organisation }, person) {
  await givePhone(phone, demo, handle, person.given);
  const tab = await scan(phone, demo, handle, `${demo.portal}/p/${organisation}`);
  await tab.click('text=はじめる');
  await tab.click('a:has-text("LINEで続ける")');
  await allowAtLine(tab);
  await answerQuestions(tab, person);
  await consent(tab);
  await tab.waitForURL(/\/me\/welcome/);
  return tab;
}
