// A reunion in four places: graduates choose where they go, a steward checks them in without a network, and each counts once.

import assert from 'node:assert/strict';
import { assertReadable } from '../harness/axe.mjs';
import { joinWithLine } from '../harness/joining.mjs';
import { MASUDA, seat } from '../harness/office.mjs';
import { fillIn, openRound } from '../harness/programmes.mjs';

const GRADUATES = [
  { family: '架空', given: '東', familyKana: 'かくう', givenKana: 'ひがし', born: '2003-5-4', graduation: 2021, now: 'working' },
  { family: '架空', given: '西', familyKana: 'かくう', givenKana: 'にし', born: '2003-6-4', graduation: 2021, now: 'working' },
];
const STARTS = ['2026-03-28T13:00', '2026-03-28T13:00', '2026-03-28T15:00', '2026-03-29T13:00'];

export default [
  {
    name: 'four places, and check-in without a network',
    needs: 'demo',
    run: async ({ page, shot, demo }) => {
      const office = await page({ width: 1280 });
      await seat(office, demo, 'editor');
      const round = await openRound(office, demo, { slug: 'shimane/kawamoto-reunions', values: { seats: '30' }, title: '春の卒業生交流会', starts: STARTS });
      const tabs = [];
      for (const [n, person] of GRADUATES.entries()) {
        const phone = await page({ width: 320, scale: 2 });
        const tab = await joinWithLine(phone, demo, { handle: `e2e-reunion-${n}`, organisation: MASUDA }, person);
        await fillIn(tab, demo, round, { venue: String(n + 1), 'q-high_school': 'shimane_chuo' });
        await tab.click('main form button[type=submit]');
        await tab.waitForURL(/\/me\/applications\/[0-9a-f-]{36}/);
        tabs.push(tab);
      }
      assert.match(await tabs[0].textContent('main'), /関東/);
      assert.match(await tabs[1].textContent('main'), /関西/);
      await assertReadable(tabs[1], 'the ticket');
      await shot(tabs[1], 'ticket');

      await office.goto(`${demo.portal}${round}/doors`);
      await office.fill('[name=name]', '受付の電話');
      await office.click('main form:has([name=name]) button[type=submit]');
      const link = (await office.textContent('main')).match(/https?:\/\/\S+\/door\/[^\s"<]+/)[0];
      const steward = await page({ width: 320 });
      await steward.goto(link);
      await steward.waitForURL(/\/door$/);
      await assertReadable(steward, 'the list of the door');
      const line = (name) => steward.locator('.door__line', { hasText: name });
      await steward.context().setOffline(true);
      await line('架空 東').locator('button[value=in]').click();
      await line('架空 東').locator('.chip--warning').waitFor();
      assert.equal(await steward.locator('[data-door-queue]').isVisible(), true, 'it says that somebody waits on the phone');
      await shot(steward, 'door-offline');
      assert.doesNotMatch(await tabs[0].textContent('main'), /参加しました/);
      await steward.context().setOffline(false);
      await line('架空 東').locator('.chip--success').waitFor();
      await line('架空 西').locator('button[value=in]').click();
      await line('架空 西').locator('.chip--success').waitFor();
      await steward.reload();
      assert.equal(await steward.locator('.door__line .chip--success').count(), 2, 'each counts once');
      await office.goto(`${demo.portal}${round}`);
      assert.equal(await office.locator('main tbody .chip', { hasText: '参加した' }).count(), 2, 'the office sees both');
      await tabs[0].reload();
      await assertReadable(tabs[0], 'who came sees it');
    },
  },
];
