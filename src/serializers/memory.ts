/** The bytes of buffers and views: small ones inside the text, large ones beside it and not copied. */
import { viewParts } from '../internal/view-parts.js';

/** Every buffer and view of a value, as the text tells it. */
export interface MemoryTable {
  /** The pieces of memory: the bytes in base64, or the number of a buffer beside the text. */
  readonly segments: readonly (string | number)[];
  /** Type, number of the segment, byte offset in it, and length: of elements for typed arrays, else of bytes. */
  readonly views: readonly (readonly [type: string, segment: number, byteOffset: number, length: number])[];
}

/** Buffers up to this many bytes go into the text: a buffer beside it costs a read of its own. */
const inlineBytes = 256;

interface Region {
  readonly number: number;
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly length: number;
}

/** Collects memory while a value is written. */
export class MemoryWriter {
  readonly #shared = new Map<ArrayBufferLike, Region[]>();
  readonly #own: (readonly [ArrayBufferLike, Region])[] = [];
  #count = 0;

  /** Takes a buffer or view and returns its number. `own`: its bytes are not shared with other views of the buffer. */
  add(content: ArrayBuffer | ArrayBufferView, own?: 'own'): number {
    const number = this.#count;
    this.#count += 1;
    const [buffer, region] = regionOf(content, number);
    if (own) this.#own.push([buffer, region]);
    else {
      const regions = this.#shared.get(buffer);
      if (regions) regions.push(region);
      else this.#shared.set(buffer, [region]);
    }
    return number;
  }

  /** The table of everything that was taken, and the bytes that stand beside the text, as views of the memory itself. */
  finish(): { readonly table: MemoryTable; readonly buffers: readonly Uint8Array[] } {
    const segments: (string | number)[] = [];
    const buffers: Uint8Array[] = [];
    const views: (readonly [string, number, number, number])[] = new Array(this.#count);
    const place = (buffer: ArrayBufferLike, start: number, end: number, regions: readonly Region[]): void => {
      const bytes = new Uint8Array(buffer, start, end - start);
      segments.push(bytes.length <= inlineBytes ? Buffer.from(bytes).toString('base64') : buffers.push(bytes) - 1);
      for (const region of regions) {
        views[region.number] = [region.type, segments.length - 1, region.start - start, region.length];
      }
    };
    for (const [buffer, regions] of this.#shared) {
      for (const { start, end, members } of together(buffer, regions)) place(buffer, start, end, members);
    }
    for (const [buffer, region] of this.#own) place(buffer, region.start, region.end, [region]);
    return { table: { segments, views }, buffers };
  }
}

function regionOf(content: ArrayBuffer | ArrayBufferView, number: number): readonly [ArrayBufferLike, Region] {
  if (!ArrayBuffer.isView(content)) {
    const length = lengthOfBuffer.call(content);
    return [content, { number, type: 'ArrayBuffer', start: 0, end: length, length }];
  }
  const { type, buffer, byteOffset, byteLength, length } = viewParts(content);
  return [buffer, { number, type, start: byteOffset, end: byteOffset + byteLength, length }];
}

interface Group {
  readonly start: number;
  readonly end: number;
  readonly members: readonly Region[];
}

/** Which views of one buffer belong together, and which bytes they need. */
function together(buffer: ArrayBufferLike, regions: readonly Region[]): readonly Group[] {
  const [first] = regions;
  if (first === undefined) return [];
  if (regions.some((region) => region.type === 'ArrayBuffer')) {
    return [{ start: 0, end: buffer.byteLength, members: regions }];
  }
  // One view: only what it shows. Small Buffers lie in a pool next to data of others, which must not get out.
  if (regions.length === 1) return [{ start: first.start, end: first.end, members: regions }];
  if (regions.every((region) => region.type === 'Buffer')) return overlapping(regions);
  // From the first byte that any of them shows to the last, at a start where every type of element is aligned.
  const start = regions.reduce((least, region) => Math.min(least, region.start), first.start);
  const end = regions.reduce((most, region) => Math.max(most, region.end), 0);
  return [{ start: start - (start % 8), end, members: regions }];
}

function overlapping(regions: readonly Region[]): readonly Group[] {
  const groups: { start: number; end: number; members: Region[] }[] = [];
  for (const region of [...regions].sort((a, b) => a.start - b.start)) {
    const last = groups.at(-1);
    if (last === undefined || region.start >= last.end) {
      groups.push({ start: region.start, end: region.end, members: [region] });
    } else {
      last.end = Math.max(last.end, region.end);
      last.members.push(region);
    }
  }
  return groups;
}

const lengthOfBuffer = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength')?.get as (
  this: unknown,
) => number;

const viewTypes: ReadonlySet<string> = new Set([
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Float16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
]);

type ViewConstructor = new (buffer: ArrayBuffer, byteOffset: number, length: number) => ArrayBufferView;

/** Gives memory back while a value is read. */
export class MemoryReader {
  readonly #table: MemoryTable;
  readonly #buffers: readonly Uint8Array[];
  readonly #segments: (ArrayBuffer | undefined)[] = [];

  /** @param buffers what stood beside the text; those that are the whole of their memory are adopted, others copied. */
  constructor(table: MemoryTable, buffers: readonly Uint8Array[]) {
    this.#table = table;
    this.#buffers = buffers;
  }

  /** The buffer or view with the number that `add` returned for it. Views of one segment share their memory. */
  get(number: number): ArrayBuffer | ArrayBufferView {
    const view = this.#table.views[number];
    if (view === undefined) throw new RangeError(`there is no view ${number}`);
    const [type, segment, byteOffset, length] = view;
    const memory = this.#segment(segment);
    if (type === 'ArrayBuffer') return memory;
    if (type === 'Buffer') return Buffer.from(memory, byteOffset, length);
    const View = (globalThis as unknown as { readonly [name: string]: ViewConstructor | undefined })[type];
    if (!viewTypes.has(type) || View === undefined) throw new TypeError(`this version of Node has no ${type}`);
    return new View(memory, byteOffset, length);
  }

  #segment(number: number): ArrayBuffer {
    let memory = this.#segments[number];
    if (memory === undefined) {
      const segment = this.#table.segments[number];
      const bytes = typeof segment === 'string' ? Buffer.from(segment, 'base64') : this.#buffers[segment ?? -1];
      if (bytes === undefined) throw new RangeError(`there is no buffer for segment ${number}`);
      memory = adopted(bytes);
      this.#segments[number] = memory;
    }
    return memory;
  }
}

function adopted(bytes: Uint8Array): ArrayBuffer {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength) return buffer;
  return new Uint8Array(bytes).buffer;
}
