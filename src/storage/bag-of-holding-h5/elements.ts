import type { NdElements } from '../../internal/nd-array.js';
import { type H5Metadata, typeClass } from './engine.js';
import type { ElementType } from './h5-writer.js';

/** The type under which elements are stored. */
export function elementTypeOf(elements: NdElements, complex: boolean): ElementType {
  const size = elements.BYTES_PER_ELEMENT;
  if (complex) return { kind: 'complex', size: size * 2 };
  if (elements instanceof Float64Array || elements instanceof Float32Array) return { kind: 'float', size };
  return { kind: 'integer', size, signed: signed.has(elements[Symbol.toStringTag]) };
}

const signed: ReadonlySet<string> = new Set(['Int8Array', 'Int16Array', 'Int32Array', 'BigInt64Array']);

/** Elements over `bytes`, which become theirs; complex numbers as pairs. `undefined` for types that JavaScript lacks. */
export function elementsOver(bytes: Uint8Array, metadata: H5Metadata, clamped: boolean): NdElements | undefined {
  const buffer = bytes.buffer as ArrayBuffer;
  switch (metadata.type) {
    case typeClass.float:
      if (metadata.size === 8) return new Float64Array(buffer);
      if (metadata.size === 2) return widened(new Uint16Array(buffer));
      return metadata.size === 4 ? new Float32Array(buffer) : undefined;
    case typeClass.integer:
      return integers(buffer, metadata, clamped);
    case typeClass.enumeration:
      return isBoolean(metadata) ? new Uint8Array(buffer) : undefined;
    case typeClass.compound:
      if (!isComplex(metadata)) return undefined;
      return metadata.size === 16 ? new Float64Array(buffer) : new Float32Array(buffer);
    default:
      return undefined;
  }
}

function integers(buffer: ArrayBuffer, { size, signed }: H5Metadata, clamped: boolean): NdElements | undefined {
  switch (size) {
    case 1:
      if (clamped) return new Uint8ClampedArray(buffer);
      return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
    case 2:
      return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
    case 4:
      return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
    case 8:
      return signed ? new BigInt64Array(buffer) : new BigUint64Array(buffer);
    default:
      return undefined;
  }
}

/** Numbers of 16 bits, for which JavaScript has an array only from Node 24 on: numpy-ts takes them from one of 32 bits. */
function widened(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (half) => {
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    const sign = half & 0x8000 ? -1 : 1;
    if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
  });
}

/** NumPy's name for the type of a dataset, `undefined` for types that JavaScript lacks. */
export function numpyDtype(metadata: H5Metadata): string | undefined {
  const bits = metadata.size * 8;
  switch (metadata.type) {
    case typeClass.float:
      return bits === 16 || bits === 32 || bits === 64 ? `float${bits}` : undefined;
    case typeClass.integer:
      return `${metadata.signed ? '' : 'u'}int${bits}`;
    case typeClass.enumeration:
      return isBoolean(metadata) ? 'bool' : undefined;
    case typeClass.compound:
      return isComplex(metadata) ? `complex${bits}` : undefined;
    default:
      return undefined;
  }
}

/** h5py stores booleans as an enumeration of one byte, FALSE and TRUE. */
function isBoolean(metadata: H5Metadata): boolean {
  return metadata.size === 1;
}

/** h5py stores complex numbers as a compound of `r` and `i`, one right after the other. */
function isComplex({ size, compound_type }: H5Metadata): boolean {
  const members = compound_type?.members ?? [];
  const [real, imaginary] = members;
  if (members.length !== 2 || real?.name !== 'r' || imaginary?.name !== 'i') return false;
  const half = size / 2;
  return (
    (half === 4 || half === 8) &&
    [real, imaginary].every(
      (part, i) => part.type === typeClass.float && part.size === half && part.offset === i * half,
    )
  );
}
