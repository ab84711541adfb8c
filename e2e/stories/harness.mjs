// The harness tries itself on pages of its own: what it must find is planted, so that a check that finds nothing is seen.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { COLOURS, WIDTHS } from '../harness/fixtures.mjs';
import { read } from '../harness/png.mjs';
import { eventually } from '../harness/expect.mjs';

const SOUND = `<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>見本</title>
<meta name="viewport" content="width=device-width"><style>:root{color-scheme:light dark}</style></head>
<body><main><h1>見本</h1><p id="said">script なし</p><noscript><p id="plain">JavaScript なしで読めます</p></noscript></main>
<script>document.getElementById('said').textContent = 'script あり';</script></body></html>`;
const WITHOUT_NAMES = SOUND.replace('</main>', '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><button></button></main>');
const TOO_WIDE = SOUND.replace('</main>', '<div style="width:2000px">…</div></main>');
const BROKEN = SOUND.replace('</body>', '<script>throw new Error("planted")</script></body>');
const PAGES = { '/': SOUND, '/without-names': WITHOUT_NAMES, '/too-wide': TOO_WIDE, '/broken': BROKEN };

/** Serves the pages on a free port while a story runs. */
async function withPages(story) {
  const server = createServer((request, response) => {
    const body = PAGES[request.url];
    response.writeHead(body ? 200 : 404, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:",
    });
    response.end(body ?? SOUND);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await story(`http://localhost:${server.address().port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

export default [
  {
    name: 'a sound page passes at every width and colour',
    run: ({ checkRoutes }) =>
      withPages(async (origin) => assert.equal(await checkRoutes(origin, ['/']), WIDTHS.length * COLOURS.length)),
  },
  {
    name: 'planted faults are found',
    run: ({ checkRoutes }) =>
      withPages(async (origin) => {
        const once = { widths: [320], colours: ['light'] };
        await assert.rejects(checkRoutes(origin, ['/without-names'], once), /image-alt[^]*button-name|button-name[^]*image-alt/);
        await assert.rejects(checkRoutes(origin, ['/too-wide'], once), /px too wide/);
        await assert.rejects(checkRoutes(origin, ['/nowhere'], once), /answered 404/);
      }),
  },
  {
    name: 'a page error fails the story',
    run: ({ page, assertQuiet }) =>
      withPages(async (origin) => {
        const visitor = await page();
        await visitor.goto(`${origin}/broken`);
        const complaint = await eventually('the error is heard', () => {
          try {
            return assertQuiet() ?? null;
          } catch (error) {
            return error.message;
          }
        });
        assert.match(complaint, /planted/);
      }),
    complaints: 'expected',
  },
  {
    name: 'JavaScript can be switched off',
    run: ({ page }) =>
      withPages(async (origin) => {
        const scripted = await page();
        await scripted.goto(origin);
        assert.equal(await scripted.textContent('#said'), 'script あり');
        const plain = await page({ javaScript: false });
        await plain.goto(origin);
        assert.equal(await plain.textContent('#said'), 'script なし');
        assert.ok(await plain.isVisible('#plain'));
      }),
  },
  {
    name: 'a picture is kept whole and has the asked size',
    run: ({ page, shot }) =>
      withPages(async (origin) => {
        const visitor = await page({ width: 320, scale: 2 });
        await visitor.goto(origin);
        const before = read(await visitor.screenshot({ animations: 'disabled', caret: 'hide' }));
        const after = read(await readFile(await shot(visitor, 'harness')));
        assert.equal(after.width, 640);
        assert.ok(Buffer.concat(before.rows).equals(Buffer.concat(after.rows)));
      }),
  },
];
