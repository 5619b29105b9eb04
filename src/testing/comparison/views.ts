import { step } from '../../internal/value-path.js';

/** Two views or buffers that were found in the same place. */
export interface ViewPair {
  readonly left: ArrayBufferView | ArrayBuffer;
  readonly right: ArrayBufferView | ArrayBuffer;
  readonly path: string;
}

/** The bytes that a view or buffer shows. */
export function bytesOf(content: ArrayBufferView | ArrayBuffer): Uint8Array {
  // A buffer that was handed over takes no views any more.
  if (content.byteLength === 0) return new Uint8Array(0);
  if (!ArrayBuffer.isView(content)) return new Uint8Array(content);
  return new Uint8Array(content.buffer, content.byteOffset, content.byteLength);
}

/** Where two equally long runs of bytes differ first. */
export function differentByte(left: Uint8Array, right: Uint8Array): string | undefined {
  if (left.length !== right.length) return `${left.length} bytes instead of ${right.length}`;
  if (Buffer.compare(left, right) === 0) return undefined;
  return `another byte at ${step(left.findIndex((byte, at) => byte !== right[at]))}`;
}

/**
 * How the views of one side share memory where those of the other side do not: views share when they lie on one buffer, and
 * then at the same distance from each other. Small Buffers are windows onto a pool of Node's: they share only where they
 * overlap.
 */
export function differentSharing(pairs: readonly ViewPair[]): string | undefined {
  return sharedOnce(pairs) ?? sharedOnce(pairs.map(({ left, right, path }) => ({ left: right, right: left, path })));
}

function sharedOnce(pairs: readonly ViewPair[]): string | undefined {
  const groups = new Map<ArrayBufferLike, ViewPair[]>();
  for (const pair of pairs) {
    const buffer = bufferOf(pair.left);
    const group = groups.get(buffer);
    if (group === undefined) groups.set(buffer, [pair]);
    else group.push(pair);
  }
  for (const group of groups.values()) {
    const isPool = group.every(({ left }) => Buffer.isBuffer(left));
    group.sort((a, b) => startOf(a.left) - startOf(b.left));
    let before = group[0] as ViewPair;
    for (const pair of group.slice(1)) {
      const isShared = !isPool || startOf(pair.left) < endOf(before.left);
      if (isShared && !(bufferOf(pair.right) === bufferOf(before.right) && distance(pair) === distance(before))) {
        return `${pair.path}: its memory is shared with ${before.path} on one side only`;
      }
      if (endOf(pair.left) >= endOf(before.left)) before = pair;
    }
  }
  return undefined;
}

function bufferOf(content: ArrayBufferView | ArrayBuffer): ArrayBufferLike {
  return ArrayBuffer.isView(content) ? content.buffer : content;
}
function startOf(content: ArrayBufferView | ArrayBuffer): number {
  return ArrayBuffer.isView(content) ? content.byteOffset : 0;
}
function endOf(content: ArrayBufferView | ArrayBuffer): number {
  return startOf(content) + content.byteLength;
}
function distance({ left, right }: ViewPair): number {
  return startOf(right) - startOf(left);
}
