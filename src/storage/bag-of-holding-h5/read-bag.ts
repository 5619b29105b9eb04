import { buildNdArray, type NdElements, type NdLibrary } from '../../internal/nd-array.js';
import { restore } from '../../serializers/graph.js';
import { BagContentError } from './bag-content-error.js';
import { elementsOver, numpyDtype } from './elements.js';
import { type H5Metadata, typeClass } from './engine.js';
import type { H5Reader } from './h5-reader.js';
import { bagRoot, content, kind, mark, pythonMark } from './names.js';
import { readPythonObject } from './python-object.js';

/**
 * Reads a bag: ours comes back as what it was. Of a bag that Python wrote, `int` comes back as a number, or as a bigint
 * where a number would not be exact; `bytes` and `bytearray` as Uint8Array, `tuple` as a list, `complex` as
 * `{ re, im }`, `set` and `frozenset` as Set, a `dict` whose keys are not all texts as Map, and arrays as those of numpy-ts.
 *
 * @param part Loads the value under another key, for values that Python's fleche has split.
 * @throws BagContentError, H5Failure
 */
export function readBag(reader: H5Reader, part: (key: string) => unknown): unknown {
  return new BagReading(reader, part).read(bagRoot);
}

export class BagReading {
  readonly reader: H5Reader;
  readonly #part: (key: string) => unknown;
  readonly #known = new Map<string, unknown>();
  readonly #underWay = new Set<string>();

  constructor(reader: H5Reader, part: (key: string) => unknown) {
    this.reader = reader;
    this.#part = part;
  }

  /** The value at `path`, the same one each time. */
  read(path: string): unknown {
    if (this.#known.has(path)) return this.#known.get(path);
    // A bag of ours has no circles (a graph holds them), and Python makes them only of objects with a class.
    if (this.#underWay.has(path)) throw new BagContentError(`${path} refers to itself`);
    this.#underWay.add(path);
    const value = this.#make(path);
    this.#underWay.delete(path);
    this.#known.set(path, value);
    return value;
  }

  /** The value under another key. */
  part(key: string): unknown {
    return this.#part(key);
  }

  #make(path: string): unknown {
    const found = this.reader.kindOf(path);
    if (found === undefined) throw new BagContentError(`there is no ${path}`);
    const marks = this.reader.attributeNames(path);
    if (!marks.includes('content_type')) throw new BagContentError(`${path} has no content_type`);
    const type = this.textMark(path, 'content_type');
    const marked = marks.includes(mark.kind) ? this.textMark(path, mark.kind) : undefined;
    return found === 'group' ? this.#group(path, type, marked, marks) : this.#dataset(path, type, marked, marks);
  }

  textMark(path: string, name: string): string {
    const value = this.reader.attribute(path, name);
    if (typeof value !== 'string') throw new BagContentError(`the attribute ${name} of ${path} is not a text`);
    return value;
  }

  #group(path: string, type: string, marked: string | undefined, marks: readonly string[]): unknown {
    switch (type) {
      case content.list:
        if (marked === kind.graph) return this.#graph(path);
        this.#unmarked(path, marked);
        return this.items(path);
      case content.tuple:
        return this.items(path);
      case content.set:
      case content.frozenSet:
        return new Set(this.items(path));
      case content.strKeyDict:
        return this.#named(path, marks.includes(mark.order));
      case content.dict:
        return this.#pairs(path);
      case content.reducible:
        return readPythonObject(this, path);
      default:
        throw new BagContentError(`${path} is a ${type}, which JavaScript has no kind for`);
    }
  }

  #dataset(path: string, type: string, marked: string | undefined, marks: readonly string[]): unknown {
    const metadata = this.reader.describe(path);
    switch (type) {
      case content.none:
        return null;
      case content.bool:
        return this.reader.bytes(path, metadata).some((byte) => byte !== 0);
      case content.long:
        return this.#integer(path, metadata, marked, marks.includes(pythonMark.bigint));
      case content.float:
        return Number(this.#only(path, metadata));
      case content.complex: {
        const [re, im] = this.#elements(path, metadata) as Float64Array;
        return { re, im };
      }
      case content.str:
        return this.#text(path, metadata, marks.includes(pythonMark.utf16));
      case content.bytes:
      case content.bytearray: {
        // Python writes empty bytes as an empty text.
        const bytes = metadata.type === typeClass.string ? new Uint8Array(0) : this.reader.bytes(path, metadata);
        return marked === kind.buffer ? Buffer.from(bytes.buffer) : bytes;
      }
      case content.reference:
        return this.read(this.reader.text(path, metadata));
      case content.array:
        return this.#array(path, metadata, marked, marks);
      case content.global:
        throw new BagContentError(`${path} is Python's ${this.reader.text(path, metadata)}`);
      default:
        throw new BagContentError(`${path} is a ${type}, which JavaScript has no kind for`);
    }
  }

  items(path: string): unknown[] {
    const { length } = this.reader.names(path);
    return Array.from({ length }, (_, index) => this.read(`${path}/i${index}`));
  }

  #named(path: string, ordered: boolean): unknown {
    const names = this.reader.names(path).sort();
    if (!ordered) return fromEntries(names.map((name) => [name, this.read(`${path}/${name}`)]));
    const bytes = this.reader.attribute(path, mark.order);
    if (typeof bytes === 'string' || bytes.byteLength !== names.length * 2) {
      throw new BagContentError(`the order of ${path} is not that of its members`);
    }
    const ranks = [...new Uint16Array(bytes.buffer)];
    if (new Set(ranks).size !== names.length || ranks.some((rank) => rank >= names.length)) {
      throw new BagContentError(`the order of ${path} is not that of its members`);
    }
    return fromEntries(
      ranks.map((rank) => {
        const name = names[rank] as string;
        return [name, this.read(`${path}/${name}`)];
      }),
    );
  }

  #pairs(path: string): unknown {
    const keys = this.read(`${path}/keys`);
    const values = this.read(`${path}/values`);
    if (!Array.isArray(keys) || !Array.isArray(values) || keys.length !== values.length) {
      throw new BagContentError(`${path} has not one value for each key`);
    }
    const entries = keys.map((key, index): [unknown, unknown] => [key, values[index]]);
    if (entries.every((entry): entry is [string, unknown] => typeof entry[0] === 'string')) return fromEntries(entries);
    return new Map(entries);
  }

  #graph(path: string): unknown {
    const [text, ...buffers] = this.items(path);
    if (typeof text !== 'string' || !buffers.every((buffer) => buffer instanceof Uint8Array)) {
      throw new BagContentError(`${path} is not a text and its buffers`);
    }
    return restore({ text, buffers: buffers as Uint8Array[] }, 'pickle');
  }

  #integer(path: string, metadata: H5Metadata, marked: string | undefined, asText: boolean): number | bigint {
    const value = asText ? parseInteger(path, this.reader.text(path, metadata)) : this.#only(path, metadata);
    if (marked === kind.bigint) return BigInt(value);
    this.#unmarked(path, marked);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : BigInt(value);
  }

  #text(path: string, metadata: H5Metadata, utf16: boolean): string {
    if (!utf16) return this.reader.text(path, metadata);
    const bytes = Buffer.from(this.reader.bytes(path, metadata).buffer);
    if (bytes.length < 2 || bytes.length % 2 !== 0) throw new BagContentError(`${path} is not a text in UTF-16`);
    if (bytes[0] === 0xfe && bytes[1] === 0xff) bytes.swap16();
    return bytes.toString('utf16le', 2);
  }

  #array(path: string, metadata: H5Metadata, marked: string | undefined, marks: readonly string[]): unknown {
    const { shape } = metadata;
    const elements = this.#elements(path, metadata, marks.includes(mark.elements));
    if (shape === null) throw new BagContentError(`${path} has no shape`);
    switch (marked) {
      case undefined:
        return buildNdArray({ library: 'numpy-ts', dtype: numpyDtype(metadata) as string, shape, elements });
      case 'numpy-ts':
      case 'ndarray':
      case '@stdlib/ndarray':
        return buildNdArray({
          library: marked satisfies NdLibrary,
          dtype: this.textMark(path, mark.dtype),
          shape,
          elements,
        });
      case 'typed-array':
        return elements;
      case 'record':
        return { data: elements, shape: [...shape] };
      case 'list':
        return Array.from(elements as ArrayLike<number | bigint>, Number);
      default:
        return this.#unmarked(path, marked);
    }
  }

  #elements(path: string, metadata: H5Metadata, clamped = false): NdElements {
    const elements = elementsOver(this.reader.bytes(path, metadata), metadata, clamped);
    if (elements !== undefined) return elements;
    throw new BagContentError(`${path} has elements of a type that JavaScript has no array for`);
  }

  #only(path: string, metadata: H5Metadata): number | bigint {
    const elements = this.#elements(path, metadata);
    if (elements.length !== 1) throw new BagContentError(`${path} is not a single number`);
    return elements[0] as number | bigint;
  }

  #unmarked(path: string, marked: string | undefined): void {
    if (marked === undefined) return;
    throw new BagContentError(`${path} is a ${marked}, which this version of fleche does not know`);
  }
}

function parseInteger(path: string, text: string): bigint {
  if (!/^-?\d+$/.test(text)) throw new BagContentError(`${path} is not an integer`);
  return BigInt(text);
}

/** Like `Object.fromEntries`: every key becomes a property of its own, `__proto__` too. */
function fromEntries(entries: Iterable<readonly [string, unknown]>): object {
  return Object.fromEntries(entries);
}
