// Money: the postage of what families send is paid six times a year and the seventh refused in words; the first is paid by two
// people, and the one it belongs to sees it.

import assert from 'node:assert/strict';
import { assertAccessible } from '../harness/axe.mjs';
import { allowAtLine, answerQuestions, consent, givePhone, scan } from '../harness/joining.mjs';
import { MASUDA, seat } from '../harness/office.mjs';

const PARENT = { family: '架空', given: '母子', familyKana: 'かくう', givenKana: 'ぼし', born: '2000-5-4', graduation: 2018, now: 'working', place: { index: 1 } };
const CHILD = { family: '架空', given: '子', family_kana: 'カクウ', given_kana: 'コ', birth: '2006-05-04' };
const ANSWERS = { 'q-school': 'university', 'q-from_here': 'yes', 'q-lives': '札幌市', 'q-sent_on': '2026-03-01', 'q-postage': '1340' };
const TIMES = 6;

const narrow = (visitor) => visitor.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Looks at a page as everybody must be able to read it. */
async function look(visitor, what) {
  await assertAccessible(visitor);
  assert.ok((await narrow(visitor)) <= 0, `${what} scrolls sideways`);
}

/** Presses a button behind which a question may stand. */
async function press(visitor, name) {
  await visitor.click(`main button:has-text("${name}")`);
  const sure = visitor.locator('dialog.ask .button--solid');
  if ((await sure.count()) > 0) await sure.first().click();
  await visitor.waitForLoadState();
}

/** Takes the programme up from the gallery and announces a round of it; the addresses of both. */
async function opened(office, demo) {
  await office.goto(`${demo.office}/programmes/gallery/catalogue/yuzawa-shiokuri`);
  await office.click('main form button[type=submit]');
  await office.waitForURL(/\/programmes\/[0-9a-f-]{36}/);
  const programme = new URL(office.url()).pathname;
  await office.fill('[name=p-town]', '益田市');
  await office.click('main form:has([name=p-town]) button[type=submit]');
  await office.waitForURL(/done=kept/);
  await office.goto(`${demo.portal}${programme}/rounds/new`);
  await office.fill('[name=title]', '令和7年度の仕送り');
  await office.fill('[name=opens]', '2026-01-01T09:00');
  await office.click('main button[value=keep]:not([tabindex])');
  await office.waitForURL(/\/rounds\/[0-9a-f-]{36}/);
  const round = new URL(office.url()).pathname;
  await office.click('main a:has-text("公開する")');
  await press(office, '公開する');
  await office.waitForURL(/done=announced/);
  return round;
}

/** Goes through the questions until the page that asks whether all is right. */
async function fillIn(tab, demo, round) {
  await tab.goto(`${demo.portal}/me/apply/${round}`);
  for (let step = new URL(tab.url()).pathname.split('/').pop(); step !== 'check'; step = new URL(tab.url()).pathname.split('/').pop()) {
    if (step === 'whom') {
      for (const [name, value] of Object.entries(CHILD)) await tab.fill(`[name=${name}]`, value);
    } else {
      const field = tab.locator(`[name=answer][value="${ANSWERS[step]}"]`);
      if ((await field.count()) > 0) await field.check();
      else await tab.fill('[name=answer]', ANSWERS[step]);
    }
    await tab.click('main button[type=submit]:not([name=do])');
    await tab.waitForURL((url) => !url.pathname.endsWith(`/${step}`));
  }
}

export default [
  {
    name: 'six times the postage, the seventh refused, the first paid by two people',
    needs: 'demo',
    run: async ({ page, shot, demo }) => {
      const office = await page({ width: 1280 });
      await seat(office, demo, 'editor');
      const round = await opened(office, demo);

      const phone = await page({ width: 320, scale: 2 });
      await givePhone(phone, demo, 'e2e-boshi', '母子');
      const tab = await scan(phone, demo, 'e2e-boshi', `${demo.portal}/p/${MASUDA}`);
      await tab.click('text=はじめる');
      await tab.click('a:has-text("LINEで続ける")');
      await allowAtLine(tab);
      await answerQuestions(tab, PARENT);
      await consent(tab);
      await tab.waitForURL(/\/me\/welcome/);
      const id = round.split('/').pop();
      for (let n = 1; n <= TIMES; n += 1) {
        await fillIn(tab, demo, id);
        await tab.click('main form button[type=submit]');
        await tab.waitForURL(/\/me\/applications\/[0-9a-f-]{36}/);
      }
      const last = new URL(tab.url()).pathname;
      await fillIn(tab, demo, id);
      await tab.click('main form button[type=submit]');
      await tab.waitForSelector('main [role=alert]');
      assert.match(await tab.textContent('main'), /6回/, 'the seventh is refused, and says why');
      await look(tab, 'the refusal');
      await shot(tab, 'seventh-postage');
      await tab.goto(`${demo.portal}/me/applications`);
      assert.equal(await tab.locator('main a[href*="/me/applications/"]').count(), TIMES);

      // The office decides what was claimed: all six stand picked with what the rule comes to.
      await office.goto(`${demo.portal}${round}/payments`);
      assert.equal(await office.locator('input[name=pick]:checked').count(), TIMES);
      await look(office, 'payments');
      await press(office, '選んだ人の金額を決める');
      await office.waitForURL(/done=payments-decided/);

      // The last one is told an account, in three steps on a phone.
      await tab.goto(`${demo.portal}${last}`);
      await look(tab, 'my application');
      await tab.click('text=振込先を知らせる');
      await look(tab, 'the two ways of naming an account');
      await tab.click('text=ゆうちょ銀行');
      assert.equal(await tab.inputValue('[name=holder]'), 'カクウ ボシ', 'most accounts are under their own name');
      await look(tab, 'the account');
      await shot(tab, 'account');
      await tab.fill('[name=symbol]', '10530');
      await tab.fill('[name=number]', '12345671');
      await tab.click('main form button[type=submit]');
      await tab.waitForURL(/news=account/);
      await look(tab, 'my application with an account');

      // From which account the office pays is the administrator's to say.
      const chief = await page({ width: 1280 });
      await seat(chief, demo, 'administrator');
      await chief.goto(`${demo.office}/settings/payer`);
      const payer = { code: '0012345678', name: 'マスダシ', bank: '0167', branch: '001', number: '7654321' };
      for (const [name, value] of Object.entries(payer)) await chief.fill(`[name=${name}]`, value);
      await look(chief, 'the paying account');
      await press(chief, '保存');
      await chief.waitForURL(/done=saved/);

      await office.goto(`${demo.office}/programmes/transfers`);
      assert.match(await office.textContent('main'), /いま払えるのは1件/);
      await look(office, 'transfers');
      await office.fill('[name=pay_on]', '2026-03-17');
      await press(office, '振込一覧を作る');
      await office.waitForURL(/done=transfers-proposed/);
      assert.equal(await office.locator('main button:has-text("承認する")').count(), 0, 'nobody releases their own list');
      const run = new URL(office.url()).pathname;

      const approver = await page({ width: 320 });
      await seat(approver, demo, 'approver');
      await approver.goto(`${demo.portal}${run}`);
      await look(approver, 'the list');
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
