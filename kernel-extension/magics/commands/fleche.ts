import { ConfigurationError, cache } from 'fleche';
import { storageForms } from 'fleche/config';
import { describeStorage } from 'fleche/render';
import type { BuiltInContext, BuiltInMagic } from '../registry.js';
import { choiceOf, choices, storageKinds } from './choose.js';
import { look, looks } from './look.js';
import { nameOf, rememberName } from './names.js';

export const fleche: BuiltInMagic = {
  name: 'fleche',
  description:
    'chooses the cache of the notebook, or of one cell, and shows what it holds; alone it says what is active',
  placement: 'both',
  commands: [...choices, ...looks],
  options: [
    {
      flags: '--values <kind:root>',
      description: `one of ${storageForms('values')}`,
      required: true,
      suggestions: storageKinds('values'),
    },
    {
      flags: '--calls <kind:root>',
      description: `one of ${storageForms('calls')}`,
      required: true,
      suggestions: storageKinds('calls'),
    },
    { flags: '--compress', description: 'as gzip files, where the storages are files' },
  ],
  details: `To mix storages: %fleche --values KIND:ROOT --calls KIND:ROOT [--compress]
  for values: ${storageForms('values')}
  for calls: ${storageForms('calls')}`,
  run: (context) => (context.isCell ? runForCell(context) : runForNotebook(context)),
};

async function runForNotebook(context: BuiltInContext): Promise<void> {
  const choice = choiceOf(context);
  if (choice === undefined) {
    look(context);
    return;
  }
  const chosen = await choice.open();
  cache(chosen);
  rememberName(chosen, choice.name);
  const { values, calls } = chosen;
  context.write(
    'stdout',
    `cache: ${nameOf(chosen)}\n  values: ${describeStorage(values)}\n  calls: ${describeStorage(calls)}\n`,
  );
}

/**
 * With another cache for this cell, across its awaits. Everybody else keeps the cache they had, and so does the next
 * cell, also when the body throws.
 */
async function runForCell(context: BuiltInContext): Promise<void> {
  const choice = choiceOf(context);
  if (choice === undefined) {
    const line = `fleche ${context.command}`.trim();
    throw new ConfigurationError(
      `%%${line}: %%fleche chooses a cache for its cell, as in %%fleche memory; to look, use a line: %${line}`,
    );
  }
  const chosen = await choice.open();
  rememberName(chosen, choice.name);
  await cache(chosen, context.runCell);
}
