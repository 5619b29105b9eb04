/**
 * One of two processes that share a directory and nothing else. `write` puts random values of a seed through every serializer
 * and every persistent value storage; `read` gets them back, makes the same values from the seed, and prints what differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Digest, digest } from '../../src/digest/index.js';
import type { Serializer } from '../../src/serializers/index.js';
import { cloudpickle, dill, pickle } from '../../src/serializers/index.js';
import { ValueBagOfHoldingH5File, ValuePickleFile, type ValueStorage } from '../../src/storage/index.js';

/** Values that are written in one go: into one file of each serializer, and in handfuls into each storage. */
const batch = 500;
const handful = 20;

const [, , role = '', directory = '', kind = '', seed = '', count = ''] = process.argv;
const holds = { data: 0, code: 1, everything: 2 } as const;
const needed = holds[kind as keyof typeof holds];
const serializers = [pickle, cloudpickle, dill].filter((each) => holds[each.holds] >= needed);
const pickleFile = (name: string, compress: boolean): ValueStorage =>
  ValuePickleFile.withSerializer(name, {
    root: join(directory, `${name}-${compress}`),
    fsync: false,
    shard: 2,
    compress,
  });
const storages: readonly ValueStorage[] = [
  ...serializers.map(({ name }) => pickleFile(name, false)),
  ...serializers.map(({ name }) => pickleFile(name, true)),
  ...(needed === 0 ? [await ValueBagOfHoldingH5File.open({ root: join(directory, 'bags'), fsync: false })] : []),
];

/** The values of one batch: the same in every process. */
async function valuesOf(number: number, size: number): Promise<readonly unknown[]> {
  const [{ default: fc }, { anyCode, anyData, anything }] = await Promise.all([
    import('fast-check'),
    import('./arbitrary.js'),
  ]);
  const arbitrary = { data: anyData, code: anyCode, everything: anything }[kind as keyof typeof holds];
  return fc.sample(arbitrary, { seed: Number(seed) + number, numRuns: size });
}

const batches = Array.from({ length: Math.ceil(Number(count) / batch) }, (_, at) => ({
  at,
  size: Math.min(batch, Number(count) - at * batch),
}));

function packPath(serializer: Serializer, number: number): string {
  return join(directory, `${serializer.name}-${number}.pack`);
}

function keyOf(number: number, at: number): Digest {
  return digest(`two processes ${number} ${at}`);
}

/** The digest, or why there is none: for code of which no process can say that it is the same. */
function digestOf(value: unknown): string {
  try {
    return digest(value);
  } catch (error) {
    return `no digest: ${(error as Error).message}`;
  }
}

function write(values: readonly unknown[], number: number): void {
  writeFileSync(join(directory, `digests-${number}.json`), JSON.stringify(values.map(digestOf)));
  for (const serializer of serializers) {
    const pieces = values.flatMap((value) => {
      const bytes = Buffer.concat(serializer.dump(value));
      const length = Buffer.alloc(4);
      length.writeUInt32LE(bytes.length);
      return [length, bytes];
    });
    writeFileSync(packPath(serializer, number), Buffer.concat(pieces));
  }
  for (const storage of storages) {
    for (let at = 0; at < values.length; at += handful) storage.put(keyOf(number, at), values.slice(at, at + handful));
  }
}

/** What every way gave back, by its name. */
function* read(number: number, size: number): Generator<readonly [way: string, values: readonly unknown[]]> {
  for (const serializer of serializers) {
    const pack = readFileSync(packPath(serializer, number));
    const found: unknown[] = [];
    for (let at = 0; at < pack.length; ) {
      const bytes = pack.subarray(at + 4, at + 4 + pack.readUInt32LE(at));
      at += 4 + bytes.length;
      found.push(
        serializer.load({
          location: 'pack',
          sizeBytes: bytes.length,
          read: (target, position) => target.set(bytes.subarray(position, position + target.length)),
        }),
      );
    }
    yield [serializer.name, found];
  }
  for (const storage of storages) {
    const found: unknown[] = [];
    for (let at = 0; at < size; at += handful)
      found.push(...((storage.get(keyOf(number, at))?.value as unknown[]) ?? []));
    yield [storage.location.slice(directory.length + 1), found];
  }
}

if (role === 'write') {
  for (const { at, size } of batches) write(await valuesOf(at, size), at);
} else {
  const differences: string[] = [];
  let compared = 0;
  // Code is read before this process has any of it; data does not know the difference.
  const early = needed > 0 ? batches.map(({ at, size }) => [...read(at, size)]) : [];
  const { Comparison } = await import('../../src/testing/comparison/comparison.js');
  for (const { at, size } of batches) {
    const expected = await valuesOf(at, size);
    const digests = JSON.parse(readFileSync(join(directory, `digests-${at}.json`), 'utf8')) as string[];
    for (const [way, found] of early[at] ?? read(at, size)) {
      if (found.length !== size) differences.push(`${way}: ${found.length} values instead of ${size}`);
      for (const [index, value] of found.entries()) {
        compared += 1;
        const difference = new Comparison().difference(value, expected[index]);
        if (difference !== undefined) differences.push(`${way}, value ${at * batch + index}: ${difference}`);
        const other = digestOf(value);
        if (other !== digests[index])
          differences.push(`${way}, value ${at * batch + index}: digest ${other} for ${digests[index]}`);
      }
    }
  }
  process.stdout.write(
    JSON.stringify({
      ways: serializers.length + storages.length,
      compared,
      found: differences.length,
      differences: differences.slice(0, 40),
    }),
  );
}
for (const storage of storages) storage.close?.();
