// What can happen to a message besides being sent: approval by its own author refused, cancelled in the window and when it is
// scheduled, paused and resumed, tried out, and letters that come back.

import assert from 'node:assert/strict';
import { eventually } from '../harness/expect.mjs';
import { answerQuestions, consent, letterTo } from '../harness/joining.mjs';
import { ACCOUNT, held, hold, letGo, letters, submit, write } from '../harness/messages.mjs';
import { MASUDA, seat } from '../harness/office.mjs';

const PUSH = '/v2/bot/message/push';
const TOKYO = 'residence_prefecture = "130001"';
const PERSONAL = (text) => [{ text, button: { label: '見る', url: '/me' } }];

const title = (visitor) => visitor.textContent('h1');

async function staff(page, demo, role) {
  const visitor = await page();
  await seat(visitor, demo, role);
  return visitor;
}

/** Presses one of the message's buttons, and says yes where it asks. */
async function press(visitor, verb) {
  await visitor.click(`main form[action$="/${verb}"] button`);
  const sure = visitor.locator('dialog.ask .button--solid');
  if ((await sure.count()) > 0) await sure.click();
}

async function handedIn(page, demo, named) {
  const editor = await staff(page, demo, 'editor');
  const message = await write(editor, demo, { title: named, rule: TOKYO, bubbles: PERSONAL(`${named}です。`) });
  await submit(editor);
  return { editor, message };
}

async function isOver(visitor, message, words) {
  await eventually(`it is ${words}`, async () => {
    await visitor.goto(message);
    return words.test(await title(visitor));
  }, { within: 120_000, every: 500 });
}

async function howManyWere(visitor, demo) {
  return (await (await visitor.request.get(`${demo.line}/_sim/ledger/counts?channel=${ACCOUNT}`)).json()).accepted;
}

/** Joins by an e-mail address alone; no LINE. */
async function joinByMail(page, demo, address, place) {
  const visitor = await page({ width: 320, javaScript: false });
  await visitor.goto(`${demo.portal}/p/${MASUDA}`);
  await visitor.click('text=はじめる');
  await visitor.fill('[name=email]', address);
  await visitor.click('text=確認のメールを送る');
  const { links } = await letterTo(visitor, demo, address);
  await visitor.goto(links.find((it) => it.includes('/mail/')));
  await visitor.click('main button[type=submit]');
  await answerQuestions(visitor, { family: '架空', given: '霧', familyKana: 'かくう', givenKana: 'きり', born: '2005-5-5', graduation: 2023, place });
  await consent(visitor);
  await visitor.waitForURL(/\/me\/welcome/);
}

export default [
  {
    name: 'an administrator cannot approve what she wrote; a colleague can, and cancels in the window',
    needs: 'demo',
    run: async ({ page, demo }) => {
      const author = await staff(page, demo, 'administrator');
      const message = await write(author, demo, { title: '自分で書いたもの', rule: TOKYO, bubbles: PERSONAL('自分で書きました。') });
      await submit(author);
      if ((await author.locator('form[action$="/approve"] button').count()) > 0) await author.click('form[action$="/approve"] button');
      await author.goto(message);
      assert.match(await title(author), /承認待ち/, 'still waits for a second person');
      await press(author, 'cancel');
      await author.waitForSelector('h1:has-text("取りやめ")');

      const second = await handedIn(page, demo, '窓で取り消すもの');
      const before = await howManyWere(author, demo);
      await author.goto(second.message);
      await author.click('form[action$="/approve"] button');
      await author.waitForSelector('text=取り消せます');
      await press(author, 'cancel');
      await author.waitForSelector('h1:has-text("取りやめ")');
      assert.equal(await howManyWere(author, demo), before, 'nothing left');
    },
  },
  {
    name: 'scheduled for a day, and cancelled before it',
    needs: 'demo',
    run: async ({ page, demo }) => {
      const { editor, message } = await handedIn(page, demo, '予約するもの');
      const colleague = await staff(page, demo, 'approver');
      await colleague.goto(message);
      await colleague.fill('[name=at]', '2026-03-01T10:00');
      await colleague.click('form[action$="/approve"] button');
      await colleague.goto(message);
      assert.match(await title(colleague), /承認待ち/, 'a day in the past is refused');
      await colleague.fill('[name=at]', '2026-03-20T10:00');
      await colleague.click('form[action$="/approve"] button');
      await colleague.goto(message);
      assert.match(await colleague.textContent('main'), /令和8年3月20日[^]*10:00/);
      await editor.goto(message);
      await press(editor, 'cancel');
      await editor.waitForSelector('h1:has-text("取りやめ")');
    },
  },
  {
    name: 'paused while it is being sent, resumed, and nobody received it twice',
    needs: 'demo',
    run: async ({ page, demo }) => {
      const { editor, message } = await handedIn(page, demo, '止めて続けるもの');
      const colleague = await staff(page, demo, 'approver');
      await colleague.goto(message);
      await hold(colleague, demo, PUSH);
      await colleague.click('form[action$="/approve"] button');
      await eventually('requests are on their way', async () => (await held(colleague, demo)) > 0, { within: 60_000, every: 100 });
      await editor.goto(message);
      await press(editor, 'pause');
      await editor.waitForSelector('h1:has-text("一時停止")');
      await letGo(colleague, demo);
      await press(editor, 'resume');
      await isOver(editor, message, /完了/);
      const counts = await (await editor.request.get(`${demo.line}/_sim/ledger/counts?channel=${ACCOUNT}`)).json();
      assert.equal(counts.repeated, 0);
    },
  },
  {
    name: 'tried out on oneself; a letter that comes back breaks the address',
    needs: 'demo',
    run: async ({ page, demo }) => {
      const address = `gone-kiri-${Date.now()}@students.example`;
      await joinByMail(page, demo, address, '沖縄県');
      const editor = await staff(page, demo, 'editor');
      const message = await write(editor, demo, {
        title: '沖縄の集い', rule: 'residence_prefecture = "470007"', bubbles: [{ text: '集いのお知らせです。' }], subject: '沖縄の集い', body: '{{name}}さん\n集いのお知らせです。',
      });
      await editor.fill('form[action$="/test"] [name=mail]', 'tester@office.example');
      await editor.click('form[action$="/test"] button');
      const tried = await letterTo(editor, demo, 'tester@office.example', (it) => it.subject.includes('沖縄の集い'));
      assert.match(tried.text, /集いのお知らせ/);
      await editor.goto(message);
      await submit(editor);
      const colleague = await staff(page, demo, 'administrator');
      await colleague.goto(message);
      await colleague.click('form[action$="/approve"] button');
      await isOver(colleague, message, /完了/);
      assert.equal((await letters(editor, demo, address, '沖縄の集い')).length, 1);
      await eventually('the bounce is known', async () => {
        await editor.goto(`${demo.office}/people?q=${encodeURIComponent('架空 霧')}`);
        return /メールが届きません/.test(await editor.locator('main tbody').textContent());
      }, { within: 30_000, every: 500 });
    },
  },
];
