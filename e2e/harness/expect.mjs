// Waiting for a truth instead of for time: asks again until the answer is right or the limit is reached.

import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks until `ask` resolves to something truthy and returns it; an `ask` that throws counts as "not yet".
 * The error names what was waited for and the last thing heard.
 */
export async function eventually(what, ask, { within = 15_000, every = 50 } = {}) {
  const end = Date.now() + within;
  let last;
  while (Date.now() < end) {
    try {
      last = await ask();
      if (last) return last;
    } catch (error) {
      last = error;
    }
    await pause(every);
  }
  throw new Error(`${what}: not within ${within / 1000} s (last: ${last?.message ?? JSON.stringify(last)})`);
}
