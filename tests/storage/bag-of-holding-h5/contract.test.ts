import { describe, test } from 'vitest';
import {
  CallBagOfHoldingH5File,
  ValueBagOfHoldingH5File,
} from '../../../src/storage/bag-of-holding-h5/bag-of-holding-h5-file.js';
import { callStorageContract, valueStorageContract } from '../../../src/testing/index.js';

describe('ValueBagOfHoldingH5File', () => {
  valueStorageContract({ test, open: (directory) => ValueBagOfHoldingH5File.open({ root: `${directory}/values` }) });
});

describe('ValueBagOfHoldingH5File with compression', () => {
  const open = (directory: string): Promise<ValueBagOfHoldingH5File> =>
    ValueBagOfHoldingH5File.open({ root: directory, compression: 4, fsync: false });
  valueStorageContract({ test, open });
});

describe('CallBagOfHoldingH5File', () => {
  callStorageContract({ test, open: (directory) => CallBagOfHoldingH5File.open({ root: `${directory}/calls` }) });
});
