/**
 * Which class of this process a stored class is.
 *
 * Each class is stored with two digests of its description. The first is of its code free of formatting, of what it
 * captures and does not itself assign, of what it extends, and of what was put on its prototype. The second is also of its
 * state: its static fields and the variables that it assigns. When a value is read,
 *
 * 1. the notebook's variable with the name of the class is asked for first, so that after a restart the cell's own class
 *    is found, once its cell has run again: it is the stored one if the first digest is the same;
 * 2. else a class that was written or read under the same second digest, and still has that state, the latest first. So two
 *    values read have one class;
 * 3. else a class that was written under that digest, the latest first, whatever its state is by now: what one process
 *    writes and reads has the class that it had;
 * 4. else the class is made from its text. So after an edit, values keep the behaviour that they were saved with; two
 *    classes that a function made with the same code and other static fields stay two; and who changes the state of a class
 *    that was read changes nothing that is read later.
 *
 * A class that is found keeps its state as it is now; the stored state is for a class that is made. A class that shares a
 * variable with functions of the value is always made, for the variable is.
 *
 * Nobody but the constructor of a class can give an object private fields. So for a value with such instances only classes
 * are taken that were read before, since their text was changed so as to make instances without running anything else,
 * and classes whose constructors and initialisers are quiet (`internal/functions/quiet-classes.ts`). Classes are noted weakly.
 */
import { type Callable, isCallable } from '../internal/functions/function-source.js';
import { functionHost } from '../internal/functions/host.js';
import type { ClassIdentity } from './payload.js';

const noted = new Map<string, WeakRef<Callable>[]>();
const gone = new FinalizationRegistry<string>((digest) => {
  const left = (noted.get(digest) ?? []).filter((Class) => Class.deref() !== undefined);
  if (left.length > 0) noted.set(digest, left);
  else noted.delete(digest);
});

/** Notes a class of this process under the digests of its description. */
export function noteClass(Class: Callable, { identity, state = identity }: ClassIdentity): void {
  const known = noted.get(state) ?? [];
  const others = known.filter((each) => each.deref() !== Class);
  noted.set(state, [new WeakRef(Class), ...others]);
  if (others.length === known.length) gone.register(Class, state);
}

/**
 * The classes of this process with these digests, the one to take first.
 *
 * @param name the name of the class.
 * @param identify the digests of a class as it is now.
 * @param wasRead whether a class was made from a text.
 */
export function* classesLike(
  { identity, state = identity }: ClassIdentity,
  name: string,
  identify: (Class: Callable) => ClassIdentity | undefined,
  wasRead: (Class: Callable) => boolean,
): Generator<Callable> {
  const known = (noted.get(state) ?? []).flatMap((Class) => Class.deref() ?? []);
  const current = currentVariable(name);
  if (isCallable(current) && (known.includes(current) || identify(current)?.identity === identity)) yield current;
  for (const Class of known) {
    const now = Class === current ? undefined : identify(Class);
    if (now !== undefined && (now.state ?? now.identity) === state) yield Class;
  }
  for (const Class of known) if (Class !== current && !wasRead(Class)) yield Class;
}

function currentVariable(name: string): unknown {
  if (name === '') return undefined;
  try {
    return functionHost()?.current?.(name)?.value;
  } catch {
    // A variable that has no value yet.
    return undefined;
  }
}
