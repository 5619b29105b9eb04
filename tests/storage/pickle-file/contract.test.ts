import { describe, test } from 'vitest';
import { CallPickleFile, ValuePickleFile } from '../../../src/storage/pickle-file/pickle-file.js';
import { callStorageContract, valueStorageContract } from '../../../src/testing/index.js';

for (const serializer of ['pickle', 'cloudpickle', 'dill']) {
  // What a file is called and how it is compressed has nothing to do with what is in it: once is enough.
  const others = serializer === 'pickle' ? [{ compress: true }, { compress: true, shard: 2 } as const] : [];
  for (const options of [{}, ...others]) {
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
