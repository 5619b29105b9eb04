/** The public names of each entry point. A name that appears here is a promise: adding and removing one is a decision. */
import { expect, it } from 'vitest';

it('fleche', async () => {
  expect(Object.keys(await import('fleche')).sort()).toMatchInlineSnapshot(`
    [
      "AmbiguousDigestError",
      "Cache",
      "ConfigurationError",
      "CorruptEntryError",
      "D",
      "DigestReference",
      "EngineMissingError",
      "FlecheError",
      "IndigestibleError",
      "RejectedError",
      "SerializationError",
      "StorageLockedError",
      "UnknownDigestError",
      "cache",
      "digest",
      "digestScheme",
      "environment",
      "fleche",
      "git",
      "helpersOf",
      "isCache",
      "isDigest",
      "isFlecheError",
      "meta",
      "project",
      "registerClass",
      "tags",
    ]
  `);
});

it('fleche/storage', async () => {
  expect(Object.keys(await import('fleche/storage')).sort()).toMatchInlineSnapshot(`
    [
      "CallBagOfHoldingH5File",
      "CallMemory",
      "CallPickleFile",
      "CallVoid",
      "Sql",
      "ValueBagOfHoldingH5File",
      "ValueMemory",
      "ValuePickleFile",
      "ValueVoid",
      "registerSerializer",
    ]
  `);
});

it('fleche/testing', async () => {
  expect(Object.keys(await import('fleche/testing')).sort()).toMatchInlineSnapshot(`
    [
      "assertSame",
      "callStorageContract",
      "ndArrays",
      "valueStorageContract",
      "values",
    ]
  `);
});

it('fleche/config', async () => {
  expect(Object.keys(await import('fleche/config')).sort()).toMatchInlineSnapshot(`
    [
      "besideEachOther",
      "cacheFrom",
      "parseStorage",
      "sqlWithValues",
      "storageForms",
    ]
  `);
});

it('fleche/render', async () => {
  expect(Object.keys(await import('fleche/render')).sort()).toMatchInlineSnapshot(`
    [
      "callEntriesTable",
      "callsTable",
      "counted",
      "describeStorage",
      "escapeHtml",
      "humanSize",
      "previewValue",
      "tableToHtml",
      "tableToText",
      "tablesToMimeBundle",
      "valuesTable",
    ]
  `);
});

it('fleche/magics', async () => {
  expect(Object.keys(await import('fleche/magics')).sort()).toMatchInlineSnapshot(`
    [
      "registerMagic",
    ]
  `);
});
