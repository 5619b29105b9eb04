import { expect, it } from 'vitest';
import { runCells, shown } from './run-cells.js';

it('never loads the TypeScript of tslab, and the stock one only when tslab asks for it', async () => {
  const { cells } = await runCells([
    "import Module from 'node:module'; const cache: Record<string, any> = (Module as any)._cache; const loaded = (name: string) => Object.keys(cache).find((file) => file.includes(name));",
    "[loaded('/tslab/dist/executor.js') !== undefined, loaded('/node_modules/typescript/lib/')]",
    "const fork = cache[loaded('/typescript-for-tslab/')!]; fork.exports.version",
    "import { versions } from 'tslab'; versions.typescript",
  ]);
  expect(cells.map(shown)).toEqual([[], ['[ true, undefined ]'], ["'6.0.3'"], ["'6.0.3'"]]);
});
