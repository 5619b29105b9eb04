/** What cells find in the global scope to show things with. */
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import type { MimeBundle } from '../magics/types.js';
import { wantsColors } from './plain-text.js';
import { createProgress } from './progress.js';
import { hideNotesOfNode } from './promises.js';
import { represent } from './represent.js';
import { html, latex, md, svg } from './rich-text.js';
import type { ClearOutput, Display, DisplayHandle } from './types.js';

/** How something gets into the outputs of the running cell. */
export interface DisplayHost {
  show(data: MimeBundle, id: string, isUpdate: boolean): void;
  clear(wait: boolean): void;
}

/** A place that is shown; as the last expression of a cell it is not shown once more. */
class Handle implements DisplayHandle {
  readonly id: string;
  readonly #show: (value: unknown) => void;

  constructor(id: string, show: (value: unknown) => void) {
    this.id = id;
    this.#show = show;
  }

  update(value: unknown): void {
    this.#show(value);
  }
}

/** Whether a value has been shown already. */
export function isHandle(value: unknown): boolean {
  return value instanceof Handle;
}

/** Gives cells `display`, `html`, `md`, `svg`, `latex`, `progress` and `clearOutput`. */
export function installDisplay(host: DisplayHost): void {
  /** Values that take a while to tell how they are shown must not take the place of later ones. */
  const latest = new Map<string, object>();
  const show = (value: unknown, id: string, isUpdate: boolean): void => {
    const bundle = represent(value, wantsColors());
    if (!(bundle instanceof Promise)) {
      latest.delete(id);
      host.show(bundle, id, isUpdate);
      return;
    }
    if (!isUpdate) host.show({ 'text/plain': '…' }, id, false);
    latest.set(id, bundle);
    void bundle.then((data) => {
      if (latest.get(id) !== bundle) return;
      latest.delete(id);
      host.show(data, id, true);
    });
  };
  const place = (value: unknown, { id = randomUUID() }: { readonly id?: string } = {}): DisplayHandle => {
    show(value, id, false);
    return new Handle(id, (next) => show(next, id, true));
  };
  const display: Display = Object.assign(place, { update: (id: string, value: unknown) => show(value, id, true) });
  const clearOutput: ClearOutput = ({ wait = false } = {}) => host.clear(wait);
  Object.assign(globalThis, { display, html, md, svg, latex, clearOutput, progress: createProgress(display) });
  hideNotesOfNode();
  // Node's grey cannot be seen on the dark ground of JupyterLab.
  inspect.styles.undefined = 'dim';
}
