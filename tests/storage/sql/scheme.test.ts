import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { digest, digestScheme } from '../../../src/digest/index.js';
import { Sql } from '../../../src/storage/sql/sql.js';
import { withDirectory } from '../../../src/testing/with-directory.js';

/** Where SQLite's header keeps the number that applications may use. */
const userVersion = 60;
const numberIn = (file: string): number => readFileSync(file).readUInt32BE(userVersion);
const call = {
  name: 'f',
  module: null,
  version: null,
  codeDigest: null,
  arguments: { a: digest(1) },
  result: digest(2),
  metadata: {},
};

test('a database says which digest scheme wrote it; one of another scheme can be read, and a notice says so', () =>
  withDirectory(async (directory) => {
    const file = join(directory, 'calls.db');
    const open = (): Promise<Sql> => Sql.open({ url: file });
    const first = await open();
    first.put(digest('python'), { ...call, scheme: 'python' });
    expect(numberIn(file)).toBe(0);
    first.put(digest('ours'), { ...call, scheme: digestScheme });
    expect(`fleche-${numberIn(file)}`).toBe(digestScheme);
    first.close();

    const descriptor = openSync(file, 'r+');
    writeSync(descriptor, Buffer.from([0, 0, 0, 77]), 0, 4, userVersion);
    closeSync(descriptor);
    const warnings: string[] = [];
    const listen = (warning: Error): void => void warnings.push(warning.message);
    process.on('warning', listen);
    const later = await open();
    expect(later.get(digest('ours'))?.value.scheme).toBe(digestScheme);
    later.put(digest('more'), { ...call, scheme: digestScheme });
    later.close();
    expect(numberIn(file)).toBe(77);
    await new Promise(setImmediate);
    process.off('warning', listen);
    expect(warnings).toEqual([expect.stringMatching(/was written with the digest scheme fleche-77.*fleche-1/)]);
  }));
