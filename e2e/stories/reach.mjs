// The dashboard: the figure against the plan, as of today and of a day in the past; a blank target stays blank.

import assert from 'node:assert/strict';
import { seat } from '../harness/office.mjs';

/** 益田's figures of R4 to R6 as the demonstration's seed makes them. */
const PUBLISHED = ['203', '552', '983'];
const FIGURE = /就活期に情報を届けられる学生数/;

export default [
  {
    name: 'the figure stands against the plan, as of a day',
    needs: 'demo',
    run: async ({ page, shot, demo }) => {
      const officer = await page();
      await seat(officer, demo, 'viewer');
      await officer.goto(`${demo.office}/reach`);
      const now = await officer.textContent('main');
      assert.match(now, FIGURE);
      assert.match(now, /令和8年3月16日/, 'the day it is as of');
      for (const target of ['520', '990', '1,457']) assert.ok(now.includes(target), `the plan's ${target}`);
      const row = officer.locator('main table tbody tr', { hasText: /令和4|R4/ }).first();
      assert.doesNotMatch(await row.locator('td').first().textContent(), /\d/, 'no target for R4: a blank stays blank');
      // The demonstration is drawn from its seed alone: the same on both databases, whenever it starts.
      const published = await officer.locator('main table').first().locator('tbody tr td:nth-of-type(2)').allTextContents();
      // Each was published with a note, whose mark stands beside it.
      assert.deepEqual(published.slice(0, 3).map((text) => text.trim()), PUBLISHED.map((number, n) => `${number} ※${n + 1}`));
      assert.match(now, /※1/, 'and the note below');
      assert.ok(await officer.locator('[id^=remark-]').first().isVisible());
      await shot(officer, 'reach', { docs: true });

      await officer.fill('input[name=as_of]', '2025-03-31');
      await officer.click('form.filter-bar button');
      const then = await officer.textContent('main');
      assert.match(then, FIGURE);
      assert.match(then, /令和7年3月31日/);
      const figures = (text) => text.match(/[\d,]+人/g) ?? [];
      assert.notDeepEqual(figures(then), figures(now), 'another day, other figures');
    },
  },
  {
    name: 'today and the list of people',
    needs: 'demo',
    run: async ({ page, shot, demo }) => {
      const officer = await page();
      await seat(officer, demo, 'administrator');
      await officer.goto(demo.office);
      assert.match(await officer.textContent('h1'), /今日/);
      await shot(officer, 'first-page');
      await officer.goto(`${demo.office}/people`);
      assert.ok((await officer.locator('main tbody tr').count()) > 10);
      await shot(officer, 'people', { docs: true });
    },
  },
];
