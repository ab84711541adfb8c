// Lists in and out: CSV in the encodings schools send, what cannot be read refused whole, and every list as a file.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { SCHOOL, applyAll, known, takeIn, undoLast } from '../harness/import.mjs';
import { seat } from '../harness/office.mjs';
import { csv, shiftJis, utf8WithMark } from '../harness/school_csv.mjs';

const row = (number, name, kana, born, phone = '') => ['１', number, name, kana, born, '大学', '架空大学', '大阪府', phone];

/** Takes a list in, sees it stand, undoes it. */
async function inAndOut(officer, demo, { name, buffer }, people) {
  await takeIn(officer, demo, { name, mimeType: 'text/csv', buffer });
  for (const person of people) assert.ok((await officer.textContent('main')).includes(person), `${person} as written`);
  await applyAll(officer);
  for (const person of people) assert.equal(await known(officer, demo, person), 1, person);
  await undoLast(officer, demo);
  for (const person of people) assert.equal(await known(officer, demo, person), 0, person);
}

/** What a link or a button gives as a file: its name and its bytes. */
async function taken(visitor, press) {
  const coming = visitor.waitForEvent('download');
  await press();
  const file = await coming;
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
}

/** A file says whose, what and of which day it is. */
const calledAs = (what) => new RegExp(`^masuda-${what}-\\d{4}-\\d\\d-\\d\\d\\.csv$`);

export default [
  {
    name: 'CSV as Shift_JIS and as UTF-8 with a mark; names as written; undone whole',
    needs: 'demo',
    run: async ({ page, demo }) => {
      const officer = await page();
      await seat(officer, demo, 'administrator');
      const older = csv([row('1', '見本﨑　渚', 'ﾐﾎﾝｻﾞｷ ﾅｷﾞｻ', '平成19年6月1日', '０９０－１２３４－０００１'), row('2', '髙見本　航', 'タカミホン　ワタル', 'H19.8.15')]);
      await inAndOut(officer, demo, { name: '名簿.csv', buffer: shiftJis(older) }, ['見本﨑 渚', '髙見本 航']);
      const newer = csv([row('1', '𠮷見本　結', 'ヨシミホン ユイ', '2007/10/20')]);
      await inAndOut(officer, demo, { name: 'list.csv', buffer: utf8WithMark(newer) }, ['𠮷見本 結']);
    },
  },
  {
    name: 'what is no list is refused with what to do, and nothing is changed',
    needs: 'demo',
    run: async ({ page, demo }) => {
      const officer = await page();
      await seat(officer, demo, 'administrator');
      const files = [
        { name: 'list.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n') },
        { name: 'list.xlsx', mimeType: 'application/octet-stream', buffer: Buffer.from('PK\x03\x04 broken') },
        { name: 'empty.csv', mimeType: 'text/csv', buffer: Buffer.alloc(0) },
      ];
      for (const file of files) {
        await officer.goto(`${demo.office}/import`);
        const before = await officer.locator('main tbody tr').count();
        await officer.selectOption('[name=school]', { label: SCHOOL });
        await officer.setInputFiles('[name=file]', file);
        await officer.click('main form.card button[type=submit]');
        await officer.waitForSelector('[role=alert]');
        assert.ok((await officer.textContent('[role=alert]')).trim().length > 10, `${file.name}: a sentence says what to do`);
        await officer.goto(`${demo.office}/import`);
        assert.equal(await officer.locator('main tbody tr').count(), before, `${file.name} left something behind`);
      }
    },
  },
  {
    name: 'people, work, colleagues and the record as files; the taking out is on record',
    needs: 'demo',
    run: async ({ page, demo }) => {
      const officer = await page();
      await seat(officer, demo, 'administrator');
      await officer.goto(`${demo.office}/people?q=${encodeURIComponent('石')}`);
      const plain = await taken(officer, () => officer.click('button[name=format][value=csv]'));
      assert.match(plain.name, calledAs('people'));
      assert.deepEqual([...plain.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'Excel reads UTF-8 by its mark');
      assert.doesNotMatch(plain.bytes.toString(), /@/, 'no addresses unless asked for');
      await officer.check('[name=contacts]');
      const whole = await taken(officer, () => officer.click('button[name=format][value=csv]'));
      assert.match(whole.bytes.toString(), /@/);
      const book = await taken(officer, () => officer.click('button[name=format][value=xlsx]'));
      assert.equal(book.bytes.subarray(0, 2).toString(), 'PK');
      for (const [path, name] of [['work?team=all', 'work'], ['settings/staff', 'staff'], ['audit', 'audit']]) {
        await officer.goto(`${demo.office}/${path}`);
        const file = await taken(officer, () => officer.click('a[href*="/office/exports/"][href*="as=csv"]'));
        assert.match(file.name, calledAs(name));
        assert.ok(file.bytes.toString().split('\r\n').length > 1, name);
      }
      await officer.goto(`${demo.office}/audit?act=export_list`);
      assert.ok((await officer.locator('main tbody tr').count()) >= 6);

      const viewer = await page();
      await seat(viewer, demo, 'viewer');
      const refused = await viewer.request.get(`${demo.office}/exports/audit?as=csv`, { headers: { cookie: (await viewer.context().cookies()).map((it) => `${it.name}=${it.value}`).join('; ') } });
      assert.equal(refused.status(), 403);
    },
  },
];
