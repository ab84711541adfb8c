// Staff sign in: by password and one-time code, by a link, and out again; what is wrong is told without telling which.

import assert from 'node:assert/strict';
import { oneTimeCode, seat, staffOf } from '../harness/office.mjs';

async function fill(visitor, demo, { email, password, code }) {
  await visitor.goto(`${demo.office}/sign-in`);
  await visitor.fill('[name=login]', email);
  await visitor.fill('[name=password]', password);
  await visitor.fill('[name=code]', code);
  await visitor.click('button[type=submit]');
}

const at = (visitor) => new URL(visitor.url()).pathname;

export default [
  {
    name: 'a password and a code let in once, and signing out ends it',
    needs: 'demo',
    run: async ({ page, demo }) => {
      const staff = staffOf(demo, 'viewer', '324418');
      const visitor = await page();
      await visitor.goto(demo.office);
      assert.equal(at(visitor), '/office/sign-in');
      const code = oneTimeCode(staff.totp_secret);
      await fill(visitor, demo, { ...staff, code });
      assert.equal(at(visitor), '/office');
      assert.match(await visitor.textContent('main'), new RegExp(staff.name));

      const copier = await page();
      await fill(copier, demo, { ...staff, code });
      assert.equal(at(copier), '/office/sign-in', 'a code is good once');

      await visitor.click('.sidebar button:has-text("サインアウト")');
      assert.equal(at(visitor), '/office/sign-in');
      await visitor.goto(demo.office);
      assert.equal(at(visitor), '/office/sign-in');
    },
  },
  {
    name: 'a wrong name, password or code is refused in one sentence, and the name is kept',
    needs: 'demo',
    run: async ({ page, demo }) => {
      const staff = staffOf(demo, 'editor', '324418');
      const right = oneTimeCode(staff.totp_secret);
      const wrong = String((Number(right) + 1) % 1_000_000).padStart(6, '0');
      const tries = [
        { ...staff, code: wrong },
        { ...staff, password: 'not the password', code: right },
        { ...staff, email: 'nobody@324418.example', code: right },
      ];
      const told = new Set();
      for (const given of tries) {
        const visitor = await page({ javaScript: false });
        await fill(visitor, demo, given);
        assert.equal(at(visitor), '/office/sign-in');
        assert.equal(await visitor.inputValue('[name=login]'), given.email);
        assert.equal(await visitor.inputValue('[name=password]'), '');
        told.add((await visitor.textContent('[role=alert]')).trim());
      }
      assert.equal(told.size, 1);
      assert.match([...told][0], /どれかが違います/);
    },
  },
  {
    name: 'a link lets in once',
    needs: 'demo',
    run: async ({ page, demo }) => {
      const { link, name } = staffOf(demo, 'approver', '324418');
      const visitor = await page();
      await visitor.goto(link);
      assert.equal(at(visitor), '/office');
      assert.match(await visitor.textContent('main'), new RegExp(name));
      const late = await page();
      const answer = await late.goto(link);
      assert.equal(answer.status(), 410);
      assert.match(await late.textContent('main'), /このリンクは、もう使えません/);
      await late.click('main a:text("サインインへ")');
      assert.equal(at(late), '/office/sign-in');
    },
  },
  {
    name: 'what was being written when the sign-in ended is kept, and sent once signed in again beside it',
    needs: 'demo',
    run: async ({ page, demo }) => {
      const writer = await page();
      await seat(writer, demo, 'editor', '324418');
      await writer.clock.install();
      await writer.goto(`${demo.office}/messages/new`);
      await writer.fill('[name=title]', '長く書いていたもの');
      await writer.fill('[name=b0-text]', '書きかけの文');
      const notice = writer.locator('#signed-out');
      // The control: who is at work stays signed in, and nothing is in the way.
      await writer.clock.fastForward('00:10:00');
      // The page asks for the sign-in at the first key; the answer must be in before the sign-in ends, or it would be taken for a later one.
      const asked = await notice.getAttribute('data-stay');
      const answered = writer.waitForResponse((it) => new URL(it.url()).pathname === asked);
      await writer.locator('[name=b0-text]').pressSequentially('です');
      await (await answered).finished();
      assert.equal(await notice.isVisible(), false);

      await writer.context().clearCookies();
      await writer.clock.fastForward('00:40:00');
      await writer.click('button[value=look]');
      await notice.waitFor();
      assert.equal(await writer.inputValue('[name=title]'), '長く書いていたもの');
      const [beside] = await Promise.all([writer.context().waitForEvent('page'), notice.locator('a').click()]);
      // It opens empty, and then goes where the link says.
      await beside.waitForURL(/sign-in/);
      const staff = staffOf(demo, 'editor', '324418');
      await beside.fill('[name=login]', staff.email);
      await beside.fill('[name=password]', staff.password);
      await beside.fill('[name=code]', oneTimeCode(staff.totp_secret));
      await beside.click('button[type=submit]');
      assert.match(await beside.textContent('h1'), /サインインしました/);
      await writer.click('button[value=look]');
      await writer.waitForURL(/\/office\/messages\/[0-9a-f-]+$/);
      assert.match(await writer.textContent('main'), /書きかけの文です/);
    },
  },
];
