// The commands that look in beside a running program, on the demonstration: what an operator runs first must not cry wolf. On the
// embedded database only: a demonstration on a server has a database of its own there that nobody else is told of.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

export default [
  {
    name: 'doctor beside the demonstration finds nothing wrong',
    needs: 'demo',
    only: 'sqlite',
    run: async ({ demo }) => {
      const { stdout } = await run(demo.binary, ['doctor', '--data', demo.data]).catch((error) => error);
      assert.match(stdout, /^Running: /m);
      assert.match(stdout, /^A demonstration: /m);
      assert.match(stdout, /^Nothing is wrong\.$/m);
    },
  },
  {
    name: 'figures beside the demonstration count on its calendar',
    needs: 'demo',
    only: 'sqlite',
    run: async ({ demo }) => {
      const { stdout } = await run(demo.binary, ['figures', '--data', demo.data, '--org', '322041', '--json']);
      const printed = JSON.parse(stdout);
      const days = JSON.stringify(printed).match(/"as_of":"(\d{4}-\d{2})-\d{2}"/);
      assert.equal(days?.[1], '2026-03', stdout.slice(0, 400));
    },
  },
];
