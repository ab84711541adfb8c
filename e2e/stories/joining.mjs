// A student joins: with LINE from a slip, with e-mail alone and without JavaScript, and a seventeen-year-old with a guardian.

import assert from 'node:assert/strict';
import { assertAccessible } from '../harness/axe.mjs';
import { eventually } from '../harness/expect.mjs';
import { allowAtLine, answerQuestions, consent, givePhone, letterTo, phoneAt, scan } from '../harness/joining.mjs';
import { MASUDA } from '../harness/office.mjs';

const at = (visitor) => new URL(visitor.url()).pathname;
const narrow = (visitor) => visitor.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

const ADULT = { family: '架空', given: '渚', familyKana: 'かくう', givenKana: 'なぎさ', born: '2007-5-4', graduation: 2025, place: '大阪府' };
const MINOR = { family: '架空', given: '湊', familyKana: 'カクウ', givenKana: 'ミナト', born: '2008-3-30', graduation: 2025, place: '京都府' };

export default [
  {
    name: 'with LINE: scan, login, six questions, consent, my page',
    needs: 'demo',
    run: async ({ page, shot, demo }) => {
      const phone = await page({ width: 320, scale: 2 });
      await givePhone(phone, demo, 'e2e-nagisa', '渚');
      const tab = await scan(phone, demo, 'e2e-nagisa', `${demo.portal}/p/${MASUDA}`);
      await tab.click('text=はじめる');
      await tab.waitForURL(/\/join\/contact/);
      await tab.click('a:has-text("LINEで続ける")');
      await allowAtLine(tab);
      const seen = [];
      await answerQuestions(tab, ADULT, async (step) => {
        seen.push(step);
        await assertAccessible(tab);
        assert.ok((await narrow(tab)) <= 0, `${step} scrolls sideways`);
        if (step === 'interests') await shot(tab, 'question');
      });
      assert.equal(seen.length + 1, 6, 'at most six questions, the contact among them');
      await assertAccessible(tab);
      await consent(tab);
      await tab.waitForURL(/\/me\/welcome/);
      assert.match(await tab.textContent('h1'), /渚/);
      await tab.click('text=マイページを見る');
      await tab.waitForURL(/\/me$/);
      const stored = await tab.textContent('main');
      assert.match(stored, /架空/);
      assert.match(stored, /LINE/);
      await assertAccessible(tab);
      assert.ok((await narrow(tab)) <= 0);

      // The account said hello on the phone, because it was added on the way.
      await phone.goto(phoneAt(demo, 'e2e-nagisa'));
      assert.equal(await phone.locator('.row:not(.off) .face:not(.pale)').count(), 1, 'one friend: the town');
    },
  },
  {
    name: 'with e-mail alone and without JavaScript',
    needs: 'demo',
    run: async ({ page, demo }) => {
      const visitor = await page({ width: 320, javaScript: false });
      await visitor.goto(`${demo.portal}/p/${MASUDA}`);
      await visitor.click('text=はじめる');
      await visitor.fill('[name=email]', 'no address');
      await visitor.click('text=確認のメールを送る');
      assert.equal(await visitor.inputValue('[name=email]'), 'no address', 'what was typed is kept');
      assert.ok(await visitor.isVisible('[role=alert]'));
      await visitor.fill('[name=email]', 'nami@students.example');
      await visitor.click('text=確認のメールを送る');
      await visitor.waitForURL(/mail-sent/);
      assert.match(await visitor.textContent('main'), /nami@students\.example に送りました/);
      assert.equal(await visitor.inputValue('[name=email]'), 'nami@students.example', 'a slip can be corrected here');
      const letter = await letterTo(visitor, demo, 'nami@students.example');
      const link = letter.links.find((it) => it.includes('/mail/'));
      await visitor.goto(link);
      await visitor.click('main button[type=submit]');
      await answerQuestions(visitor, { ...ADULT, given: '波', givenKana: 'なみ', born: '2007-8-1' });
      await visitor.click('main button[type=submit]');
      assert.ok(await visitor.isVisible('[role=alert]'), 'consent is asked for, never assumed');
      await consent(visitor);
      await visitor.waitForURL(/\/me\/welcome/);
      await visitor.goto(`${demo.portal}/me`);
      assert.match(await visitor.textContent('main'), /nami@students\.example/);

      // The school's address is replaced by one that stays.
      await visitor.click('main >> text=メールアドレスを足す・替える');
      await visitor.fill('[name=email]', 'nami@post.example');
      await visitor.click('main button[type=submit]');
      const proof = await letterTo(visitor, demo, 'nami@post.example');
      await visitor.goto(proof.links.find((it) => it.includes('/mail/')));
      await visitor.click('main button[type=submit]');
      assert.match(await visitor.textContent('main'), /nami@post\.example を確かめました/);
      await visitor.click('text=nami@students.example をはずす');
      const mine = await visitor.textContent('main');
      assert.match(mine, /連絡先をはずしました/);
      assert.ok(mine.includes('nami@post.example') && !mine.includes('nami@students.example'));

      await visitor.click('main >> text=登録をやめる');
      assert.equal(at(visitor), '/me/leave');
      await visitor.click('main button[type=submit]');
      assert.match(await visitor.textContent('h1'), /ありがとう/);
      await visitor.goto(`${demo.portal}/me`);
      assert.notEqual(at(visitor), '/me');
    },
  },
  {
    name: 'a seventeen-year-old waits for a guardian, who consents through a link',
    needs: 'demo',
    run: async ({ page, demo }) => {
      const phone = await page({ width: 320 });
      await givePhone(phone, demo, 'e2e-minato', '湊');
      const tab = await scan(phone, demo, 'e2e-minato', `${demo.portal}/p/${MASUDA}`);
      await tab.click('text=はじめる');
      await tab.click('a:has-text("LINEで続ける")');
      await allowAtLine(tab);
      await answerQuestions(tab, MINOR);
      assert.match(await tab.textContent('main'), /18歳/);
      await consent(tab);
      await tab.waitForURL(/\/me\/welcome/);
      await tab.click('text=保護者にお願いする');
      await tab.click('text=QRコードとリンクを出す');
      const link = await tab.getAttribute('main a:has-text("同意のページへのリンク")', 'href');
      assert.ok(await tab.isVisible('.qr svg'));

      const guardian = await page({ width: 320, javaScript: false });
      await guardian.goto(link);
      assert.match(await guardian.textContent('main'), /湊/);
      await guardian.click('main button[type=submit]');
      assert.ok(await guardian.isVisible('[role=alert]'), 'nothing is taken for granted');
      await guardian.fill('[name=family]', '架空');
      await guardian.fill('[name=given]', '海');
      await guardian.check('[name=relation] >> nth=0');
      await consent(guardian);
      assert.match(await guardian.textContent('h1'), /ありがとう/);

      await tab.goto(`${demo.portal}/me`);
      assert.doesNotMatch(await tab.textContent('main'), /保護者の同意を待っています/);
      const late = await page();
      const answer = await late.goto(link);
      assert.ok(answer.status() >= 400, 'the link is good once');
    },
  },
];
