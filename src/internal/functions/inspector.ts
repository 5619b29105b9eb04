/** `node:inspector` on our own thread: it answers synchronously, and only what it is asked. */
import type { Session as InspectorSession } from 'node:inspector';
import { createRequire } from 'node:module';

/** Why there is nothing to be seen: `node:inspector` is missing or forbidden. */
export class InspectorUnavailable extends Error {
  override readonly name = 'InspectorUnavailable';
}

let session: InspectorSession | undefined;

/**
 * The session of this thread, opened when it is needed first.
 *
 * @throws InspectorUnavailable where Node runs without an inspector or with permissions that forbid it.
 */
export function inspectorSession(): InspectorSession {
  if (session === undefined) {
    try {
      const { Session } = createRequire(import.meta.url)('node:inspector') as typeof import('node:inspector');
      const opened = new Session();
      opened.connect();
      session = opened;
    } catch (cause) {
      throw new InspectorUnavailable(
        'what functions capture can only be seen through node:inspector, which this Node does not have or allow (with --permission, add --allow-inspector)',
        { cause },
      );
    }
  }
  return session;
}

/**
 * Asks the inspector for something.
 *
 * @throws InspectorUnavailable if it refuses, or if what it was asked to evaluate throws.
 */
export function post(method: string, params: object = {}): object {
  let answer: { error: Error | null; result: object } | undefined;
  (
    session as unknown as {
      post(method: string, params: object, callback: (error: Error | null, result: object) => void): void;
    }
  ).post(method, params, (error, result) => {
    answer = { error, result };
  });
  if (answer === undefined) throw new InspectorUnavailable('the inspector does not answer at once');
  if (answer.error) throw new InspectorUnavailable(`the inspector refuses ${method}`, { cause: answer.error });
  const { exceptionDetails } = answer.result as { exceptionDetails?: { text: string } };
  if (exceptionDetails) throw new InspectorUnavailable(`the inspector fails in ${method}: ${exceptionDetails.text}`);
  return answer.result;
}
