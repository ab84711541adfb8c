// The browser: the Chromium of the machine, headless, with everything that talks to the outside switched off.

import { access } from 'node:fs/promises';
import { chromium } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-dev-shm-usage',
  '--force-color-profile=srgb',
  // The browser's own words (file and date fields) as an officer sees them.
  '--lang=ja',
];

/** Starts Chromium: the one named by TSUNAGARI_CHROMIUM, or Debian's. */
export async function launch() {
  const executablePath = process.env.TSUNAGARI_CHROMIUM ?? '/usr/bin/chromium';
  await access(executablePath).catch(() => {
    throw new Error(`no Chromium at ${executablePath}: install it (Debian: apt-get install chromium) or set TSUNAGARI_CHROMIUM`);
  });
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}
