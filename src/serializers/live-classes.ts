/**
 * Which class of this process a stored class is.
 *
 * Each class is stored with two digests of its description. The first is of its code free of formatting, of what it
 * captures and does not itself assign, of what it extends, and of what was put on its prototype. The second is also of its
 * state: its static fields and the variables that it assigns. When a value is read,
 *
 * 1. the notebook's variable with the name of the class is asked for first, so that after a restart the cell's own class
 *    is found, once its cell has run again: it is the stored one if the first digest is the same;
 * 2. else a class is taken that was written or read by this process with the same second digest. So what was written comes
 *    back with the class that it had, and two values read have one class;
 * 3. else the class is made from its text. So after an edit, values keep the behaviour that they were saved with; and two
 *    classes that a function made with the same code and other static fields stay two.
 *
 * A class that is found keeps its state as it is now; the stored state is for a class that is made. Instances with
 * private fields can only be made by a class that was read (no other gives a way in), so for a value with such instances
 * only classes that were read before are taken. Classes are noted weakly.
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
  if (known.some((each) => each.deref() === Class)) return;
  noted.set(state, [...known, new WeakRef(Class)]);
  gone.register(Class, state);
}

/**
 * The classes of this process with these digests, the one to take first.
 *
 * @param name the name of the class.
 * @param identify the first digest of a class that was not noted.
 */
export function* classesLike(
  { identity, state = identity }: ClassIdentity,
  name: string,
  identify: (Class: Callable) => string | undefined,
): Generator<Callable> {
  const known = (noted.get(state) ?? []).flatMap((Class) => Class.deref() ?? []);
  const current = currentVariable(name);
  if (isCallable(current) && (known.includes(current) || identify(current) === identity)) yield current;
  for (const Class of known) if (Class !== current) yield Class;
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
