// Every page at a phone's, a tablet's and an office's width, light and dark: nothing axe finds, nothing that scrolls sideways. Pages
// are found as a reader finds them, by following links; the places that must be found are named, so that a broken link
// or an empty list is seen.

import assert from 'node:assert/strict';
import { assertAccessible } from '../harness/axe.mjs';
import { takeIn } from '../harness/import.mjs';
import { answerQuestions, consent, letterTo } from '../harness/joining.mjs';
import { write } from '../harness/messages.mjs';
import { MASUDA, seat } from '../harness/office.mjs';
import { csv, utf8WithMark } from '../harness/school_csv.mjs';

// Pages are the same on either database: every width and colour on one, the narrowest on the other.
const looksOn = (database) => (database === 'sqlite' ? {} : { widths: [320], colours: ['light'] });
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const FILE = /\.(csv|xlsx|json|pdf|png|jpg|svg)$|\/enter\/|\/media\/.+|\/export/;

// The same page in another language, or the same list in another order.
const SAME = new Set(['lang', 'order', 'sort']);

// The gallery has a page for every blueprint shipped; their words are tested where the page is.
const BLUEPRINT = /(\/gallery)\/[^/]+\/[^/]+$/;

/** Pages of one shape are looked at once: ids, blueprints and the values of a query do not make another page. */
function shapeOf({ pathname, searchParams }) {
  return `${pathname.replace(ID, '*').replace(BLUEPRINT, '$1/*').replace(/\d{2,}/g, '#')}?${[...new Set(searchParams.keys())].filter((key) => !SAME.has(key)).sort()}`;
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

/** Leaves something of every kind behind for the office's pages to show; the addresses that no link leads to. */
async function furnish(officer, demo) {
  const file = { name: '見本.csv', mimeType: 'text/csv', buffer: utf8WithMark(csv([['１', '1', '眺見本　岬', 'ナガメミホン ミサキ', '平成19年2月30日', '大学', '架空大学', '大阪府', '']])) };
  await takeIn(officer, demo, file);
  const preview = new URL(officer.url()).pathname;
  const message = await write(officer, demo, { title: '眺めるもの', rule: 'residence_prefecture = "470007"', bubbles: [{ text: '眺めるもの', button: { label: '見る', url: '/me' } }] });
  const draft = new URL(message).pathname;
  await officer.goto(`${demo.office}/slips`);
  await officer.fill('[name=name]', '眺める');
  await officer.click('main section.card button[type=submit]');
  await officer.waitForSelector('.slip__qr svg');
  return [preview, `${preview}/columns`, draft, `${draft}/edit`, `${draft}/deliveries`, new URL(officer.url()).pathname];
}

/** Invites a colleague; the link the office hands over. */
async function invite(officer, demo) {
  await officer.goto(`${demo.office}/settings/staff/new`);
  await officer.fill('[name=name]', '眺見本 渚');
  await officer.fill('[name=login]', `look-${Date.now()}@322041.example`);
  await officer.check('[name=role][value=viewer]');
  await officer.click('main form.card button[type=submit], main form button.button--solid');
  return new URL((await officer.textContent('#invitation-link')).trim()).pathname;
}

export default [
  {
    name: 'office: every page an administrator can reach',
    needs: 'demo',
    run: async ({ page, checkRoutes, demo, database }) => {
      const visitor = await page();
      await seat(visitor, demo, 'administrator');
      const more = await furnish(visitor, demo);
      const resident = await page({ javaScript: false });
      await (await join(resident, demo, `erase-${Date.now()}@students.example`)).join();
      await resident.goto(`${demo.portal}/me/erase`);
      await resident.click('main form button[type=submit]');
      const start = ['/office', '/office/people/add', '/office/slips', '/office/import', '/office/work?team=all', ...more];
      const routes = await follow(visitor, demo.portal, start, /^\/office/);
      includesAll(routes, [
        '/office', '/office/people', '/office/people/*', '/office/people/*/contacts/add', '/office/people/*/consents/add', '/office/import', '/office/import/*',
        '/office/messages/*', '/office/reach', '/office/slips', '/office/work/*', '/office/erasures', '/office/settings', '/office/audit',
      ]);
      await checkRoutes(demo.portal, routes, { ...looksOn(database), prepare: (it) => seat(it, demo, 'administrator') });
    },
  },
  {
    name: 'office: signing in, an invitation, and what is not there',
    needs: 'demo',
    run: async ({ page, checkRoutes, demo, database }) => {
      const officer = await page();
      await seat(officer, demo, 'administrator');
      const invitation = await invite(officer, demo);
      await checkRoutes(demo.portal, ['/office/sign-in', invitation], looksOn(database));
      const visitor = await page();
      await seat(visitor, demo, 'viewer');
      const away = await visitor.goto(`${demo.portal}/office/nowhere`);
      assert.equal(away.status(), 404);
      const refused = await visitor.goto(`${demo.portal}/office/settings`);
      assert.equal(refused.status(), 403);
      assert.match(await visitor.textContent('main'), /役割/);
      await assertAccessible(visitor);
    },
  },
  {
    name: 'portal: every page before, on the way and after joining; the guardian’s',
    needs: 'demo',
    run: async ({ page, checkRoutes, demo, database }) => {
      const visitor = await page({ javaScript: false });
      const way = await join(visitor, demo, `misaki-${Date.now()}@students.example`);
      const town = `/p/${MASUDA}`;
      const asked = ['contact', 'name', 'birth', 'school', 'now', 'interests'].map((step) => `${town}/join/${step}`);
      const open = ['/', '/sign-in', town, `${town}?lang=en`, `${town}?lang=ja-easy`, `${town}?lang=ja`, `${town}/sign-in`];
      await checkRoutes(demo.portal, [...open, ...asked, `${town}/agree`, `${town}/agree?lang=en`], {
        ...looksOn(database),
        prepare: (it) => it.context().addCookies(way.before),
      });
      const cookies = await way.join();
      await visitor.goto(`${demo.portal}/me/guardian`);
      await visitor.click('main form[action$="/guardian/link"] button');
      const link = new URL(await visitor.getAttribute('main a[href*="/guardian/"]', 'href')).pathname;
      await checkRoutes(demo.portal, [link, `${link}?lang=en`, `${link}?lang=ja-easy`], looksOn(database));
      const mine = await follow(visitor, demo.portal, ['/me', '/me/welcome'], /^\/me(\/(?!line).*)?$/);
      includesAll(mine, ['/me', '/me/welcome', '/me/guardian', '/me/email', '/me/data', '/me/leave', '/me/erase']);
      await checkRoutes(demo.portal, mine, { ...looksOn(database), prepare: (it) => it.context().addCookies(cookies) });
    },
  },
];
