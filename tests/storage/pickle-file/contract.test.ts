import { describe, test } from 'vitest';
import { CallPickleFile, ValuePickleFile } from '../../../src/storage/pickle-file/pickle-file.js';
import { callStorageContract, valueStorageContract } from '../../../src/testing/index.js';

for (const serializer of ['pickle', 'cloudpickle', 'dill']) {
  for (const options of [{}, { compress: true }, { shard: 2 } as const, { compress: true, shard: 2 } as const]) {
    const title = `${serializer} ${JSON.stringify(options)}`;
    describe(`values by ${title}`, () =>
      valueStorageContract({
        test,
        open: (root) => ValuePickleFile.withSerializer(serializer, { root, fsync: false, ...options }),
      }));
    describe(`calls by ${title}`, () =>
      callStorageContract({
        test,
        open: (root) => CallPickleFile.withSerializer(serializer, { root, fsync: false, ...options }),
      }));
  }
}
