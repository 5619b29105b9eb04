import type { Cache } from 'fleche';
import type { MagicHost } from '../types.js';

/** What a magic asks for: to choose the cache that is active, or to show something. */
export type Action =
  | {
      readonly kind: 'choose';
      /** How people call the cache: `pickle .cache`. */
      readonly name: string;
      open(host: MagicHost): Promise<Cache>;
    }
  | {
      readonly kind: 'show';
      run(host: MagicHost): Promise<void> | void;
    };

/** Takes the action that the words of a line mean. */
export type Report = (action: Action) => void;
