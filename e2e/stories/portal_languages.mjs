// Joining in English and in plain Japanese, by e-mail and without JavaScript: the whole way stays in the chosen language.

import assert from 'node:assert/strict';
import { assertAccessible } from '../harness/axe.mjs';
import { answerQuestions, consent, letterTo } from '../harness/joining.mjs';
import { MASUDA } from '../harness/office.mjs';

const LANGUAGES = [
  { code: 'en', html: 'en', hello: /How shall we stay in touch/, page: /page/, name: 'Nagi', kana: ['かくう', 'なぎ'] },
  { code: 'ja-easy', html: 'ja', hello: /どうやって れんらくしますか/, page: /さんの ページ/, name: '凪', kana: ['かくう', 'なぎ'] },
];

export default LANGUAGES.map(({ code, html, hello, page: mine, name, kana }) => ({
  name: `${code}: six questions, consent, my page`,
  needs: 'demo',
  run: async ({ page, shot, demo }) => {
    const visitor = await page({ width: 320, javaScript: false });
    await visitor.goto(`${demo.portal}/p/${MASUDA}?lang=${code}`);
    assert.match(await visitor.getAttribute('html', 'lang'), new RegExp(`^${html}`));
    await visitor.click('main form[action$="/join"] button');
    assert.match(await visitor.textContent('h1'), hello);
    const address = `nagi-${code}@students.example`;
    await visitor.fill('[name=email]', address);
    await visitor.click('main form[action$="/join-by-mail"] button');
    const { links, text } = await letterTo(visitor, demo, address);
    if (code === 'en') assert.doesNotMatch(text.split('\n')[0], /[ぁ-ん]/, 'the letter is in English too');
    const proof = links.find((it) => it.includes('/mail/'));
    assert.ok(proof.endsWith(`?lang=${code}`), 'a browser of the mail app goes on in the same language');
    await visitor.goto(proof);
    await visitor.click('main button[type=submit]');
    let asked = 1;
    const student = { family: '架空', given: name, familyKana: kana[0], givenKana: kana[1], born: '2006-2-2', graduation: 2024, place: { index: 28 }, interests: 1 };
    await answerQuestions(visitor, student, async () => {
      asked += 1;
      await assertPlain(visitor, code);
    });
    assert.ok(asked <= 6, `${asked} questions`);
    await consent(visitor);
    await visitor.waitForURL(/\/me\/welcome/);
    await visitor.goto(`${demo.portal}/me`);
    assert.match(await visitor.textContent('h1'), mine);
    if (code === 'en') assert.doesNotMatch(await visitor.textContent('main'), /[（）　]/, 'brackets as English writes them');
    await shot(visitor, `my-page-${code}`, { fullPage: true });
    const scripted = await page({ width: 320 });
    await scripted.context().addCookies(await visitor.context().cookies());
    await scripted.goto(`${demo.portal}/me`);
    await assertAccessible(scripted);
  },
}));

/** No question falls back into another language: in English nothing but names of places and schools is Japanese. */
async function assertPlain(visitor, code) {
  if (code !== 'en') return;
  const said = await visitor.locator('h1, .lead, legend, .field__label, .field__hint, .form-actions, [name=year] option, [name=graduation] option').allTextContents();
  for (const text of said) assert.doesNotMatch(text, /[ぁ-んァ-ン一-龠]{3,}/, text);
}
