// Taking a school's list in, for stories: the file, the columns, the preview, what is left to decide, applying.

import assert from 'node:assert/strict';
import { eventually } from './expect.mjs';

/** The school of the stories' lists, as the demonstration knows it. */
export const SCHOOL = '益田高校';

/** Presses a button that asks first, and says yes. */
export async function pressAndConfirm(visitor, text) {
  await visitor.click(`main form button:has-text("${text}")`);
  await visitor.click('dialog.ask .button--solid');
}

/** How many people of this name the office knows. */
export async function known(visitor, demo, name) {
  await visitor.goto(`${demo.office}/people?q=${encodeURIComponent(name)}`);
  return visitor.locator('main tbody tr').count();
}

/** Sends a file in (a path, or `{ name, mimeType, buffer }`) and goes to the preview. */
export async function takeIn(officer, demo, file) {
  await officer.goto(`${demo.office}/import`);
  await officer.selectOption('[name=school]', { label: SCHOOL });
  await officer.selectOption('[name=year]', '2025');
  await officer.setInputFiles('[name=file]', file);
  await officer.click('main form.card button[type=submit]');
  await officer.waitForURL(/\/columns$/);
  assert.match(await officer.textContent('main'), /生徒氏名/);
  await officer.click('button:has-text("内容を確かめる")');
  await eventually('the preview is there', async () => (await officer.locator('tr[id^=r]').count()) > 0 && (await officer.locator('progress').count()) === 0);
}

/** Takes whoever is undecided as somebody new, and applies. */
export async function applyAll(officer) {
  const left = officer.locator('button:has-text("残りはすべて新しい人とする")');
  if ((await left.count()) > 0) await left.click();
  await pressAndConfirm(officer, 'この内容で取り込む');
  await officer.waitForSelector('button:has-text("この取り込みを取り消す")');
}

/** Undoes the import that was made last. */
export async function undoLast(officer, demo) {
  await officer.goto(`${demo.office}/import`);
  await officer.click('main tbody tr:first-child a');
  await pressAndConfirm(officer, 'この取り込みを取り消す');
  await officer.waitForSelector('text=すべて元に戻しました');
}
