import { BagContentError } from './bag-content-error.js';
import { elementsOver } from './elements.js';
import { type H5Metadata, typeClass } from './engine.js';
import type { BagReading } from './read-bag.js';

/**
 * Reads an object of a Python class. Python's fleche stores a nested list or dictionary as an object of its class
 * DigestedIterable or DigestedDict, with Digest objects in the place of larger parts, which are entries of their own:
 * these are put together again. NumPy's numbers become numbers. Instances of other classes have no kind in JavaScript.
 */
export function readPythonObject(reading: BagReading, path: string): unknown {
  const name = classOf(reading, path);
  switch (name) {
    case 'fleche.storage.destructuring.DigestedIterable':
    case 'fleche.storage.destructuring.DigestedDict':
      return reading.read(`${path}/state/items`);
    case 'fleche.digest.Digest':
      return reading.part(String(reading.read(`${path}/args/i1`)));
    default: {
      const number = name.startsWith('numpy.')
        ? readNumpyNumber(reading, path, name.slice('numpy.'.length))
        : undefined;
      if (number !== undefined) return number;
      throw new BagContentError(`${path} is an instance of Python's ${name}, which JavaScript has no kind for`);
    }
  }
}

function classOf(reading: BagReading, path: string): string {
  const names = reading.reader.attributeNames(path);
  const [module, qualname] = ['module', 'qualname'].map((name) =>
    names.includes(name) ? reading.textMark(path, name) : '?',
  );
  return `${module}.${qualname}`;
}

/** What `np.float64(1.5)` and its like hold: an array's one element, as bytes beside the name of its type. */
function readNumpyNumber(reading: BagReading, path: string, name: string): unknown {
  const [, kind, bits] = /^(u?int|float)(\d+)$/.exec(name) ?? (/^bool_?$/.test(name) ? ['', 'bool', '8'] : []);
  if (kind === undefined) return undefined;
  const bytes = reading.read(`${path}/args/i1`);
  const bigEndian = reading.read(`${path}/args/i0/state/i1`) === '>';
  const size = Number(bits) / 8;
  if (!(bytes instanceof Uint8Array) || bytes.length !== size) {
    throw new BagContentError(`${path} is not a number of ${bits} bits`);
  }
  if (bigEndian) bytes.reverse();
  if (kind === 'bool') return bytes[0] !== 0;
  const type = kind === 'float' ? typeClass.float : typeClass.integer;
  const metadata = { type, size, signed: kind === 'int' } as H5Metadata;
  const value = elementsOver(bytes, metadata, false)?.[0];
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}
