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
