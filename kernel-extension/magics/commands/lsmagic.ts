import { tablesToMimeBundle } from 'fleche/render';
import { addedMagics, type BuiltInMagic, type Magic } from '../registry.js';

/** The magic that lists all; it is handed the others, which it is one of. */
export function lsmagic(own: () => Iterable<BuiltInMagic>): BuiltInMagic {
  return {
    name: 'lsmagic',
    description: 'lists the magics',
    run({ display }) {
      const magics: readonly (Magic | BuiltInMagic)[] = [...own(), ...addedMagics()];
      const rows = magics.map((magic) => [{ text: formsOf(magic) }, { text: magic.description }]);
      const shell = [
        [{ text: '!command' }, { text: 'runs a command in the shell' }],
        [{ text: '!!command' }, { text: 'gives the lines that a command writes' }],
      ];
      display(
        tablesToMimeBundle([
          {
            caption: '%name? says more about each',
            columns: [
              { heading: 'magic', kind: 'text' },
              { heading: 'what it does', kind: 'text' },
            ],
            rows: [...rows, ...shell],
            omitted: 0,
          },
        ]),
      );
    },
  };
}

function formsOf({ name, placement = 'line' }: Magic | BuiltInMagic): string {
  if (placement === 'both') return `%${name}, %%${name}`;
  return placement === 'cell' ? `%%${name}` : `%${name}`;
}
