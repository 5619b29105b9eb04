import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { digest, isFlecheError } from '../../../src/index.js';
import { CallBagOfHoldingH5File, ValueBagOfHoldingH5File } from '../../../src/storage/index.js';
import { assertSame } from '../../../src/testing/index.js';

const root = mkdtempSync(join(tmpdir(), 'fleche-h5-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const key = digest('key');
const path = join(root, key);
const values = await ValueBagOfHoldingH5File.open({ root, fsync: false });

const sample = (): unknown => ({
  when: new Date(5),
  name: 'text that HDF5 does not check',
  list: [1, -0, 2n, null, true],
  image: new Float32Array([1, 2, 3]),
});

/** Whether the entry is told to be corrupt, or is what it was; anything else fails. */
function isTold(): boolean {
  try {
    assertSame(values.get(key), { value: sample() });
    return false;
  } catch (error) {
    if (!isFlecheError(error, 'CorruptEntry')) throw error;
    return error.key === key && error.location === path;
  }
}

function reason(): string {
  try {
    values.get(key);
    return 'nothing wrong';
  } catch (error) {
    return isFlecheError(error, 'CorruptEntry') ? error.reason : String(error);
  }
}

function fresh(): Buffer {
  values.put(key, sample());
  return readFileSync(path);
}

describe('a damaged file', () => {
  test('with any byte changed is told to be corrupt', () => {
    const whole = fresh();
    const silent: number[] = [];
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ (1 << (at % 8));
      writeFileSync(path, damaged);
      if (!isTold()) silent.push(at);
    }
    expect(silent).toEqual([]);
  });

  test('that ends anywhere too early, or goes on, is told to be corrupt', () => {
    const whole = fresh();
    const silent: number[] = [];
    for (let length = 0; length < whole.length; length += length < whole.length - 60 ? 37 : 1) {
      writeFileSync(path, whole.subarray(0, length));
      if (!isTold()) silent.push(length);
    }
    expect(silent).toEqual([]);
    writeFileSync(path, Buffer.concat([whole, Buffer.alloc(100)]));
    expect(reason()).toBe('its checksum is missing');
    writeFileSync(path, Buffer.concat([whole, whole]));
    expect(reason()).toMatch(/bytes are missing or were added|checksum/);
  });

  test('says what is wrong', () => {
    const whole = fresh();
    writeFileSync(path, '');
    expect(reason()).toBe('it is no HDF5 file');
    writeFileSync(path, 'text');
    expect(reason()).toBe('it is no HDF5 file');
    writeFileSync(path, whole.subarray(0, -1));
    expect(reason()).toBe('its checksum is missing');
    whole[300] = (whole[300] as number) + 1;
    writeFileSync(path, whole);
    expect(reason()).toBe('the checksum differs');
  });

  test('costs nothing later: the next put and get work, after thousands of failures too', () => {
    const bad = join(root, digest('bad'));
    copyFileSync(new URL('../../fixtures/python-bags/python-bag-nested.h5', import.meta.url), bad);
    writeFileSync(bad, readFileSync(bad).subarray(0, 5000));
    let told = 0;
    for (let i = 0; i < 3000; i += 1) {
      try {
        values.get(digest('bad'));
      } catch (error) {
        if (isFlecheError(error, 'CorruptEntry')) told += 1;
      }
    }
    expect(told).toBe(3000);
    fresh();
    expect(isTold()).toBe(false);
  });
});

describe('a file of Python, which has no checksum,', () => {
  test('with bytes changed is never taken for something it cannot be, and never stops the process', () => {
    const whole = readFileSync(new URL('../../fixtures/python-bags/python-bag-nested.h5', import.meta.url));
    for (let at = 0; at < whole.length; at += 89) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] as number) ^ 0xff;
      writeFileSync(path, damaged);
      try {
        values.get(key);
      } catch (error) {
        expect(isFlecheError(error, 'CorruptEntry'), String(error)).toBe(true);
      }
    }
    writeFileSync(path, whole);
    expect(reason()).toBe('nothing wrong');
  });
});

test('a file that holds something else than a call is no call', async () => {
  const calls = await CallBagOfHoldingH5File.open({ root, fsync: false });
  values.put(key, { name: 'add' });
  expect(() => calls.get(key)).toThrow(/is corrupt: the module of the call is no text/);
});

test('a directory in the place of an entry is an error, not a crash', () => {
  mkdirSync(join(root, digest('directory')));
  expect(() => values.get(digest('directory'))).toThrow();
  expect(values.contains(digest('directory'))).toBe(false);
});
