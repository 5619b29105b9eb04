/** What of a function's code is part of the keys of its calls. */
import { noticeOf } from '../digest/blind-spots.js';
import { hashText } from '../digest/hash-text.js';
import type { Digest } from '../digest/index.js';
import { sourceText } from '../digest/source-text.js';
import { IndigestibleError, isFlecheError } from '../errors.js';
import { describeNative } from '../internal/functions/describe-function.js';
import type { Callable } from '../internal/functions/function-source.js';
import { warnOnce } from '../internal/warn.js';
import { type BlindSpot, Closure } from './closure.js';

/** What of the code counts: text and captures, the text alone, or nothing. */
export type HashCode = 'closure' | 'source' | false;

/**
 * Gives what digests the code of `fn` as it is at that moment; `null` where code does not count. `label` names the function
 * to the user. Nothing is looked at before the first digest: what a function captures may not exist when it is decorated.
 */
export function codeDigester(fn: Callable, hashCode: HashCode, label: string): () => Digest | null {
  if (hashCode === false) return () => null;
  const source = sourceText(fn);
  const sourceDigest = source === undefined ? null : hashText('source', source);
  if (hashCode === 'source') return () => sourceDigest;
  if (source === undefined && describeNative(fn).kind === 'native') return () => null;
  const closure = new Closure(fn);
  let constant: Digest | undefined;
  let isTold = false;
  return () => {
    if (constant !== undefined) return constant;
    const digest = digestOf(closure, label);
    if (!isTold && closure.blindSpots.length > 0) {
      isTold = true;
      warnOnce(notice(label, fn, closure.blindSpots), `blind spots of ${label} ${source}`);
    }
    if (closure.isConstant) constant = (closure.isTextAlone && sourceDigest) || digest;
    return constant ?? digest;
  };
}

/** Whatever goes wrong costs the hit, not the call. */
function digestOf(closure: Closure, label: string): Digest {
  try {
    return closure.digest();
  } catch (cause) {
    if (isFlecheError(cause)) throw cause;
    throw new IndigestibleError({ path: '', what: `the code of ${label} with what it captures`, cause });
  }
}

function notice(label: string, fn: Callable, spots: readonly BlindSpot[]): string {
  const advice = "pass what matters as an argument, or say hashCode: 'source' if nothing of it does";
  return noticeOf(
    label,
    spots.map((spot) => described(spot, fn)),
    advice,
  );
}

function described({ fn: by, place, what }: BlindSpot, fn: Callable): string {
  const where = by === fn ? '' : ` in ${by.name || 'a function'}, which it calls`;
  return place === ''
    ? `${what}${where}, which nobody can see`
    : `the variable ${place}${where}, which counts by its name and type alone (${what} has no digest)`;
}
