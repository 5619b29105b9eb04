import type { CallRecord } from '../../calls/record.js';

/**
 * A record as plain data that nothing is special about: a record out of memory is frozen, which is more than `pickle`
 * holds and nothing that belongs to the call.
 */
export function plainRecord(record: CallRecord): CallRecord {
  const { name, module, version, codeDigest, result, scheme } = record;
  return {
    name,
    module,
    version,
    codeDigest,
    arguments: { ...record.arguments },
    result,
    metadata: plain(record.metadata) as CallRecord['metadata'],
    scheme,
  };
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  // What is no JSON is left for the serializer to take or to refuse.
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]));
}
