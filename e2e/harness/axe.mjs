// The accessibility check: axe-core with the rules of WCAG 2.2 A and AA, run inside the page.

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'];
const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Pages axe is measuring right now: the styles it sets to measure with are refused by a strict policy, which is no fault of theirs. */
export const measured = new WeakSet();

/** Throws with every violation and the elements that cause it. */
export async function assertAccessible(page) {
  // Evaluated by the debugger, so that the page's content security policy stays as strict as it is.
  await page.evaluate(source);
  measured.add(page);
  const run = page.evaluate((tags) => window.axe.run(document, { runOnly: { type: 'tag', values: tags } }), TAGS);
  const { violations } = await run.finally(() => measured.delete(page));
  if (violations.length === 0) return;
  const told = violations.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 5).map((node) => `    ${node.target.join(' ')}  ${node.html.slice(0, 120)}`);
    return `  ${id}: ${help} (${nodes.length})\n${where.join('\n')}`;
  });
  throw new Error(`${violations.length} accessibility violations\n${told.join('\n')}`);
}
