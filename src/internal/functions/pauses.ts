/**
 * Stops functions at their first statement, where their variables can be read and written, and ends them there: nothing of
 * their bodies runs. What V8 shows of scopes elsewhere are copies, in which one variable cannot be told from another.
 */
import { createRequire } from 'node:module';
import { anythings } from './anything.js';
import type { Callable } from './function-source.js';
import { InspectorUnavailable, inspectorSession, post } from './inspector.js';

/** Evaluates an expression where a function stands. `$fleche.given` in it is `given`. */
export type EvaluateThere = (expression: string, given?: unknown) => unknown;

/** Stops `fn` and calls `use` meanwhile. The parameters of `fn` must be without computed names. */
export type PauseIn = <T>(fn: Callable, use: (evaluate: EvaluateThere) => T) => T;

interface Paused {
  readonly callFrames: readonly { readonly callFrameId: string }[];
  readonly hitBreakpoints?: readonly string[];
}

const placeName = '$fleche';
const place: { fn: unknown; args: unknown; given: unknown; result: unknown } = {
  fn: undefined,
  args: anythings,
  given: undefined,
  result: undefined,
};

/**
 * Calls `work` with the means to stop functions.
 *
 * @throws InspectorUnavailable where that is impossible: without an inspector, or when somebody else may be debugging.
 */
export function withPauses<T>(work: (pauseIn: PauseIn) => T): T {
  const { url } = createRequire(import.meta.url)('node:inspector') as typeof import('node:inspector');
  // A pause would last until whoever listens there lets it go on.
  if (url() !== undefined)
    throw new InspectorUnavailable('the process runs with --inspect, so that nothing may be stopped');
  inspectorSession();
  const global = globalThis as { [name: string]: unknown };
  Object.defineProperty(global, placeName, { value: place, configurable: true, enumerable: false });
  post('Debugger.enable');
  try {
    // Where nothing is stopped, nobody else's code must be tried.
    pauseIn(
      () => undefined,
      () => undefined,
    );
    return work(pauseIn);
  } finally {
    post('Debugger.disable');
    post('Runtime.releaseObjectGroup', { objectGroup: placeName });
    delete global[placeName];
  }
}

const pauseIn: PauseIn = (fn, use) => {
  const inspector = inspectorSession();
  place.fn = fn;
  const { result } = post('Runtime.evaluate', {
    expression: `${placeName}.fn`,
    objectGroup: placeName,
    silent: true,
  }) as { result: { objectId: string } };
  const { breakpointId } = post('Debugger.setBreakpointOnFunctionCall', result) as { breakpointId: string };
  let outcome: { readonly value: ReturnType<typeof use> } | { readonly error: unknown } | undefined;
  const paused = ({ params }: { params: Paused }): void => {
    const [frame] = params.callFrames;
    if (frame === undefined || outcome !== undefined || params.hitBreakpoints?.includes(breakpointId) !== true) return;
    try {
      outcome = { value: use((expression, given) => evaluated(frame.callFrameId, expression, given)) };
    } catch (error) {
      outcome = { error };
    }
    // No answer comes before it has happened.
    inspector.post('Runtime.terminateExecution');
  };
  inspector.on('Debugger.paused', paused as never);
  try {
    // The body of a generator begins with the first `next`.
    const call = `${placeName}.fn(...${placeName}.args)`;
    post('Runtime.evaluate', { expression: isGenerator(fn) ? `${call}.next()` : call, silent: true });
  } catch (error) {
    // So it ends, being terminated.
    if (outcome === undefined) throw error;
  } finally {
    inspector.off('Debugger.paused', paused as never);
    post('Debugger.removeBreakpoint', { breakpointId });
    place.fn = undefined;
  }
  if (outcome === undefined) throw new InspectorUnavailable('the inspector does not stop functions');
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
};

function evaluated(callFrameId: string, expression: string, given: unknown): unknown {
  place.given = given;
  try {
    const text = `(() => { 'use strict'; ${placeName}.result = ${expression}; })()`;
    post('Debugger.evaluateOnCallFrame', { callFrameId, expression: text, silent: true });
    return place.result;
  } finally {
    place.given = place.result = undefined;
  }
}

const generators: ReadonlySet<unknown> = new Set(
  [function* () {}, async function* () {}].map((each) => Object.getPrototypeOf(each) as unknown),
);

function isGenerator(fn: Callable): boolean {
  return generators.has(Object.getPrototypeOf(fn));
}
