import { expect, it } from 'vitest';
import { emptyFolder, removeFolder, runCells, shown } from './run-cells.js';

const opened = `import { digest } from 'fleche'; import { ValuePickleFile } from 'fleche/storage';
const values = ValuePickleFile.withCloudpickle({ root: 'values' }), key = digest('a dog');`;
const animal = 'class Animal { legs = 4; count() { return this.legs * factor; } }';
const dog = 'class Dog extends Animal { constructor(readonly name: string) { super(); } }';

async function results(folder: string, ...sources: readonly string[]): Promise<readonly string[]> {
  const { cells } = await runCells(sources, { folder });
  return cells.flatMap(shown);
}

it('an instance that was stored is one of the class of the cell, after a restart too', async () => {
  const folder = emptyFolder();
  try {
    const stored = 'values.put(key, new Dog("Rex")); (values.get(key)!.value as Dog) instanceof Dog';
    expect(await results(folder, opened, 'const factor = 2;', animal, dog, stored)).toEqual(['true']);
    const loaded =
      'const back = values.get(key)!.value as Dog; [back instanceof Dog, back instanceof Animal, back.count(), back.constructor === values.get(key)!.value.constructor]';
    expect(await results(folder, opened, 'const factor = 2;', animal, dog, loaded)).toEqual([
      '[ true, true, 8, true ]',
    ]);
    // Another base class, another variable: what was stored keeps its behaviour.
    expect(await results(folder, opened, 'const factor = 3;', animal, dog, loaded)).toEqual([
      '[ false, false, 8, true ]',
    ]);
  } finally {
    removeFolder(folder);
  }
}, 300_000);
