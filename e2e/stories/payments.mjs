// Money: the postage of what families send is paid six times a year and the seventh refused in words; the first is paid by two
// people, and the one it belongs to sees it.

import assert from 'node:assert/strict';
import { assertReadable } from '../harness/axe.mjs';
import { joinWithLine } from '../harness/joining.mjs';
import { MASUDA, seat } from '../harness/office.mjs';
import { fillIn, openRound, press } from '../harness/programmes.mjs';

const PARENT = { family: '架空', given: '母子', familyKana: 'かくう', givenKana: 'ぼし', born: '2000-5-4', graduation: 2018, now: 'working', place: { index: 1 } };
const ANSWERS = {
  whom: { family: '架空', given: '子', family_kana: 'カクウ', given_kana: 'コ', birth: '2006-05-04' },
  'q-school': 'university',
  'q-from_here': 'yes',
  'q-lives': '札幌市',
  'q-sent_on': '2026-03-01',
  'q-postage': '1340',
};
const TIMES = 6;

export default [
  {
    name: 'six times the postage, the seventh refused, the first paid by two people',
    needs: 'demo',
    run: async ({ page, shot, demo }) => {
      const office = await page({ width: 1280 });
      await seat(office, demo, 'editor');
      const round = await openRound(office, demo, { slug: 'catalogue/yuzawa-shiokuri', values: { town: '益田市' }, title: '令和7年度の仕送り' });

      const phone = await page({ width: 320, scale: 2 });
      const tab = await joinWithLine(phone, demo, { handle: 'e2e-boshi', organisation: MASUDA }, PARENT);
      for (let n = 1; n <= TIMES; n += 1) {
        await fillIn(tab, demo, round, ANSWERS);
        await tab.click('main form button[type=submit]');
        await tab.waitForURL(/\/me\/applications\/[0-9a-f-]{36}/);
      }
      const last = new URL(tab.url()).pathname;
      await fillIn(tab, demo, round, ANSWERS);
      await tab.click('main form button[type=submit]');
      await tab.waitForSelector('main [role=alert]');
      assert.match(await tab.textContent('main'), /6回/, 'the seventh is refused, and says why');
      await assertReadable(tab, 'the refusal');
      await shot(tab, 'seventh-postage');
      await tab.goto(`${demo.portal}/me/applications`);
      assert.equal(await tab.locator('main a[href*="/me/applications/"]').count(), TIMES);

      // The office decides what was claimed: all six stand picked with what the rule comes to.
      await office.goto(`${demo.portal}${round}/payments`);
      assert.equal(await office.locator('input[name=pick]:checked').count(), TIMES);
      await assertReadable(office, 'payments');
      await press(office, '選んだ人の金額を決める');
      await office.waitForURL(/done=payments-decided/);

      // The last one is told an account, in three steps on a phone.
      await tab.goto(`${demo.portal}${last}`);
      await assertReadable(tab, 'my application');
      await tab.click('text=振込先を知らせる');
      await assertReadable(tab, 'the two ways of naming an account');
      await tab.click('text=ゆうちょ銀行');
      assert.equal(await tab.inputValue('[name=holder]'), 'カクウ ボシ', 'most accounts are under their own name');
      await assertReadable(tab, 'the account');
      await shot(tab, 'account');
      await tab.fill('[name=symbol]', '10530');
      await tab.fill('[name=number]', '12345671');
      await tab.click('main form button[type=submit]');
      await tab.waitForURL(/news=account/);
      await assertReadable(tab, 'my application with an account');

      // From which account the office pays is the administrator's to say.
      const chief = await page({ width: 1280 });
      await seat(chief, demo, 'administrator');
      await chief.goto(`${demo.office}/settings/payer`);
      const payer = { code: '0012345678', name: 'マスダシ', bank: '0167', branch: '001', number: '7654321' };
      for (const [name, value] of Object.entries(payer)) await chief.fill(`[name=${name}]`, value);
      await assertReadable(chief, 'the paying account');
      await press(chief, '保存');
      await chief.waitForURL(/done=saved/);

      await office.goto(`${demo.office}/programmes/transfers`);
      assert.match(await office.textContent('main'), /いま払えるのは1件/);
      await assertReadable(office, 'transfers');
      await office.fill('[name=pay_on]', '2026-03-17');
      await press(office, '振込一覧を作る');
      await office.waitForURL(/done=transfers-proposed/);
      assert.equal(await office.locator('main button:has-text("承認する")').count(), 0, 'nobody releases their own list');
      const run = new URL(office.url()).pathname;

      const approver = await page({ width: 320 });
      await seat(approver, demo, 'approver');
      await approver.goto(`${demo.portal}${run}`);
      await assertReadable(approver, 'the list');
      await shot(approver, 'transfer-list');
      await press(approver, '承認する');
      await approver.waitForURL(/done=transfers-released/);
      const file = await approver.request.get(`${demo.portal}${run}/file`);
      const bytes = await file.body();
      assert.equal(file.status(), 200);
      assert.equal(bytes.length, 4 * 120, 'a header, one line, a trailer, an end');
      assert.match(bytes.toString('latin1'), /0000001340/);
      await tab.goto(`${demo.portal}${last}`);
      assert.match(await tab.textContent('main'), /まもなくお振り込み/);
    },
  },
];
