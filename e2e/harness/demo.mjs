// The demo as a process: started on free ports in a directory of its own, read for its addresses and sign-ins, stopped at
// the end. Its contract with the program, in one place:
//
//   tsunagari demo --listen-free-ports --ready-file FILE --data DIR [--database-url URL]
//
// FILE appears, written whole, once every address answers and the people to play are there: {"portal": "http://…", "office": "http://…", "line": "http://…",
// "mail": "http://…", "sign_ins": [{"organisation", "role", "email", "password", "totp_secret", "link"}, …],
// "strangers": [{"name", "kana", "birth", "school", "phone", "join", "guardian_mail"}, …]}.

import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './expect.mjs';

const KEPT_LINES = 40;

/** Starts the demo and waits until it answers. */
export async function startDemo(binary, database) {
  if (!binary) throw new Error('--binary is missing: the demo cannot be started');
  const folder = await mkdtemp(join(tmpdir(), 'tsunagari-e2e-'));
  const ready = join(folder, 'ready.json');
  const data = join(folder, 'data');
  const args = ['demo', '--listen-free-ports', '--ready-file', ready, '--data', data];
  if (database === 'postgres') {
    const url = process.env.TSUNAGARI_TEST_PG;
    if (!url) throw new Error('TSUNAGARI_TEST_PG is missing: run through `cargo xtask test --only browser`');
    args.push('--database-url', url);
  }
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const heard = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      heard.push(...text.split('\n').filter(Boolean));
      heard.splice(0, heard.length - KEPT_LINES);
    });
  }
  let ended = null;
  const end = new Promise((resolve) => {
    child.on('error', (error) => resolve((ended = error.message)));
    child.on('exit', (code, signal) => resolve((ended = `exit ${code ?? signal}`)));
  });
  const stop = async () => {
    // A stop that hangs is cut short: the story's verdict is in already.
    const cut = setTimeout(() => child.kill('SIGKILL'), 10_000);
    child.kill('SIGTERM');
    if (ended === null) await end;
    clearTimeout(cut);
    await rm(folder, { recursive: true, force: true });
  };
  const tail = () => heard.join('\n');
  try {
    const addresses = await eventually('the demo is ready', async () => {
      if (ended !== null) return { ended };
      return JSON.parse(await readFile(ready, 'utf8'));
    }, { within: 180_000 });
    if (addresses.ended) throw new Error(`the demo ended: ${addresses.ended}\n${tail()}`);
    return { ...addresses, binary, data, stop, tail };
  } catch (error) {
    await stop();
    throw error;
  }
}
