import { ConfigurationError } from 'fleche';
import type { BuiltInMagic } from '../registry.js';

/** As IPython does: what is likely a secret must not get into a notebook file by a look at all the others. */
const secret = /key|token|secret|passw|credential/i;

export const env: BuiltInMagic = {
  name: 'env',
  description: 'shows the environment, gives one variable of it, or sets it',
  arguments: [{ name: 'variable', description: 'NAME, or NAME=VALUE to set it', kind: 'text', optional: true }],
  details:
    'Commands and packages see what is set. What has key, token, secret or password in its name is shown when asked for by name only.',
  run({ arguments: { variable }, write }) {
    if (variable === undefined) {
      const all = Object.entries(process.env).sort(([a], [b]) => (a < b ? -1 : 1));
      return Object.fromEntries(all.map(([name, value]) => [name, secret.test(name) ? '<hidden>' : value]));
    }
    const [, name = '', value] = /^([^\s=]+)(?:\s*=\s*|\s+|$)(.*)$/s.exec(variable) ?? [];
    if (name === '') throw new ConfigurationError(`%env ${variable}: write NAME, or NAME=VALUE`);
    if (value === undefined || (value === '' && !variable.includes('='))) {
      const found = process.env[name];
      if (found === undefined) throw new ConfigurationError(`%env ${name}: there is no such variable`);
      return found;
    }
    process.env[name] = value;
    write('stdout', `env: ${name}=${secret.test(name) ? '<hidden>' : value}\n`);
    return undefined;
  },
};
