import type { NdElements } from '../../internal/nd-array.js';
import type { Flat } from '../../serializers/graph.js';
import { elementTypeOf } from './elements.js';
import type { H5Writer } from './h5-writer.js';
import { longestText } from './limits.js';
import { bagRoot, bagVersion, content, kind, mark, pythonMark } from './names.js';
import { type ArrayPlan, areMemberNames, type DictionaryPlan, type GraphPlan, type Plan } from './plan.js';

/** Writes planned values as bagofholding's H5Bag writes its own, so that `H5Bag(path).load()` reads them. */
export function writeBag(writer: H5Writer, plan: Plan, flat: ReadonlyMap<Plan, Flat>): void {
  // The attributes that name bagofholding's class and version are left out: its check of them is skipped then, and the
  // file stays readable for later versions.
  writer.integersAttribute('/', mark.bag, bagVersion);
  new BagWriting(writer, flat).write(bagRoot, plan);
}

/** What stands on an object: its class of bagofholding, and what it is in JavaScript where that differs. */
interface Label {
  readonly type: string;
  readonly kind?: string | undefined;
}

class BagWriting {
  readonly #writer: H5Writer;
  readonly #flat: ReadonlyMap<Plan, Flat>;
  /** Where each object was written that can be referred to. */
  readonly #paths = new Map<unknown, string>();

  constructor(writer: H5Writer, flat: ReadonlyMap<Plan, Flat>) {
    this.#writer = writer;
    this.#flat = flat;
  }

  write(path: string, plan: Plan): void {
    // Only what is an object is ever referred to.
    if ('value' in plan && plan.kind !== 'reference') this.#paths.set(plan.value, path);
    this.#label(path, this.#write(path, plan));
  }

  #label(path: string, label: Label): void {
    this.#writer.textAttribute(path, 'content_type', label.type);
    if (label.kind !== undefined) this.#writer.textAttribute(path, mark.kind, label.kind);
  }

  #write(path: string, plan: Plan): Label {
    switch (plan.kind) {
      case 'none':
        // bagofholding writes a dataset without elements by nature and never reads it; h5wasm cannot write one.
        this.#writer.array(path, new Uint8Array(0), { kind: 'float', size: 4 }, [0]);
        return { type: content.none };
      case 'boolean':
        return this.#scalar(path, new Int8Array([plan.value ? 1 : 0]), content.bool);
      case 'integer':
        return { ...this.#integer(path, plan.value), kind: plan.bigint ? kind.bigint : undefined };
      case 'float':
        return this.#scalar(path, new Float64Array([plan.value]), content.float);
      case 'text':
        return this.#text(path, plan.value);
      case 'bytes':
        this.#writer.array(path, plan.value, byte, [plan.value.length]);
        return { type: content.bytes, kind: kind.buffer };
      case 'array':
        return this.#array(path, plan);
      case 'list':
        return this.#items(path, plan.items, content.list);
      case 'dictionary':
        return this.#dictionary(path, plan);
      case 'graph':
        return this.#graph(path, plan);
      case 'reference':
        this.#writer.text(path, this.#paths.get(plan.value) as string);
        return { type: content.reference };
    }
  }

  #scalar(path: string, elements: NdElements, type: string): Label {
    this.#writer.array(path, bytesOf(elements), elementTypeOf(elements, false), []);
    return { type };
  }

  #integer(path: string, value: bigint): Label {
    if (value === BigInt.asIntN(64, value)) return this.#scalar(path, new BigInt64Array([value]), content.long);
    if (value === BigInt.asUintN(64, value)) return this.#scalar(path, new BigUint64Array([value]), content.long);
    this.#writer.text(path, String(value));
    this.#writer.integersAttribute(path, pythonMark.bigint, 1);
    return { type: content.long };
  }

  #text(path: string, text: string): Label {
    if (text.length <= longestText && !text.includes('\0') && isWellFormed(text)) this.#writer.text(path, text);
    else {
      const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
      this.#writer.array(path, bytes, byte, [bytes.length]);
      this.#writer.integersAttribute(path, pythonMark.utf16, 1);
    }
    return { type: content.str };
  }

  #array(path: string, plan: ArrayPlan): Label {
    const { dtype, shape } = plan;
    const elements = plan.elements();
    const complex = dtype?.startsWith('complex') === true;
    this.#writer.array(path, bytesOf(elements), elementTypeOf(elements, complex), shape);
    this.#writer.textAttribute(path, 'qualname', 'ndarray');
    this.#writer.textAttribute(path, 'module', 'numpy');
    if (dtype !== undefined) this.#writer.textAttribute(path, mark.dtype, dtype);
    if (elements instanceof Uint8ClampedArray) {
      this.#writer.textAttribute(path, mark.elements, 'Uint8ClampedArray');
    }
    return { type: content.array, kind: plan.mark };
  }

  #items(path: string, items: readonly Plan[], type: string): Label {
    this.#writer.group(path);
    for (const [index, item] of items.entries()) this.write(`${path}/i${index}`, item);
    return { type };
  }

  #dictionary(path: string, { keys, items }: DictionaryPlan): Label {
    this.#writer.group(path);
    if (!areMemberNames(keys)) {
      const texts = keys.map((key): Plan => ({ kind: 'text', value: key }));
      this.#label(`${path}/keys`, this.#items(`${path}/keys`, texts, content.tuple));
      this.#label(`${path}/values`, this.#items(`${path}/values`, items, content.tuple));
      return { type: content.dict };
    }
    for (const [index, key] of keys.entries()) this.write(`${path}/${key}`, items[index] as Plan);
    const sorted = [...keys].sort();
    if (keys.some((key, index) => key !== sorted[index])) {
      const ranks = new Map(sorted.map((key, index) => [key, index]));
      const order = keys.map((key) => ranks.get(key) as number);
      this.#writer.integersAttribute(path, mark.order, order);
    }
    return { type: content.strKeyDict };
  }

  /** A list that Python reads as a text and arrays of bytes. */
  #graph(path: string, plan: GraphPlan): Label {
    const { text, buffers } = this.#flat.get(plan) as Flat;
    const parts = buffers.map(
      (buffer): Plan => ({
        kind: 'array',
        value: buffer,
        parts: [],
        mark: 'typed-array',
        shape: [buffer.length],
        elements: () => buffer,
      }),
    );
    return { ...this.#items(path, [{ kind: 'text', value: text }, ...parts], content.list), kind: kind.graph };
  }
}

const byte = { kind: 'integer', size: 1, signed: false } as const;

function bytesOf({ buffer, byteOffset, byteLength }: NdElements): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Whether `text` has no lone surrogates. `String.prototype.isWellFormed` is ES2024. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}
