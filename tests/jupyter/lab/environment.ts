/** What the tests in JupyterLab need. A missing part is a failure: they run where somebody asked for them. */
import { accessSync, constants, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const ROOT: string = fileURLToPath(new URL('../../..', import.meta.url));

/** The program `fleche`, built. */
export const PROGRAM: string = `${ROOT}/dist/kernel-extension/main.js`;

/** The program `jupyter` of an installation with JupyterLab and nbconvert: FLECHE_JUPYTER. */
export function jupyterProgram(): string {
  const jupyter = process.env.FLECHE_JUPYTER;
  if (jupyter === undefined) throw new Error('FLECHE_JUPYTER names no program jupyter');
  accessSync(jupyter, constants.X_OK);
  return jupyter;
}

/** The program that shows JupyterLab: FLECHE_CHROMIUM, by default Debian's. */
export function chromiumProgram(): string {
  const chromium = process.env.FLECHE_CHROMIUM ?? '/usr/bin/chromium';
  accessSync(chromium, constants.X_OK);
  return chromium;
}

/** The folder that pictures are written to: FLECHE_SCREENSHOTS; without it there are none. */
export function screenshotFolder(): string | undefined {
  const folder = process.env.FLECHE_SCREENSHOTS;
  if (folder !== undefined) mkdirSync(folder, { recursive: true });
  return folder;
}
