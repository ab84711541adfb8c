// What the office enters by hand after the first day: a contact point and a consent from paper, ended again; a work item
// given to a department and finished with a note; the list by keyboard; a card on paper.

import assert from 'node:assert/strict';
import { seat } from '../harness/office.mjs';

/** Enters somebody from a slip; ends on the card. */
async function enter(officer, demo, given) {
  await officer.goto(`${demo.office}/people/add`);
  await officer.fill('[name=family]', '架空');
  await officer.fill('[name=given]', given);
  await officer.fill('[name=family_kana]', 'かくう');
  await officer.fill('[name=given_kana]', 'てがき');
  await officer.fill('[name=birth]', '平成17年6月1日');
  await officer.selectOption('[name=tie]', 'origin');
  await officer.click('main form.card button[type=submit]');
  await officer.waitForURL(/\/office\/people\/[0-9a-f-]{36}\?done=added/);
}

export default [
  {
    name: 'a contact point and a consent from paper: added, refused when wrong, ended; the history tells who',
    needs: 'demo',
    run: async ({ page, demo, shot }) => {
      const officer = await page();
      await seat(officer, demo, 'editor');
      await enter(officer, demo, '手書');
      await officer.click('#contacts a:has-text("連絡先を加える")');
      await officer.check('[name=kind][value=phone]');
      await officer.fill('[name=address]', '12');
      await officer.click('main form.card button[type=submit]');
      assert.ok(await officer.isVisible('[role=alert]'));
      assert.equal(await officer.inputValue('[name=address]'), '12', 'what was typed is kept');
      await officer.fill('[name=address]', '０９０－１１１１－３３３３');
      await officer.click('main form.card button[type=submit]');
      await officer.waitForURL(/done=saved/);

      await officer.click('#consents a:has-text("紙の同意を入れる")');
      await officer.selectOption('[name=wording]', { index: 1 });
      await officer.check('[name=signed][value=guardian]');
      await officer.click('main form.card button[type=submit]');
      assert.match(await officer.textContent('[role=alert]'), /18歳以上/, 'an adult signs for herself');
      await officer.check('[name=signed][value=self]');
      await officer.fill('[name=on]', '令和8年3月10日');
      await shot(officer, 'paper-consent');
      await officer.click('main form.card button[type=submit]');
      await officer.waitForURL(/done=saved/);
      assert.match(await officer.textContent('#consents'), /第1版[^]*本人/);
      assert.match(await officer.textContent('#reach'), /届く/);

      await officer.click('#contacts tbody a:has-text("直す")');
      await officer.check('[name=what][value=broken-hard-bounce]');
      await officer.click('main form.card button[type=submit]');
      await officer.waitForURL(/done=saved/);
      assert.match(await officer.textContent('#contacts'), /届きません/);
      await officer.click('#consents tbody a:has-text("取りやめる")');
      await officer.click('main form.card button[type=submit]');
      await officer.waitForURL(/done=saved/);
      assert.match(await officer.textContent('#consents'), /担当者が取り消し/);
      const changes = await officer.textContent('#changes');
      assert.match(changes, /連絡先：電話/);
      assert.match(changes, /取りやめた/);
      assert.doesNotMatch(changes, /1111/, 'no address in the history');
    },
  },
  {
    name: 'the list by keyboard, and on paper',
    needs: 'demo',
    run: async ({ page, demo, shot }) => {
      const officer = await page();
      await seat(officer, demo, 'administrator');
      await officer.goto(`${demo.office}/people`);
      const first = await officer.locator('main tbody tr').first().locator('a').textContent();
      await officer.locator('th .sort').focus();
      await officer.keyboard.press('Enter');
      await officer.waitForURL(/order=falling/);
      assert.notEqual(await officer.locator('main tbody tr').first().locator('a').textContent(), first);
      assert.equal(await officer.locator('th[aria-sort=descending]').count(), 1);
      await officer.keyboard.press('j');
      await officer.keyboard.press('j');
      await officer.keyboard.press('x');
      assert.equal(await officer.locator('tbody .pick:checked').count(), 1);
      await officer.locator('select[name=reach]').focus();
      await officer.keyboard.press('ArrowDown');
      await officer.keyboard.press('ArrowDown');
      await officer.keyboard.press('Enter');
      await officer.locator('form.filter-bar button[type=submit]').press('Enter');
      await officer.waitForURL(/reach=no/);
      await officer.emulateMedia({ media: 'print' });
      for (const hidden of ['.sidebar', '.filter-bar', '.table .pick']) assert.ok(!(await officer.locator(hidden).first().isVisible()), `${hidden} is not printed`);
      await shot(officer, 'people-on-paper', { fullPage: true });
    },
  },
];
