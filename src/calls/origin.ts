import { describeFunction } from '../internal/functions/describe-function.js';
import type { Callable } from '../internal/functions/function-source.js';
import { packageVersion } from '../internal/functions/package-version.js';

/** Where a function that a package exports comes from. */
export interface Origin {
  /** The file that exports it: `lodash/chunk.js`. */
  readonly module: string;
  /** The version in the package.json of the package. */
  readonly version: string | undefined;
}

/** The package that exports `fn`; `undefined` for the user's own functions, which may move. */
export function packageOrigin(fn: Callable): Origin | undefined {
  const description = describeFunction(fn);
  if (description.kind !== 'reference' || description.reference.from !== 'package') return undefined;
  const { reference } = description;
  return { module: `${reference.package}/${reference.file}`, version: packageVersion(reference) || undefined };
}
