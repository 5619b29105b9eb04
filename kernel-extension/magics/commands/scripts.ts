import { CommandError } from '../command-error.js';
import type { BuiltInMagic } from '../registry.js';

/** A magic whose cell is a script for a shell. */
function script(name: 'bash' | 'sh'): BuiltInMagic {
  return {
    name,
    description: `runs the cell as a script of ${name}`,
    placement: 'cell',
    body: 'text',
    arguments: [
      { name: 'flags', description: `what ${name} gets before the script, such as -eux`, kind: 'text', optional: true },
    ],
    options: [{ flags: '--allow-errors', description: 'let the cell go on if the script fails' }],
    details:
      'The cell fails if the script does. Nothing in the script is replaced: environment variables bring values in, and await $`…` brings them out.',
    async run({ arguments: { flags = '' }, options, body = '', write, host }) {
      const code = await host.shell(body, {
        shell: name,
        shellArguments: flags.split(/\s+/).filter((flag) => flag !== ''),
      });
      if (code === 0) return;
      if (options.allowErrors === undefined) throw new CommandError(`%%${name}`, { exitCode: code });
      write('stderr', `%%${name}: exit code ${code}\n`);
    },
  };
}

export const bash: BuiltInMagic = script('bash');
export const sh: BuiltInMagic = script('sh');
