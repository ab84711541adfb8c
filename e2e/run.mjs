// The runner of the browser stories: finds them, starts the demo when one asks for it, runs them one after the other and
// prints `N passed, N failed` as its last line. What a story gets is made in harness/; the stories stand in stories/.
//
// node run.mjs --database sqlite|postgres --binary PATH [--update-docs] [--only PART-OF-A-NAME]

import { readdir, mkdir, rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { launch } from './harness/browser.mjs';
import { startDemo } from './harness/demo.mjs';
import { makeFixtures } from './harness/fixtures.mjs';

const { values: options } = parseArgs({
  options: {
    database: { type: 'string', default: 'sqlite' },
    binary: { type: 'string' },
    'update-docs': { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});

/** Every story of stories/*.mjs, in the order of the files: `export default [{ name, needs, only, run }]`; `only` names the one database
 * a story is about. */
async function findStories() {
  const folder = new URL('./stories/', import.meta.url);
  const files = (await readdir(folder)).filter((name) => name.endsWith('.mjs')).sort();
  const stories = [];
  for (const file of files) {
    const { default: found } = await import(new URL(file, folder));
    for (const story of found) stories.push({ ...story, name: `${file.replace(/\.mjs$/, '')}: ${story.name}` });
  }
  const here = (story) => !story.only || story.only === options.database;
  return stories.filter((story) => story.name.includes(options.only) && here(story));
}

async function main() {
  const shots = new URL(`./shots/${options.database}/`, import.meta.url);
  await rm(shots, { recursive: true, force: true });
  await mkdir(shots, { recursive: true });
  const stories = await findStories();
  const browser = await launch();
  let demo = null;
  let passed = 0;
  const failures = [];
  try {
    for (const story of stories) {
      const begin = Date.now();
      const fixtures = makeFixtures({ browser, shots, updateDocs: options['update-docs'], database: options.database });
      try {
        if (story.needs === 'demo') demo ??= await startDemo(options.binary, options.database);
        await story.run({ ...fixtures, demo });
        if (story.complaints !== 'expected') fixtures.assertQuiet();
        passed += 1;
        console.log(`ok      ${story.name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
      } catch (error) {
        failures.push(story.name);
        console.log(`FAILED  ${story.name}\n${indent(error.stack ?? String(error))}`);
        const saved = await fixtures.keepLastPage(story.name).catch(() => null);
        if (saved) console.log(indent(`the page as it was: ${saved}`));
        if (demo) console.log(indent(`the demo said last:\n${demo.tail()}`));
      } finally {
        await fixtures.close();
      }
    }
  } finally {
    await demo?.stop();
    await browser.close();
  }
  for (const name of failures) console.log(`failed: ${name}`);
  console.log(`${passed} passed, ${failures.length} failed`);
  process.exitCode = failures.length === 0 && passed > 0 ? 0 : 1;
}

function indent(text) {
  return text.replace(/^/gm, '        ');
}

await main();
