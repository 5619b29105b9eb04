/**
 * What V8 shows only to debuggers: the variables that a function closes over, what a bound function is bound to, the
 * private fields of an object. Through `node:inspector` on our own thread, which answers synchronously and without stopping anything.
 */

import { InspectorUnavailable, inspectorSession, post } from './inspector.js';

export { InspectorUnavailable } from './inspector.js';

/** The variables that a function sees, from the innermost scope outwards; globals are left out. */
export type Scopes = readonly object[];

/** What a function is inside. */
export interface FunctionInside {
  readonly scopes: Scopes;
  /** V8's word for each of the scopes: `Closure (make)`, `Block`, `Module`, `Script`. */
  readonly kinds: readonly string[];
  /** V8's number of the script that holds the text of the function. */
  readonly script: string | undefined;
  readonly bound?: {
    readonly target: unknown;
    readonly boundThis: unknown;
    readonly boundArguments: readonly unknown[];
  };
}

interface RemoteObject {
  readonly objectId?: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
}
interface InternalProperty {
  readonly name: string;
  readonly value?: RemoteObject;
}

const stashName = '__flecheInspected__';
const group = 'fleche';

const stash: { subject: unknown; object: unknown } = { subject: undefined, object: undefined };

let lookCount = 0;

/** How often this process looked into something: it should be rare. */
export function looks(): number {
  return lookCount;
}

/**
 * Looks into a function.
 *
 * @throws InspectorUnavailable where Node runs without an inspector or with permissions that forbid it.
 */
export function lookInto(fn: object): FunctionInside {
  return inspected(fn, (objectId) => {
    const { internalProperties } = post('Runtime.getProperties', { objectId, ownProperties: true }) as {
      internalProperties?: readonly InternalProperty[];
    };
    const find = (name: string): RemoteObject | undefined =>
      internalProperties?.find((property) => property.name === name)?.value;
    const location = find('[[FunctionLocation]]')?.value as { scriptId?: string } | undefined;
    if (find('[[TargetFunction]]') !== undefined) {
      return {
        scopes: [],
        kinds: [],
        script: undefined,
        bound: {
          target: localOf(find('[[TargetFunction]]')),
          boundThis: localOf(find('[[BoundThis]]')),
          boundArguments: [...((localOf(find('[[BoundArgs]]')) as readonly unknown[] | undefined) ?? [])],
        },
      };
    }
    const entries = Array.from(
      (localOf(find('[[Scopes]]')) ?? []) as ArrayLike<{
        readonly description?: string;
        readonly type?: string;
        readonly object?: object;
      }>,
    );
    const seen = entries.flatMap(({ description = '', type, object }) =>
      description === 'Global' || type === 'global' || object === undefined ? [] : [{ description, object }],
    );
    return {
      scopes: seen.map(({ object }) => object),
      kinds: seen.map(({ description }) => description),
      script: location?.scriptId,
    };
  });
}

/**
 * The private fields of an object, each once per class that declares it, those of the innermost base class first.
 *
 * @throws InspectorUnavailable where Node runs without an inspector or with permissions that forbid it.
 */
export function privateFields(object: object): readonly { readonly name: string; readonly value: unknown }[] {
  return inspected(object, (objectId) => {
    const { privateProperties } = post('Runtime.getProperties', { objectId, ownProperties: true }) as {
      privateProperties?: readonly InternalProperty[];
    };
    return (privateProperties ?? []).flatMap(({ name, value }) => (value ? [{ name, value: localOf(value) }] : []));
  });
}

const scripts = new Map<string, string>();
const sources = new Map<string, string>();

/** The URL or path of the script with this number; empty for code that has none. */
export function scriptUrl(script: string): string {
  if (!scripts.has(script)) ask(script);
  return scripts.get(script) ?? '';
}

/** Asks for the URLs of all scripts and the text of this one. */
function ask(script: string): void {
  const inspector = inspectorSession();
  const note = ({ params }: { params: { scriptId: string; url: string } }): void => {
    scripts.set(params.scriptId, params.url);
  };
  // Being enabled, the debugger tells all scripts there are, and may stop the process from then on: only for a moment.
  inspector.on('Debugger.scriptParsed', note);
  try {
    post('Debugger.enable');
    try {
      const { scriptSource: source } = post('Debugger.getScriptSource', { scriptId: script }) as ScriptSource;
      sources.set(script, source);
    } catch (error) {
      // Nobody can do without the URL, but everybody without the text.
      if (!(error instanceof InspectorUnavailable)) throw error;
    } finally {
      post('Debugger.disable');
    }
  } finally {
    inspector.off('Debugger.scriptParsed', note);
  }
}

interface ScriptSource {
  readonly scriptSource: string;
}

/** The text of a script; empty if it has none. It is not kept, since whoever asks remembers what it says. */
export function scriptSource(script: string): string {
  if (!sources.has(script)) ask(script);
  const source = sources.get(script) ?? '';
  sources.delete(script);
  return source;
}

function inspected<T>(subject: object, look: (objectId: string) => T): T {
  inspectorSession();
  lookCount += 1;
  const place = globalThis as { [name: string]: unknown };
  Object.defineProperty(place, stashName, { value: stash, configurable: true, enumerable: false });
  stash.subject = subject;
  try {
    const { result } = post('Runtime.evaluate', {
      expression: `${stashName}.subject`,
      objectGroup: group,
      silent: true,
    }) as { result: RemoteObject };
    if (result.objectId === undefined) throw new InspectorUnavailable('the inspector does not show the function');
    return look(result.objectId);
  } finally {
    post('Runtime.releaseObjectGroup', { objectGroup: group });
    stash.subject = undefined;
    delete place[stashName];
  }
}

/** The value itself that the inspector speaks of. */
function localOf(remote: RemoteObject | undefined): unknown {
  if (remote === undefined) return undefined;
  if (remote.objectId === undefined) {
    const text = remote.unserializableValue;
    if (text === undefined) return remote.value;
    return text.endsWith('n') ? BigInt(text.slice(0, -1)) : Number(text);
  }
  post('Runtime.callFunctionOn', {
    objectId: remote.objectId,
    functionDeclaration: `function () { 'use strict'; ${stashName}.object = this; }`,
    silent: true,
  });
  const { object } = stash;
  stash.object = undefined;
  return object;
}
