/** Executed notebooks side by side. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './environment.js';

/** What differs between executed notebooks; empty if nothing does. */
export async function differencesOf(...files: string[]): Promise<string> {
  return promisify(execFile)(process.execPath, [join(ROOT, '.ci/compare-notebooks.mjs'), ...files]).then(
    () => '',
    (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
  );
}
