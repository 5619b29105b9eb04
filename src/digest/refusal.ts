import { IndigestibleError } from '../errors.js';

/** Thrown inside a walk, where nobody knows yet at which path: the value at hand has no digest. */
export class Refusal extends Error {
  readonly what: string;
  readonly hint: string | undefined;

  constructor(what: string, hint?: string, options?: ErrorOptions) {
    super(what, options);
    this.what = what;
    this.hint = hint;
  }
}

const origins = new WeakMap<IndigestibleError, IndigestibleError>();

/** The same error at the path where the whole stands that it is in; its cause is the first of them. */
export function moved(error: IndigestibleError, path: string): IndigestibleError {
  const origin = origins.get(error) ?? error;
  const told = new IndigestibleError({ path, what: error.what, cause: origin });
  origins.set(told, origin);
  return told;
}
