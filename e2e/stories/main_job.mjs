// The main job as one story: an officer signs in, takes the school's list in, prints the slip; a student scans it, joins, a
// guardian consents, and she stands in the office once; a message is written to first- and second-year students in Osaka
// and Kyoto, approved by a colleague, delivered once over LINE or by mail; who blocks and who withdraws while it is being
// sent is not reached; the dashboard shows the year's figure against the plan.

import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { eventually } from '../harness/expect.mjs';
import { SCHOOL, applyAll, known, takeIn, undoLast } from '../harness/import.mjs';
import { allowAtLine, answerQuestions, consent, givePhone, letterTo, phoneAt, scan } from '../harness/joining.mjs';
import { addAddress, block, held, hold, joinByLine, letGo, letters, received, submit, withdrawAll, write } from '../harness/messages.mjs';
import { MASUDA, oneTimeCode, seat, staffOf } from '../harness/office.mjs';

const WORKBOOK = fileURLToPath(new URL('../fixtures/school_list.xlsx', import.meta.url));
const HANAKO = { family: '髙橋', given: '花子', familyKana: 'たかはし', givenKana: 'はなこ', born: '2008-3-28', school: SCHOOL, graduation: 2025, place: '大阪府' };
const RULE = 'life_stage in (university_1, university_2) and residence_prefecture in ("270008", "260002") and interest has homecoming';
const AUDIENCE = '大学1-2年・大阪と京都・帰省';
const WORDS = '夏の帰省イベントのお知らせ';
const BUBBLES = [{ text: `${WORDS}です。8月14日、駅前でお待ちしています。`, button: { label: 'くわしく見る', url: '/me' } }];
const PUSH = '/v2/bot/message/push';

const digits = (text) => Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', ''));

/** The officer signs in with a password and the code of her authenticator. */
async function signIn(page, demo) {
  const staff = staffOf(demo, 'editor');
  const officer = await page();
  await officer.goto(`${demo.office}/sign-in`);
  await officer.fill('[name=login]', staff.email);
  await officer.fill('[name=password]', staff.password);
  await officer.fill('[name=code]', oneTimeCode(staff.totp_secret));
  await officer.click('button[type=submit]');
  await officer.waitForURL(/\/office$/);
  assert.match(await officer.textContent('main'), new RegExp(staff.name));
  return officer;
}

async function schoolsList(officer, demo, shot) {
  assert.equal(await known(officer, demo, '髙橋 花子'), 0);
  await takeIn(officer, demo, WORKBOOK);
  const told = await officer.textContent('main');
  assert.match(told, /行目と同じ/, 'the repeated row is told');
  assert.match(told, /暦にない日/, 'the impossible date is told');
  await shot(officer, 'import-preview', { docs: true });
  await applyAll(officer);
  assert.equal(await known(officer, demo, '髙橋 花子'), 1);
  assert.equal(await known(officer, demo, '田中 次郎'), 1, 'the repeated row is one person');
  await undoLast(officer, demo);
  assert.equal(await known(officer, demo, '髙橋 花子'), 0);
  assert.equal(await known(officer, demo, '田中 次郎'), 0);
  await takeIn(officer, demo, WORKBOOK);
  await applyAll(officer);
  assert.equal(await known(officer, demo, '髙橋 花子'), 1);
}

/** Prints the slip; the address its QR leads to. */
async function slip(officer, demo, shot) {
  await officer.goto(`${demo.office}/slips`);
  await officer.fill('[name=name]', '卒業式で配る');
  await officer.selectOption('[name=school]', { label: SCHOOL });
  await officer.click('main section.card button[type=submit]');
  await officer.waitForSelector('.slip__qr svg');
  await shot(officer, 'slip', { docs: true });
  return (await officer.textContent('.slip__link')).trim();
}

/** A 17-year-old scans the slip, joins, and her guardian consents through a link. */
async function studentJoins({ page, demo, officer, url, shot }) {
  const phone = await page({ width: 320 });
  await givePhone(phone, demo, 'e2e-hanako', '花子');
  const tab = await scan(phone, demo, 'e2e-hanako', url);
  assert.match(await tab.textContent('main'), /卒業式で配る/);
  await tab.click('text=はじめる');
  await tab.click('a:has-text("LINEで続ける")');
  await allowAtLine(tab);
  let questions = 1;
  await answerQuestions(tab, HANAKO, async () => (questions += 1));
  assert.ok(questions <= 6, `${questions} questions`);
  await consent(tab);
  await tab.waitForURL(/\/me\/welcome/);

  // Her own consent is not enough at 17; the office sees that it waits.
  assert.equal(await known(officer, demo, '髙橋 花子'), 1, 'matched with the row of the list, not made twice');
  await officer.click('main tbody tr a');
  assert.match(await officer.textContent('#reach'), /保護者の同意/);

  await tab.click('text=保護者にお願いする');
  await tab.click('text=QRコードとリンクを出す');
  const link = await tab.getAttribute('main a:has-text("同意のページへのリンク")', 'href');
  const guardian = await page({ width: 320, javaScript: false });
  await guardian.goto(link);
  await shot(guardian, 'guardian', { fullPage: true });
  await guardian.fill('[name=family]', '髙橋');
  await guardian.fill('[name=given]', '一郎');
  await guardian.check('[name=relation][value=father]');
  await consent(guardian);
  assert.match(await guardian.textContent('h1'), /ありがとう/);

  await officer.reload();
  const card = await officer.textContent('main');
  assert.match(await officer.textContent('#reach'), /届く/);
  assert.doesNotMatch(await officer.textContent('#reach'), /保護者の同意/);
  assert.match(card, /架空大学/, 'what the school wrote is kept');
  assert.doesNotMatch(card, /hanako\.t@example\.jp/, 'addresses are not open to every glance');
  await officer.click('button:has-text("連絡先を表示する")');
  await officer.waitForSelector('text=hanako.t@example.jp');
  await phone.goto(phoneAt(demo, 'e2e-hanako'));
  assert.equal(await phone.locator('.row:not(.off) .face:not(.pale)').count(), 1, 'the town is a friend');
}

/** The audience, written as text, read back as clicks, counted, kept under a name. */
async function audience(officer, demo) {
  await officer.goto(`${demo.office}/audiences/new`);
  await officer.click('button[value=as-text]');
  await officer.fill('[name=rule]', RULE);
  await officer.click('button[value=as-form]');
  await officer.waitForSelector('fieldset.clauses');
  assert.equal(await officer.locator('fieldset.clauses').count(), 3, 'three conditions to click');
  await officer.fill('[name=name]', AUDIENCE);
  await officer.fill('[name=why]', '夏の帰省イベントのお知らせを送るため。');
  await officer.click('button[value=save]');
  await officer.waitForURL(/\/office\/audiences\?kept=/);
  assert.ok((await officer.textContent('main')).includes(AUDIENCE));
  await behindTheNumbers(officer);
}

/** Every number of a kept audience leads to the people it counts; those whose address is protected are counted, not named. */
async function behindTheNumbers(officer) {
  const listed = async () => {
    const unnamed = await officer.locator('main > p.field__hint').allTextContents();
    return digits(await officer.textContent('main p[role=status]')) + unnamed.reduce((sum, told) => sum + digits(told), 0);
  };
  await officer.click(`main table a:has-text("${AUDIENCE}")`);
  const all = digits(await officer.textContent('.kpi__value'));
  const reason = officer.locator('[data-audience-result] table a').last();
  const left = digits(await reason.locator('xpath=ancestor::tr/td[2]').textContent());
  await officer.click('text=この人たちの一覧を見る');
  assert.equal(await listed(), all, 'everybody of the audience');
  assert.equal(await officer.locator('[name=audience] option:checked').textContent(), AUDIENCE);
  await officer.goBack();
  await reason.click();
  assert.equal(await listed(), left, 'everybody left out for a reason');
}

/** What is known before anybody approves: how many, ten of them, why others are left out, the look, the cost. */
async function preview(officer, shot) {
  const told = await officer.textContent('main');
  const reached = digits(await officer.locator('main dl.facts dd').first().textContent());
  const samples = await officer.locator('.sample-names li').count();
  assert.equal(samples, 10, 'ten of them');
  const reasons = officer.locator('section:has(.sample-names) table tbody tr');
  assert.ok((await reasons.count()) >= 2, 'why the others are left out');
  assert.match(told, new RegExp(WORDS));
  assert.match(told, /[\d,]+\s*通/, 'what it costs in messages');
  assert.match(told, /円/, 'and in yen');
  await shot(officer, 'message-preview', { docs: true });
  return reached;
}

/** Posts as a page of the office would, from inside the page; the status. */
async function post(visitor, path) {
  return visitor.evaluate(async (to) => {
    const csrf = document.querySelector('input[name=csrf]').value;
    const answer = await fetch(to, { method: 'POST', body: new URLSearchParams({ csrf }) });
    return answer.status;
  }, path);
}

/** The row of this year on the dashboard as of a day: what is computed, and the rate's text. */
async function figure(officer, demo, { asOf = '', year = 7 } = {}) {
  await officer.goto(`${demo.office}/reach?as_of=${asOf}`);
  const row = officer.locator('main table tbody tr', { hasText: new RegExp(`令和${year}年度|R${year}`) }).first();
  const cells = await row.locator('td').allTextContents();
  return { target: cells[0].trim(), computed: digits(cells[2]), cells };
}

export default [
  {
    name: 'from a school’s list to students reached, and the figure that shows it',
    needs: 'demo',
    run: async ({ page, shot, demo }) => {
      const officer = await signIn(page, demo);
      await schoolsList(officer, demo, shot);
      const url = await slip(officer, demo, shot);
      await studentJoins({ page, demo, officer, url, shot });

      const umi = await joinByLine(page, demo, { handle: 'e2e-umi', given: '海', kana: 'うみ', place: '大阪府' });
      const sora = await joinByLine(page, demo, { handle: 'e2e-sora', given: '空', kana: 'そら', place: '京都府' });
      const kaze = await joinByLine(page, demo, { handle: 'e2e-kaze', given: '風', kana: 'かぜ', place: '大阪府' });
      const riku = await joinByLine(page, demo, { handle: 'e2e-riku', given: '陸', kana: 'りく', place: '京都府' });
      await addAddress(sora.tab, demo, 'sora@students.example');
      await block(sora, demo);
      const before = await figure(officer, demo);

      await audience(officer, demo);
      const message = await write(officer, demo, {
        title: '夏の帰省イベント',
        audience: AUDIENCE,
        bubbles: BUBBLES,
        subject: '夏の帰省イベント',
        body: `{{name}}さん\n${WORDS}です。8月14日、駅前でお待ちしています。`,
      });
      const reached = await preview(officer, shot);
      assert.ok(reached > 128, `more than one claim of deliveries (${reached})`);
      await submit(officer);
      assert.equal(await officer.locator('form[action$="/approve"]').count(), 0, 'who wrote it cannot approve');
      assert.equal(await post(officer, `${new URL(message).pathname}/approve`), 403, 'nor post the approval');

      const colleague = await page();
      await seat(colleague, demo, 'approver');
      await colleague.goto(message);
      await hold(colleague, demo, PUSH);
      await colleague.click('form[action$="/approve"] button');
      await colleague.waitForSelector('text=取り消せます');
      await eventually('requests are on their way', async () => (await held(colleague, demo)) > 0, { within: 60_000, every: 100 });

      // While it is being sent: one blocks, one withdraws. Nobody has received anything yet.
      await block(kaze, demo);
      await eventually('the block is known', async () => {
        await known(officer, demo, '架空 風');
        return /届かない/.test(await officer.locator('main tbody tr').first().textContent());
      });
      await withdrawAll(riku, demo);
      assert.equal((await received(umi.phone, demo, 'e2e-umi', WORDS)).length, 0);
      await letGo(colleague, demo);

      await eventually('it is over', async () => {
        await colleague.goto(message);
        return /終わ|完了/.test(await colleague.textContent('h1'));
      }, { within: 90_000, every: 500 });
      assert.equal((await received(umi.phone, demo, 'e2e-umi', WORDS)).length, 1, 'exactly once');
      for (const it of [sora, kaze, riku]) assert.equal((await received(umi.phone, demo, it.handle, WORDS)).length, 0, it.handle);
      const counts = await (await umi.phone.request.get(`${demo.line}/_sim/ledger/counts?channel=200${MASUDA}`)).json();
      assert.equal(counts.repeated, 0, 'nobody received the same twice');
      const letter = await letterTo(sora.tab, demo, 'sora@students.example', (it) => it.subject.includes('帰省'));
      assert.match(letter.text, /空さん[^]*駅前で/);
      assert.ok(letter.headers.some(([name]) => /^list-unsubscribe-post$/i.test(name)), 'one click ends it (RFC 8058)');
      assert.equal((await letters(sora.tab, demo, 'sora@students.example', '帰省')).length, 1);
      await umi.phone.goto(phoneAt(demo, 'e2e-umi', `/phone/e2e-umi/200${MASUDA}`));
      assert.match(await umi.phone.textContent('#live'), /駅前でお待ちしています/);
      await shot(umi.phone, 'phone-message');
      await shot(colleague, 'message-result', { docs: true });

      await dashboard({ officer, demo, shot, before });
    },
  },
];

/** Everybody behind a number of the dashboard, page by page. */
async function behind(officer, number) {
  await officer.click(`main .kpi a:has-text("${number}") >> nth=0`);
  let all = '';
  for (;;) {
    all += await officer.textContent('main tbody');
    const next = officer.locator('a[rel=next]');
    if ((await next.count()) === 0) return all;
    await next.click();
  }
}

/** The figure against the plan, the rate on its own denominator, who is behind it, and as of last March. */
async function dashboard({ officer, demo, shot, before }) {
  const now = await figure(officer, demo);
  assert.equal(now.computed, before.computed - 2, 'neither who blocked nor who withdrew counts as reached');
  const main = await officer.textContent('main');
  assert.match(main, /就活期に情報を届けられる学生数/);
  for (const [year, target] of [[5, '520'], [6, '990'], [7, '1,457']]) {
    assert.ok((await figure(officer, demo, { year })).target.includes(target), `R${year} ${target}`);
  }
  assert.doesNotMatch((await figure(officer, demo, { year: 4 })).target, /\d/, 'R4 stays blank');
  await shot(officer, 'reach', { docs: true });

  assert.ok(now.cells.some((it) => /\d%/.test(it)), 'the rate on its own denominator');
  const missed = await behind(officer, '届かない人');
  assert.match(missed, /架空 風[^]*?ブロック/, 'who blocked, and why');
  assert.match(missed, /架空 陸[^]*?取り消され/, 'who withdrew, and why');
  await figure(officer, demo);
  const there = await behind(officer, '届けられる人');
  assert.match(there, /架空 海/);
  assert.doesNotMatch(there, /架空 [風陸]/);

  const then = await figure(officer, demo, { asOf: '2025-03-31' });
  assert.match(await officer.textContent('main'), /令和7年3月31日/);
  assert.notEqual(then.computed, now.computed, 'as of last March');
}
