/** What the records of calls say besides, for a stretch of code: who ran them, for which project. */
import type { MetadataFields, MetadataProvider } from '../metadata/provider.js';
import { type OpenScope, openScope, runInScope, type Scope } from './active.js';

/** A switch of the active metadata. Ignore it and the switch stays; with `using` it ends with the block. */
export interface MetadataSwitch {
  /** Makes the metadata active again that were so before the switch. */
  [Symbol.dispose](): void;
}

/**
 * Chooses what the records of calls say besides their `runtime`, instead of what was chosen before.
 *
 * `meta(providers)` switches: for good, or with `using` until the end of the block. `meta(providers, fn)` runs `fn` so,
 * also across its awaits and in all that it starts, and gives what `fn` gives. What the option `meta` of a function says
 * comes after that. Metadata never enter a key: a hit keeps those of the call that ran.
 *
 * @example
 * import { cache, environment, fleche, meta } from 'fleche';
 * cache('memory');
 * const square = fleche((x: number) => x * x);
 * meta(environment, () => square(4));
 * console.log(Object.keys(cache().load(square.fleche.digest(4)).metadata).sort()); // [ 'environment', 'runtime' ]
 */
export function meta(providers: MetadataProvider | readonly MetadataProvider[]): MetadataSwitch;
export function meta<T>(providers: MetadataProvider | readonly MetadataProvider[], body: () => T): T;
export function meta<T>(providers: MetadataProvider | readonly MetadataProvider[], body?: () => T): MetadataSwitch | T {
  return switchTo([providers].flat(), body);
}

/**
 * Adds `fields` to the namespace `tags` of the records of calls. Tags within tags add up; of equal names the inner one
 * wins. Switches, or runs `fn` so, as {@link meta} does.
 *
 * @example
 * import { cache, fleche, tags } from 'fleche';
 * cache('memory');
 * const cube = fleche((x: number) => x ** 3);
 * tags({ sample: 'A7', series: 2 }, () => cube(4));
 * console.log(cache().load(cube.fleche.digest(4)).metadata.tags); // { sample: 'A7', series: 2 }
 */
export function tags(fields: MetadataFields): MetadataSwitch;
export function tags<T>(fields: MetadataFields, body: () => T): T;
export function tags<T>(fields: MetadataFields, body?: () => T): MetadataSwitch | T {
  const added: MetadataProvider = { namespace: 'tags', start: () => fields };
  return switchTo([...(openScope().metadata ?? []), added], body);
}

/**
 * Says for which project calls run: the tag `project`.
 *
 * @example
 * import { cache, fleche, project } from 'fleche';
 * cache('memory');
 * const half = fleche((x: number) => x / 2);
 * project('alloys', () => half(4));
 * console.log(cache().load(half.fleche.digest(4)).metadata.tags); // { project: 'alloys' }
 */
export function project(name: string): MetadataSwitch;
export function project<T>(name: string, body: () => T): T;
export function project<T>(name: string, body?: () => T): MetadataSwitch | T {
  return body === undefined ? tags({ project: name }) : tags({ project: name }, body);
}

function switchTo<T>(metadata: readonly MetadataProvider[], body: (() => T) | undefined): MetadataSwitch | T {
  const scope: OpenScope = openScope();
  if (body !== undefined) return runInScope({ ...scope, metadata } as Scope, body);
  const { metadata: before = [] } = scope;
  scope.metadata = metadata;
  return {
    [Symbol.dispose]: () => {
      scope.metadata = before;
    },
  };
}
