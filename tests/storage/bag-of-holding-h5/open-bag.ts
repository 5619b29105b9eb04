import { type H5Engine, loadEngine } from '../../../src/storage/bag-of-holding-h5/engine.js';
import { H5Reader } from '../../../src/storage/bag-of-holding-h5/h5-reader.js';
import { BagReading } from '../../../src/storage/bag-of-holding-h5/read-bag.js';

const engine: H5Engine = await loadEngine('the tests');

/** The part of a bag at a path. */
export function readPart(path: string, at: string): unknown {
  const noPart = (key: string): never => {
    throw new Error(`there is no entry ${key}`);
  };
  return H5Reader.open(engine, path, (reader) => new BagReading(reader, noPart).read(at));
}

/** What stands in a bag, as HDF5 sees it: the last part of each object's class, our marks, and shape of its elements. */
export function outline(path: string): Record<string, string> {
  return H5Reader.open(engine, path, (reader) => {
    const seen: Record<string, string> = {};
    const visit = (at: string): void => {
      const marks = reader.attributeNames(at);
      const text = (name: string): string => String(reader.attribute(at, name));
      const kind = marks.includes('fleche_kind') ? ` as ${text('fleche_kind')}` : '';
      const type = text('content_type').replace(/^.*\./, '');
      if (reader.kindOf(at) === 'group') {
        seen[at] = type + kind;
        for (const name of reader.names(at)) visit(`${at}/${name}`);
        return;
      }
      const { type: elements, size, signed, shape } = reader.describe(at);
      const letter = elements === 0 ? (signed ? 'i' : 'u') : elements === 1 ? 'f' : elements === 3 ? 'text ' : 'c';
      const shown = elements === 3 ? '' : ` ${letter}${size}${shape?.length ? ` ${shape.join('x')}` : ''}`;
      seen[at] = `${type}${kind}${shown}`;
    };
    visit('object');
    return seen;
  });
}
