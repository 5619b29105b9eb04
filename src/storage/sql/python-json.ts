import { randomUUID } from 'node:crypto';
import { SerializationError } from '../../errors.js';
import { step } from '../../internal/value-path.js';

/**
 * `value` as JSON in the text that Python's `json.dumps` makes: `{"a": [1, 2.5]}`, ASCII only, and `NaN`, `Infinity`,
 * `-Infinity` and `-0.0` for the numbers that JSON itself cannot say.
 *
 * @param path Where the value stands, for errors.
 * @throws SerializationError if it is not made of what JSON has.
 */
export function toPythonJson(value: unknown, path: string, inside: readonly object[] = []): string {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      return Object.is(value, -0) ? '-0.0' : String(value);
    case 'string':
      return quote(value);
    case 'object':
      return containerToJson(value, path, inside);
    default:
      throw refused(typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`, path);
  }
}

function containerToJson(value: object, path: string, inside: readonly object[]): string {
  if (inside.includes(value)) throw refused('a cycle', path);
  const deeper = [...inside, value];
  if (Array.isArray(value)) {
    const items = Array.from(value, (item, index) => toPythonJson(item, path + step(index), deeper));
    return `[${items.join(', ')}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype as object) !== null) {
    throw refused(`a ${value.constructor?.name || 'class instance'}`, path);
  }
  const entries = Object.entries(value).map(
    ([key, item]) => `${quote(key)}: ${toPythonJson(item, path + step(key), deeper)}`,
  );
  return `{${entries.join(', ')}}`;
}

/**
 * Reads what Python's `json` wrote.
 *
 * @throws SyntaxError if it is not that.
 */
export function fromPythonJson(text: string): unknown {
  if (!/NaN|Infinity/.test(text)) return JSON.parse(text);
  // A number too large for a double is Infinity to JSON.parse. For NaN it has no such number, so a text stands in for it.
  const nan = randomUUID();
  const standard = text.replace(/"(?:[^"\\]|\\.)*"|NaN|Infinity/g, (token) => {
    if (token === 'NaN') return `"${nan}"`;
    return token === 'Infinity' ? '1e999' : token;
  });
  return JSON.parse(standard, (_key, value: unknown) => (value === nan ? Number.NaN : value));
}

/** `JSON.stringify` escapes quotes, control characters and lone surrogates; Python escapes all that is not ASCII. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function refused(what: string, path: string): SerializationError {
  return new SerializationError({ path, what, serializer: 'Sql', hint: 'metadata is made of what JSON has' });
}
