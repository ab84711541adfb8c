// What a story is given: pages of chosen width and colour, with or without JavaScript, the accessibility check and
// pictures. Everything it opened is closed after it. A page that logs an error to the console, or asks an address outside
// this machine, fails the story.

import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { assertAccessible, measured } from './axe.mjs';
import { shrink } from './png.mjs';

/** The widths every page is looked at: a small phone, a tablet, an office screen. */
export const WIDTHS = [320, 768, 1280];
export const COLOURS = ['light', 'dark'];

const HEIGHTS = { 320: 640, 768: 1024, 1280: 800 };
const LOOPBACK = /^(localhost|.+\.localhost|127\.0\.0\.1|\[::1\])$/;

/** Fixtures for one story. */
export function makeFixtures({ browser, shots, updateDocs, database }) {
  const contexts = [];
  const complaints = [];
  let lastPage = null;

  /** Opens a page in a browser profile of its own. */
  async function page({ width = 1280, colour = 'light', javaScript = true, locale = 'ja-JP', scale = 1 } = {}) {
    const context = await browser.newContext({
      viewport: { width, height: HEIGHTS[width] ?? 800 },
      colorScheme: colour,
      javaScriptEnabled: javaScript,
      locale,
      timezoneId: 'Asia/Tokyo',
      deviceScaleFactor: scale,
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(15_000);
    contexts.push(context);
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') && !LOOPBACK.test(url.hostname)) complaints.push(`asked ${url.origin}`);
    });
    context.on('weberror', (error) => complaints.push(`page error: ${error.error().message}`));
    context.on('console', (message) => {
      // A page that answers 4xx on purpose is no error of the page.
      const expected = /Failed to load resource/.test(message.text());
      const byAxe = measured.has(message.page()) && /Applying inline style violates/.test(message.text());
      if (message.type() === 'error' && !expected && !byAxe) complaints.push(`console: ${message.text()}`);
    });
    // The page that moved last is the one a failed story ended on.
    context.on('page', (opened) => {
      lastPage = opened;
      opened.on('framenavigated', (frame) => frame === opened.mainFrame() && (lastPage = opened));
    });
    return context.newPage();
  }

  /**
   * Visits addresses at every width and colour: no axe violation, no sideways scrolling. Returns how many were looked at. Each colour
   * has a page of its own, and the two walk side by side; a page is made narrower and wider where it stands.
   */
  async function checkRoutes(origin, routes, { prepare = async () => {}, widths = WIDTHS, colours = COLOURS } = {}) {
    const found = [];
    let seen = 0;
    async function look(visitor, colour) {
      for (const route of routes) {
        const answer = await visitor.goto(new URL(route, origin).href);
        if (!answer.ok()) found.push(`${route}, ${colour}: answered ${answer.status()}`);
        for (const width of widths) {
          const where = `${route} at ${width} px, ${colour}`;
          await visitor.setViewportSize({ width, height: HEIGHTS[width] ?? 800 });
          await assertAccessible(visitor).catch((error) => found.push(`${where}: ${error.message}`));
          const wide = await visitor.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          if (wide > 0) found.push(`${where}: ${wide} px too wide`);
          seen += 1;
        }
      }
      await visitor.context().close();
    }
    const visitors = [];
    for (const colour of colours) {
      const visitor = await page({ width: widths[0], colour });
      // One after the other: a one-time password is good once.
      await prepare(visitor);
      visitors.push([visitor, colour]);
    }
    await Promise.all(visitors.map(([visitor, colour]) => look(visitor, colour)));
    if (found.length > 0) throw new Error(`${found.length} findings on ${seen} pages\n${found.join('\n')}`);
    return seen;
  }

  /** Keeps a picture; `docs: true` also writes it to docs/images when the run was asked to. */
  async function shot(visitor, name, { docs = false, fullPage = false } = {}) {
    const picture = shrink(await visitor.screenshot({ fullPage, animations: 'disabled', caret: 'hide' }));
    const path = fileURLToPath(new URL(`${name}.png`, shots));
    await writeFile(path, picture);
    if (docs && updateDocs) {
      const images = new URL('../../docs/images/', import.meta.url);
      await mkdir(images, { recursive: true });
      await writeFile(new URL(`${name}.png`, images), picture);
    }
    return path;
  }

  /** The picture of the page a failed story ended on. */
  async function keepLastPage(story) {
    if (!lastPage || lastPage.isClosed()) return null;
    return shot(lastPage, `failed-${story.replace(/[^a-z0-9]+/gi, '-')}`, { fullPage: true });
  }

  /** Throws what pages complained about; the runner calls it through `close` of a story that held. */
  function assertQuiet() {
    if (complaints.length > 0) throw new Error(`pages complained:\n${[...new Set(complaints)].join('\n')}`);
  }

  async function close() {
    await Promise.all(contexts.map((context) => context.close().catch(() => {})));
  }

  return { page, checkRoutes, shot, keepLastPage, assertQuiet, close, database };
}
