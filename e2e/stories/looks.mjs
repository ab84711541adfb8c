// Every page at a phone's and an office's width, light and dark: nothing axe finds, nothing that scrolls sideways. Pages
// are found as a reader finds them, by following links; the places that must be found are named, so that a broken link
// or an empty list is seen.

import assert from 'node:assert/strict';
import { answerQuestions, consent, letterTo } from '../harness/joining.mjs';
import { MASUDA, seat } from '../harness/office.mjs';

const LOOKS = { widths: [320, 1280], colours: ['light', 'dark'] };
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const FILE = /\.(csv|xlsx|json|pdf|png|jpg|svg)$|\/enter\/|\/media\/.+|\/export/;

/** Pages of one shape are looked at once: ids and the values of a query do not make another page. */
function shapeOf({ pathname, searchParams }) {
  return `${pathname.replace(ID, '*').replace(/\d{2,}/g, '#')}?${[...new Set(searchParams.keys())].filter((key) => key !== 'lang').sort()}`;
}

/** Follows links from the given pages, one of each shape, and returns the addresses. */
async function follow(visitor, origin, from, within) {
  const waiting = from.map((path) => new URL(path, origin));
  const found = new Map(waiting.map((url) => [shapeOf(url), url]));
  for (let url = waiting.shift(); url; url = waiting.shift()) {
    const answer = await visitor.goto(url.href);
    assert.ok(answer.ok(), `${url.pathname}${url.search} answered ${answer.status()}`);
    const links = await visitor.evaluate(() => [...document.querySelectorAll('a[href]:not([download])')].map((link) => link.href));
    for (const link of links.map((href) => new URL(href))) {
      const shape = shapeOf(link);
      if (link.origin !== new URL(origin).origin || !within.test(link.pathname) || FILE.test(link.pathname) || found.has(shape)) continue;
      link.hash = '';
      found.set(shape, link);
      waiting.push(link);
    }
  }
  return [...found.values()].map((url) => url.pathname + url.search);
}

function includesAll(found, wanted) {
  const paths = found.map((it) => it.split('?')[0].replace(ID, '*'));
  assert.deepEqual(wanted.filter((path) => !paths.includes(path)), [], `missing among\n${paths.join('\n')}`);
}

/** Joins by e-mail; returns the cookies on the last question and those of a resident. */
async function join(visitor, demo, address) {
  await visitor.goto(`${demo.portal}/p/${MASUDA}`);
  await visitor.click('text=はじめる');
  await visitor.fill('[name=email]', address);
  await visitor.click('text=確認のメールを送る');
  const { links } = await letterTo(visitor, demo, address);
  await visitor.goto(links.find((it) => it.includes('/mail/')));
  await visitor.click('main button[type=submit]');
  await answerQuestions(visitor, { family: '架空', given: '岬', familyKana: 'かくう', givenKana: 'みさき', born: '2008-3-31', graduation: 2025 });
  const before = await visitor.context().cookies();
  return { before, join: async () => (await consent(visitor), await visitor.waitForURL(/welcome/), visitor.context().cookies()) };
}

export default [
  {
    name: 'office: every page an administrator can reach',
    needs: 'demo',
    run: async ({ page, checkRoutes, demo }) => {
      const visitor = await page();
      await seat(visitor, demo, 'administrator');
      const routes = await follow(visitor, demo.portal, ['/office', '/office/people/add', '/office/slips', '/office/import'], /^\/office/);
      includesAll(routes, ['/office', '/office/people', '/office/people/*', '/office/import', '/office/reach', '/office/slips', '/office/settings', '/office/audit']);
      await checkRoutes(demo.portal, routes, { ...LOOKS, prepare: (it) => seat(it, demo, 'administrator') });
    },
  },
  {
    name: 'office: signing in, and what is not there',
    needs: 'demo',
    run: async ({ page, checkRoutes, demo }) => {
      await checkRoutes(demo.portal, ['/office/sign-in'], LOOKS);
      const visitor = await page();
      await seat(visitor, demo, 'viewer');
      const away = await visitor.goto(`${demo.portal}/office/nowhere`);
      assert.equal(away.status(), 404);
      const refused = await visitor.goto(`${demo.portal}/office/settings`);
      assert.equal(refused.status(), 403);
      assert.match(await visitor.textContent('main'), /役割/);
    },
  },
  {
    name: 'portal: every page before, on the way and after joining',
    needs: 'demo',
    run: async ({ page, checkRoutes, demo }) => {
      const visitor = await page({ javaScript: false });
      const way = await join(visitor, demo, `misaki-${Date.now()}@students.example`);
      const town = `/p/${MASUDA}`;
      const asked = ['contact', 'name', 'birth', 'school', 'now', 'interests'].map((step) => `${town}/join/${step}`);
      const open = ['/', '/sign-in', town, `${town}?lang=en`, `${town}?lang=ja-easy`, `${town}/sign-in`];
      await checkRoutes(demo.portal, [...open, ...asked, `${town}/agree`, `${town}/agree?lang=en`], {
        ...LOOKS,
        prepare: (it) => it.context().addCookies(way.before),
      });
      const cookies = await way.join();
      const mine = await follow(visitor, demo.portal, ['/me', '/me/welcome'], /^\/me(\/(?!line|data).*)?$/);
      includesAll(mine, ['/me', '/me/welcome', '/me/guardian', '/me/email', '/me/leave', '/me/erase']);
      await checkRoutes(demo.portal, mine, { ...LOOKS, prepare: (it) => it.context().addCookies(cookies) });
    },
  },
];
