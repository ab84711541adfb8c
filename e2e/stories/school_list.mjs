// The school's list and the student: the list is taken in as the school wrote it, undone and taken in again; a slip is
// printed; the student scans it, adds the account, answers, a guardian consents; she stands in the office once, not twice.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { eventually } from '../harness/expect.mjs';
import { allowAtLine, answerQuestions, consent, givePhone, phoneAt, scan } from '../harness/joining.mjs';
import { seat } from '../harness/office.mjs';

const WORKBOOK = fileURLToPath(new URL('../fixtures/school_list.xlsx', import.meta.url));
const SCHOOL = '益田高校';
const HANAKO = { family: '髙橋', given: '花子', familyKana: 'たかはし', givenKana: 'はなこ', born: '2008-3-28', school: SCHOOL, graduation: 2025, place: '大阪府' };

/** Presses a button that asks first, and says yes. */
async function pressAndConfirm(visitor, text) {
  await visitor.click(`main form button:has-text("${text}")`);
  await visitor.click('dialog.ask .button--solid');
}

/** How many people of this name the office knows. */
async function known(visitor, demo, name) {
  await visitor.goto(`${demo.office}/people?q=${encodeURIComponent(name)}`);
  return visitor.locator('main tbody tr').count();
}

/** Sends a file in and goes to the preview. */
async function takeIn(officer, demo, file) {
  await officer.goto(`${demo.office}/import`);
  await officer.selectOption('[name=school]', { label: SCHOOL });
  await officer.selectOption('[name=year]', '2025');
  await officer.setInputFiles('[name=file]', file);
  await officer.click('main form.card button[type=submit]');
  await officer.waitForURL(/\/columns$/);
  assert.match(await officer.textContent('main'), /生徒氏名/);
  await officer.click('button:has-text("内容を確かめる")');
  await eventually('the preview is there', async () => (await officer.locator('tr[id^=r]').count()) > 0 && (await officer.locator('progress').count()) === 0);
}

async function decideRest(officer) {
  const left = officer.locator('button:has-text("残りはすべて新しい人とする")');
  if ((await left.count()) > 0) await left.click();
}

export default [
  {
    name: 'xlsx: preview, apply, undo, apply; slip, phone, guardian; one person',
    needs: 'demo',
    run: async ({ page, shot, demo }) => {
      const officer = await page();
      await seat(officer, demo, 'administrator');
      assert.equal(await known(officer, demo, '髙橋 花子'), 0);

      await takeIn(officer, demo, WORKBOOK);
      const told = await officer.textContent('main');
      assert.match(told, /行目と同じ/, 'the repeated row is told');
      assert.match(told, /暦にない日/, 'the impossible date is told');
      await shot(officer, 'import-preview', { docs: true });
      await decideRest(officer);
      await pressAndConfirm(officer, 'この内容で取り込む');
      await officer.waitForSelector('button:has-text("この取り込みを取り消す")');
      assert.equal(await known(officer, demo, '髙橋 花子'), 1);
      assert.equal(await known(officer, demo, '田中 次郎'), 1, 'the repeated row is one person');

      await officer.goto(`${demo.office}/import`);
      await officer.click('main tbody tr:first-child a');
      await pressAndConfirm(officer, 'この取り込みを取り消す');
      await officer.waitForSelector('text=すべて元に戻しました');
      assert.equal(await known(officer, demo, '髙橋 花子'), 0);

      await takeIn(officer, demo, WORKBOOK);
      await decideRest(officer);
      await pressAndConfirm(officer, 'この内容で取り込む');
      await officer.waitForSelector('button:has-text("この取り込みを取り消す")');
      assert.equal(await known(officer, demo, '髙橋 花子'), 1);

      await officer.goto(`${demo.office}/slips`);
      await officer.fill('[name=name]', '卒業式で配る');
      await officer.selectOption('[name=school]', { label: SCHOOL });
      await officer.click('main section.card button[type=submit]');
      await officer.waitForSelector('.slip__qr svg');
      await shot(officer, 'slip', { docs: true });
      const url = (await officer.textContent('.slip__link')).trim();

      const phone = await page({ width: 320 });
      await givePhone(phone, demo, 'e2e-hanako', '花子');
      const tab = await scan(phone, demo, 'e2e-hanako', url);
      assert.match(await tab.textContent('main'), /卒業式で配る/);
      await tab.click('text=はじめる');
      await tab.click('a:has-text("LINEで続ける")');
      await allowAtLine(tab);
      await answerQuestions(tab, HANAKO);
      await consent(tab);
      await tab.waitForURL(/\/me\/welcome/);
      await tab.click('text=保護者にお願いする');
      await tab.click('text=その場で見せる >> nth=-1');
      const link = await tab.getAttribute('main a:has-text("同意のページへのリンク")', 'href');
      const guardian = await page({ width: 320, javaScript: false });
      await guardian.goto(link);
      await guardian.fill('[name=family]', '髙橋');
      await guardian.fill('[name=given]', '一郎');
      await guardian.check('[name=relation][value=father]');
      await consent(guardian);
      assert.match(await guardian.textContent('h1'), /ありがとう/);

      assert.equal(await known(officer, demo, '髙橋 花子'), 1, 'matched with the row of the list, not made twice');
      await officer.click('main tbody tr a');
      const card = await officer.textContent('main');
      assert.match(card, /LINE/);
      assert.match(card, /架空大学/, 'what the school wrote is kept');
      assert.doesNotMatch(card, /hanako\.t@example\.jp/, 'addresses are not open to every glance');
      await officer.click('button:has-text("連絡先を表示する")');
      await officer.waitForSelector('text=hanako.t@example.jp');

      await phone.goto(phoneAt(demo, 'e2e-hanako'));
      assert.equal(await phone.locator('.row:not(.off) .face:not(.pale)').count(), 1, 'the town is a friend');
    },
  },
];
