// The accessibility check: axe-core with the rules of WCAG 2.2 A and AA, run inside the page.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Tabs axe has looked at: the styles it tries to set are refused by a strict policy, told late, and no fault of the page. */
export const measured = new WeakSet();

/** Throws with every violation and the elements that cause it. */
export async function assertAccessible(page) {
  // Evaluated by the debugger, so that the page's content security policy stays as strict as it is.
  await page.evaluate(source);
  measured.add(page);
  // Where a rule holds is not told: naming every sound cell of a long table took longer than the rules.
  const asked = { runOnly: { type: 'tag', values: TAGS }, resultTypes: ['violations'] };
  const { violations } = await page.evaluate((options) => window.axe.run(document, options), asked);
  if (violations.length === 0) return;
  const told = violations.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 5).map((node) => `    ${node.target.join(' ')}  ${node.html.slice(0, 120)}`);
    return `  ${id}: ${help} (${nodes.length})\n${where.join('\n')}`;
  });
  throw new Error(`${violations.length} accessibility violations\n${told.join('\n')}`);
}

/** Whether everybody can read a page: no finding, and nothing beyond the right edge. */
export async function assertReadable(page, what) {
  await assertAccessible(page);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (beyond > 0) throw new Error(`${what} scrolls sideways by ${beyond} px`);
}
