import { IndigestibleError } from '../errors.js';
import { type CodeDescription, describeFunction } from '../internal/functions/describe-function.js';
import type { Callable } from '../internal/functions/function-source.js';
import { packageVersion } from '../internal/functions/package-version.js';
import { type Reference, referenceTo } from '../internal/functions/references.js';
import { step } from '../internal/value-path.js';
import type { Digest } from './types.js';
import { Walker } from './walker.js';

/** A cached function counts as the function behind its cache. The cache marks it with this symbol. */
const wrapped = Symbol.for('fleche.wrappedFunction');

/** The functions whose digests are under way, outermost first: a function that captures itself, or that two capture. */
const underWay: Callable[] = [];

/**
 * The digest of a function: of its code and of what it captures, so that two closures over different values differ.
 * Formatting and comments do not count. Functions of the language, of Node and of packages count by their names and the
 * version of the package.
 *
 * @throws IndigestibleError if something that the function uses cannot be seen or has no digest.
 */
export function digestFunction(given: object, path: string): Digest {
  const fn = (wrapped in given ? given[wrapped] : given) as Callable;
  const above = underWay.lastIndexOf(fn);
  if (above >= 0) return parts(['recursion', underWay.length - above], path);
  underWay.push(fn);
  try {
    return describedDigest(fn, path);
  } finally {
    underWay.pop();
  }
}

function describedDigest(fn: Callable, path: string): Digest {
  const description = describeFunction(fn);
  switch (description.kind) {
    case 'reference':
      return parts(byName(description.reference), path);
    case 'native':
      throw new IndigestibleError({ path, what: 'a native function', hint: description.why });
    case 'bound': {
      const { target, boundThis, boundArguments } = description;
      return parts(['bound', target, named(boundThis), boundArguments.map(named)], path);
    }
    default:
      return parts(codeParts(fn, description, path), path);
  }
}

function codeParts(fn: Callable, description: CodeDescription, path: string): readonly unknown[] {
  const { kind, source, captures, base, unseen } = description;
  if (unseen !== undefined) {
    throw new IndigestibleError({ path, what: `a ${kind} that uses ${unseen}`, hint: 'pass it as an argument' });
  }
  const captured = [...captures].map(([name, { value }]) => [name, named(value)]);
  return [kind, source, captured, base === undefined ? [] : [named(base.value)], Object.entries(fn)];
}

/** What has a name stands for itself: a whole module that a function uses is not looked into. */
function named(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const reference = referenceTo(value);
  return reference === undefined ? value : byName(reference);
}

/** Code of a package counts by where it is found and by the version of the package. */
function byName(reference: Reference): readonly unknown[] {
  return ['reference', reference, reference.from === 'package' ? packageVersion(reference) : ''];
}

/** The digest of the parts of a function. Errors inside of them are told by the function's own path and theirs. */
function parts(values: readonly unknown[], path: string): Digest {
  try {
    return new Walker(digestFunction).digest(['function', ...values], '');
  } catch (error) {
    if (!(error instanceof IndigestibleError)) throw error;
    throw new IndigestibleError({ path: path + place(error.path, values), what: error.what, cause: error });
  }
}

/** `[3][1][1].x` inside the parts of a closure is `.x` of its second captured variable: `{captured factor}.x`. */
function place(inner: string, values: readonly unknown[]): string {
  const found = /^\[3\]\[(\d+)\]\[1\](.*)$/s.exec(inner);
  const captured =
    found === null ? undefined : (values[2] as readonly (readonly [string, unknown])[])[Number(found[1])];
  return captured === undefined ? '' : `${step(`captured variable ${captured[0]}`)}${found?.[2] ?? ''}`;
}
