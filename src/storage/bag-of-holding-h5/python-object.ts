import { BagContentError } from './bag-content-error.js';
import type { BagReading } from './read-bag.js';

/**
 * Reads an object of a Python class. Python's fleche stores a nested list or dictionary as an object of its class
 * DigestedIterable or DigestedDict, with Digest objects in the place of larger parts, which are entries of their own:
 * these are put together again. Instances of other classes have no kind in JavaScript.
 */
export function readPythonObject(reading: BagReading, path: string): unknown {
  const name = classOf(reading, path);
  switch (name) {
    case 'fleche.storage.destructuring.DigestedIterable':
    case 'fleche.storage.destructuring.DigestedDict':
      return reading.read(`${path}/state/items`);
    case 'fleche.digest.Digest':
      return reading.part(String(reading.read(`${path}/args/i1`)));
    default:
      throw new BagContentError(`${path} is an instance of Python's ${name}, which JavaScript has no kind for`);
  }
}

function classOf(reading: BagReading, path: string): string {
  const names = reading.reader.attributeNames(path);
  const [module, qualname] = ['module', 'qualname'].map((name) =>
    names.includes(name) ? reading.textMark(path, name) : '?',
  );
  return `${module}.${qualname}`;
}
