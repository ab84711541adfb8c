// The first steps of README.ja.md and README.md, done literally: from the addresses the demo prints to a message on the phone.
// Whoever changes a button's words here changes them there; the pictures of both come from this story.

import assert from 'node:assert/strict';
import { eventually } from '../harness/expect.mjs';
import { seat } from '../harness/office.mjs';

const WORDS = 'ご卒業おめでとうございます。春からもよろしくお願いします。';

/** Steps 2 and 3: the student's phone, the QR, the questions, the consent. */
async function studentJoins(phone, hina, shot) {
  await phone.goto(hina.phone);
  await phone.fill('#qr', hina.join);
  await shot(phone, 'phone-scan', { docs: true });
  const opened = phone.waitForEvent('popup');
  await phone.click('.scan button');
  const tab = await opened;
  const next = () => tab.click('main button:has-text("次へ")');
  await tab.click('button:has-text("はじめる")');
  await tab.click('a:has-text("LINEで続ける")');
  await tab.click('button:has-text("許可する")');
  const [family, given] = hina.name.split(' ');
  const [familyKana, givenKana] = hina.kana.split(' ');
  const [year, month, day] = hina.birth.split('-').map(Number);
  await tab.fill('[name=family]', family);
  await tab.fill('[name=given]', given);
  await tab.fill('[name=family_kana]', familyKana);
  await tab.fill('[name=given_kana]', givenKana);
  await next();
  await tab.selectOption('[name=year]', String(year));
  await tab.selectOption('[name=month]', String(month));
  await tab.selectOption('[name=day]', String(day));
  await next();
  await tab.selectOption('[name=school]', { label: hina.school });
  await tab.selectOption('[name=graduation]', '2025');
  await next();
  await tab.check('[name=now][value=university]');
  await tab.selectOption('[name=place]', { label: '大阪府' });
  await next();
  await tab.waitForURL(/interests/);
  await shot(tab, 'portal-question', { docs: true });
  await tab.locator('[name=interests]').first().check();
  await next();
  for (const box of await tab.locator('[name=agreed]').all()) await box.check();
  await tab.click('button:has-text("この内容で登録する")');
  await tab.waitForURL(/\/me\/welcome/);
}

/** Step 4: an editor writes a message and hands it in. */
async function written(page, demo) {
  const editor = await page();
  await seat(editor, demo, 'editor');
  await editor.goto(demo.office);
  await editor.click('.sidebar a:has-text("配信"):not(:has-text("対象"))');
  await editor.click('main a[href="/office/messages/new"]');
  await editor.fill('[name=title]', '卒業のお祝い');
  await editor.selectOption('[name=segment]', { label: '今年の高校3年生' });
  await editor.selectOption('[name=b0-kind]', { label: '文章' });
  await editor.fill('[name=b0-text]', WORDS);
  await editor.click('button:has-text("下書きを保存して確かめる")');
  await editor.click('button:has-text("承認を依頼する")');
  await editor.waitForSelector('h1:has-text("承認待ち")');
}

/** Step 5: a colleague approves, from the first page. */
async function approved(page, demo, shot) {
  const colleague = await page();
  await seat(colleague, demo, 'approver');
  await colleague.goto(demo.office);
  await shot(colleague, 'today', { docs: true });
  await colleague.click('main a:has-text("卒業のお祝い")');
  await colleague.click('button:has-text("承認して送る")');
  await colleague.waitForSelector('text=取り消せます');
}

export default [
  {
    name: 'README: from the printed addresses to a message on the phone',
    needs: 'demo',
    run: async ({ page, shot, demo }) => {
      const hina = demo.strangers.find((it) => !it.guardian_mail);
      const phone = await page({ width: 320, scale: 2 });
      await studentJoins(phone, hina, shot);
      await written(page, demo);
      await approved(page, demo, shot);
      await phone.goto(hina.phone);
      await phone.click('a.row:has-text("益田市")');
      await eventually('the message is on the phone', async () => (await phone.textContent('#live')).includes('春からもよろしく'), { within: 60_000, every: 250 });
      await phone.reload();
      assert.equal((await phone.textContent('#live')).split('春からもよろしく').length, 2, 'once');
      await shot(phone, 'phone', { docs: true });
    },
  },
];
