import type { Json, Metadata } from '../calls/record.js';
import { warnOnce } from '../internal/warn.js';

/** The fields of one namespace of a call's metadata. */
export type MetadataFields = Readonly<Record<string, Json>>;

/** A call whose body is about to run, as metadata providers see it. */
export interface MeasuredCall {
  readonly name: string;
  readonly module: string | null;
  readonly version: string | number | null;
}

/**
 * Adds a namespace to the metadata of calls. Metadata never enters a key.
 *
 * A provider that throws, or that gives what JSON cannot hold, costs its own fields and a warning, never the result.
 */
export interface MetadataProvider {
  /** Where its fields stand in a record: `{ runtime: { walltime: 0.4 } }`. Later providers of one namespace add to it. */
  readonly namespace: string;
  /**
   * Called right before the body. Gives the fields; or a function that is called when the body, or the promise that it
   * gave, is done, and that gives them.
   */
  start(call: MeasuredCall): MetadataFields | (() => MetadataFields);
}

/** Starts to measure a call with `providers`. What it returns ends the measurement and gives all fields by namespace. */
export function measureCall(providers: readonly MetadataProvider[], call: MeasuredCall): () => Metadata {
  const started = providers.map((provider) => ({
    provider,
    fields: attempt(provider, call, () => provider.start(call)),
  }));
  return () => {
    const metadata: Record<string, MetadataFields> = {};
    // In the opposite order, so that the first one measures the same stretch at both ends.
    for (const { provider, fields } of started.reverse()) {
      const ended = attempt(provider, call, () => asJson(typeof fields === 'function' ? fields() : fields, provider));
      if (ended !== undefined) metadata[provider.namespace] = { ...ended, ...metadata[provider.namespace] };
    }
    return metadata;
  };
}

function attempt<T>(provider: MetadataProvider, call: MeasuredCall, body: () => T): T | undefined {
  try {
    return body();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    warnOnce(
      `the record of ${call.name} lacks its ${provider.namespace} metadata: ${reason}`,
      `metadata ${provider.namespace} of ${call.name}`,
    );
    return undefined;
  }
}

function asJson(fields: MetadataFields | undefined, { namespace }: MetadataProvider): MetadataFields | undefined {
  const problem = fields === undefined ? undefined : notJson(fields, namespace);
  if (problem !== undefined) throw new TypeError(`${problem} is not JSON`);
  return fields;
}

/** The path of the first part that JSON cannot hold, `undefined` when there is none. */
function notJson(value: unknown, path: string): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path;
  if (typeof value !== 'object') return path;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return path;
  for (const [key, part] of Object.entries(value)) {
    const problem = notJson(part, `${path}.${key}`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
