/** Chromium without a window. */
import { type Browser, chromium } from 'playwright-core';
import { chromiumProgram } from './environment.js';

const OPTIONS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Letters look the same on every machine.
  '--font-render-hinting=none',
];

/** Starts the browser. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumProgram(), headless: true, args: OPTIONS });
}
