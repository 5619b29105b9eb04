/** Which functions share a variable that one of them assigns: what V8 shows of their scopes are copies, all alike. */
import type { AnyNode } from 'acorn';
import { capturesOf } from './captures.js';
import { freeVariables } from './free-variables.js';
import { type Callable, isCallable, parsedFunction } from './function-source.js';
import { InspectorUnavailable } from './inspector.js';
import { type EvaluateThere, type PauseIn, withPauses } from './pauses.js';
import { computesNames } from './quiet-classes.js';

/** A function and the box that its host keeps the variable in, if it does; see `Capture`. */
export interface User {
  readonly fn: Callable;
  readonly box: object | undefined;
}

/**
 * Parts functions that capture a variable called `name` into those that share one. For a moment the variables get other
 * values, while nothing else runs.
 *
 * @throws InspectorUnavailable if that cannot be told.
 */
export function sharersOf(name: string, users: readonly User[]): readonly (readonly Callable[])[] {
  const groups = new Map<unknown, Callable[]>();
  const put = (mark: unknown, fn: Callable): void => {
    groups.set(mark, [...(groups.get(mark) ?? []), fn]);
  };
  if (users.every(({ box }) => box !== undefined)) {
    for (const { fn, box } of users) put(box, fn);
    return [...groups.values()];
  }
  return withPauses((pauseIn) => {
    const marked: { readonly probe: Callable; readonly value: unknown }[] = [];
    const left: User[] = [];
    try {
      // What is in a box shows what becomes of the variable, but cannot be reached from where the function stands.
      const probes = users.map(({ fn, box }) => ({ fn, box, probe: box ? undefined : probeOf(fn, name) }));
      for (const { fn, box, probe } of probes.toSorted((a, b) => Number(!a.probe) - Number(!b.probe))) {
        const now = currentValue(fn, name);
        if (groups.has(now)) put(now, fn);
        else if (probe === undefined) left.push({ fn, box });
        else {
          const mark = {};
          marked.push({ probe, value: exchanged(pauseIn, probe, name, mark) });
          // A method may have come from another class.
          if (currentValue(fn, name) !== mark) throw new InspectorUnavailable('its variable is out of reach');
          put(mark, fn);
        }
      }
      if (left.length > 1 && left.some(({ box }) => box === undefined)) {
        throw new InspectorUnavailable('none of them can be stopped where the variable is');
      }
      for (const { fn, box } of left) put(box, fn);
      return [...groups.values()];
    } finally {
      for (const { probe, value } of marked) exchanged(pauseIn, probe, name, value);
    }
  });
}

function exchanged(pauseIn: PauseIn, probe: Callable, name: string, value: unknown): unknown {
  return pauseIn(probe, (evaluate: EvaluateThere) => {
    const old = evaluate(name);
    evaluate(`${name} = $fleche.given`, value);
    return old;
  });
}

function currentValue(fn: Callable, name: string): unknown {
  const parsed = parsedFunction(fn);
  return parsed?.node === undefined ? undefined : capturesOf(fn, parsed, true).captures.get(name)?.value;
}

/** A function that can be stopped where the variable is: `fn`, or a method of the class that it is. */
export function probeOf(fn: Callable, name: string): Callable | undefined {
  const parsed = parsedFunction(fn);
  const probes = parsed?.node?.type === 'ClassExpression' ? methodsOf(fn) : canBeStopped(parsed) ? [fn] : [];
  for (const probe of probes) {
    const text = parsedFunction(probe);
    if (text?.node !== undefined && freeVariables(text).variables.has(name)) return probe;
  }
  return undefined;
}

/** The methods of a class that stand in its text and can be stopped. */
export function* methodsOf(Class: Callable): Generator<Callable> {
  const { prototype } = Class as unknown as { readonly prototype: object };
  const text = parsedFunction(Class)?.text ?? '';
  for (const holder of [Class, prototype]) {
    for (const { value, get, set } of Object.values(Object.getOwnPropertyDescriptors(holder))) {
      for (const method of [value as unknown, get, set]) {
        if (!isCallable(method) || method === Class) continue;
        const parsed = parsedFunction(method);
        if (parsed !== undefined && text.includes(parsed.text) && canBeStopped(parsed)) yield method;
      }
    }
  }
}

function canBeStopped(parsed: ReturnType<typeof parsedFunction>): boolean {
  if (parsed?.node === undefined || parsed.node.type === 'ClassExpression') return false;
  const code = 'value' in parsed.node ? (parsed.node.value as AnyNode) : parsed.node;
  return 'params' in code && !code.params.some(computesNames);
}
