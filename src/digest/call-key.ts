/** The lookup key of a call. */
import { ByteSink } from './byte-sink.js';
import { Tag } from './tags.js';
import type { Digest } from './types.js';

/** What tells one call from another. */
export interface CallIdentity {
  readonly name: string;
  readonly module: string | null;
  readonly version: string | number | null;
  readonly codeDigest: Digest | null;
  /** The digests of the arguments by parameter name. */
  readonly arguments: Readonly<Record<string, Digest>>;
}

const sink = new ByteSink();

/**
 * The lookup key of a call: the digest of who is called and of the digests of the arguments, by name and in order. It
 * can be computed again from a record alone.
 */
export function digestOfCall(call: CallIdentity): Digest {
  const slot = slotOf(call);
  const known = recent[slot];
  if (known?.is(call)) return known.key;
  const key = computed(call);
  // Filled again, since objects that live for long cost the garbage collector more than the hash. An interrupt may end this
  // anywhere: the slot is empty until all of it is right.
  recent[slot] = undefined;
  const place = known ?? new RecentCall();
  place.keep(call, key);
  recent[slot] = place;
  return key;
}

function computed(call: CallIdentity): Digest {
  sink.reset();
  sink.tag(Tag.call);
  sink.string(call.name);
  optionalText(call.module);
  if (typeof call.version === 'number') sink.number(call.version);
  else optionalText(call.version);
  if (call.codeDigest === null) sink.tag(Tag.null);
  else sink.digestLeaf(call.codeDigest);
  for (const name in call.arguments) {
    sink.string(name);
    sink.digestLeaf(call.arguments[name] as Digest);
  }
  return sink.digest();
}

function optionalText(text: string | null): void {
  if (text === null) sink.tag(Tag.null);
  else sink.string(text);
}

/** A call whose key was computed not long ago: comparing texts costs a tenth of hashing them. */
class RecentCall {
  key: Digest = '' as Digest;
  #name = '';
  #module: string | null = null;
  #version: string | number | null = null;
  #codeDigest: Digest | null = null;
  readonly #parameters: string[] = [];
  readonly #digests: Digest[] = [];

  keep(call: CallIdentity, key: Digest): void {
    this.key = key;
    this.#name = call.name;
    this.#module = call.module;
    this.#version = call.version;
    this.#codeDigest = call.codeDigest;
    let at = 0;
    for (const name in call.arguments) {
      this.#parameters[at] = name;
      this.#digests[at] = call.arguments[name] as Digest;
      at += 1;
    }
    // Setting a length is slow, even to what it is.
    if (this.#parameters.length === at) return;
    this.#parameters.length = at;
    this.#digests.length = at;
  }

  is(call: CallIdentity): boolean {
    if (
      this.#name !== call.name ||
      this.#codeDigest !== call.codeDigest ||
      this.#module !== call.module ||
      !Object.is(this.#version, call.version)
    ) {
      return false;
    }
    let at = 0;
    for (const name in call.arguments) {
      if (this.#parameters[at] !== name || this.#digests[at] !== call.arguments[name]) return false;
      at += 1;
    }
    return at === this.#parameters.length;
  }
}

/** One call per slot; the one that comes last stays. */
const recent: (RecentCall | undefined)[] = new Array<RecentCall | undefined>(1 << 9).fill(undefined);

/** Digests are as good as random: a few of their characters tell them apart well enough. */
function slotOf({ codeDigest, arguments: digests }: CallIdentity): number {
  let mixed = codeDigest === null ? 0 : codeDigest.charCodeAt(0);
  for (const name in digests) {
    const digest = digests[name] as Digest;
    mixed = Math.imul(mixed, 31) + digest.charCodeAt(0);
    mixed = Math.imul(mixed, 31) + digest.charCodeAt(1);
    mixed = Math.imul(mixed, 31) + digest.charCodeAt(2);
  }
  return (mixed ^ (mixed >>> 9)) & (recent.length - 1);
}
