import type { BuiltInMagic } from '../registry.js';

export const pwd: BuiltInMagic = {
  name: 'pwd',
  description: 'gives the current folder',
  run: () => process.cwd(),
};
