// A message: an editor writes it, a colleague approves, it is delivered once: on the phone, and by mail to who has blocked
// the account; who withdrew is not sent to.

import assert from 'node:assert/strict';
import { eventually } from '../harness/expect.mjs';
import { allowAtLine, answerQuestions, consent, givePhone, letterTo, phoneAt, scan } from '../harness/joining.mjs';
import { MASUDA, seat } from '../harness/office.mjs';

const ACCOUNT = `200${MASUDA}`;
// Nobody of the demonstration lives there, so that the story counts its own people only.
const FAR_AWAY = '沖縄県';
const RULE = 'residence_prefecture = "470007" and interest has homecoming';
const TEXT = '夏の帰省イベントのお知らせです。8月14日、駅前でお待ちしています。';

async function joinByLine(page, demo, handle, given, kana) {
  const phone = await page({ width: 320 });
  await givePhone(phone, demo, handle, given);
  const tab = await scan(phone, demo, handle, `${demo.portal}/p/${MASUDA}`);
  await tab.click('text=はじめる');
  await tab.click('a:has-text("LINEで続ける")');
  await allowAtLine(tab);
  await answerQuestions(tab, { family: '架空', given, familyKana: 'かくう', givenKana: kana, born: '2006-6-6', graduation: 2024, place: FAR_AWAY, interests: 1 });
  await consent(tab);
  await tab.waitForURL(/\/me\/welcome/);
  return { phone, tab };
}

async function addAddress(tab, demo, address) {
  await tab.goto(`${demo.portal}/me/email`);
  await tab.fill('[name=email]', address);
  await tab.click('main button[type=submit]');
  const { links } = await letterTo(tab, demo, address);
  await tab.goto(links.find((it) => it.includes('/mail/')));
  await tab.click('main button[type=submit]');
}

async function ledger(visitor, demo, handle) {
  const answer = await visitor.request.get(`${demo.line}/_sim/ledger?channel=${ACCOUNT}&user=${handle}`);
  return (await answer.json()).sends.filter((send) => send.delivered && JSON.stringify(send.messages).includes('帰省イベントのお知らせ'));
}

export default [
  {
    name: 'written, approved by a colleague, delivered once; the block by mail, the withdrawal not at all',
    needs: 'demo',
    run: async ({ page, shot, demo }) => {
      const umi = await joinByLine(page, demo, 'e2e-umi', '海', 'うみ');
      const sora = await joinByLine(page, demo, 'e2e-sora', '空', 'そら');
      const riku = await joinByLine(page, demo, 'e2e-riku', '陸', 'りく');
      await addAddress(sora.tab, demo, 'sora@students.example');
      await sora.phone.goto(phoneAt(demo, 'e2e-sora', `/phone/e2e-sora/${ACCOUNT}`));
      await sora.phone.click('button[value=block]');

      const editor = await page();
      await seat(editor, demo, 'editor');
      await editor.goto(`${demo.office}/messages/new`);
      await editor.fill('[name=title]', '夏の帰省イベント');
      await editor.selectOption('[name=purpose]', 'events');
      await editor.click('summary:has-text("条件を文字で書く")');
      await editor.fill('[name=rule]', RULE);
      await editor.selectOption('[name=b0-kind]', 'text');
      await editor.fill('[name=b0-text]', TEXT);
      await editor.fill('[name=subject]', '夏の帰省イベント');
      await editor.fill('[name=body]', `{{name}}さん\n${TEXT}`);
      await editor.click('button[value=look]');
      await editor.waitForURL(/\/office\/messages\/[0-9a-f-]+(\?|$)/);
      const message = editor.url().replace(/\?.*/, '');
      const looked = await editor.textContent('main');
      assert.match(looked, /3\s*人/);
      assert.match(looked, /夏の帰省イベントのお知らせ/);
      await shot(editor, 'message-preview', { docs: true });
      await editor.click('button:has-text("承認を依頼する")');
      await editor.waitForSelector('text=承認待ち');
      assert.equal(await editor.locator('button:has-text("承認して送る")').count(), 0, 'who wrote it cannot approve');

      // Withdrawn after the audience was counted and before it is sent.
      await riku.tab.goto(`${demo.portal}/me`);
      while ((await riku.tab.locator('button[value=withdraw]').count()) > 0) {
        await riku.tab.locator('button[value=withdraw]').first().click();
        await riku.tab.waitForSelector('text=同意をやめました');
        await riku.tab.goto(`${demo.portal}/me`);
      }

      const approver = await page();
      await seat(approver, demo, 'approver');
      await approver.goto(message);
      await approver.click('button:has-text("承認して送る")');
      await eventually('the phone has it', async () => (await ledger(umi.phone, demo, 'e2e-umi')).length === 1, { within: 60_000, every: 250 });
      await umi.phone.goto(phoneAt(demo, 'e2e-umi', `/phone/e2e-umi/${ACCOUNT}`));
      assert.match(await umi.phone.textContent('#live'), /駅前でお待ちしています/);
      await shot(umi.phone, 'phone', { docs: true });

      const letter = await letterTo(sora.tab, demo, 'sora@students.example', (it) => it.subject.includes('帰省'));
      assert.match(letter.text, /空さん[^]*駅前で/);
      assert.ok(letter.headers.some(([name]) => /^list-unsubscribe-post$/i.test(name)), 'one click ends it (RFC 8058)');

      await eventually('it is over', async () => {
        await approver.goto(message);
        return /終わ|完了/.test(await approver.textContent('h1'));
      }, { within: 60_000, every: 500 });
      assert.equal((await ledger(umi.phone, demo, 'e2e-umi')).length, 1, 'exactly once');
      assert.equal((await ledger(umi.phone, demo, 'e2e-sora')).length, 0, 'nothing to who has blocked');
      assert.equal((await ledger(umi.phone, demo, 'e2e-riku')).length, 0, 'nothing to who has withdrawn');
      const counts = await (await umi.phone.request.get(`${demo.mail}/api/messages?to=sora@students.example`)).json();
      assert.equal(counts.filter((it) => it.subject.includes('帰省')).length, 1);
    },
  },
];
