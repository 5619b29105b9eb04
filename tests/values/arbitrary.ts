/** Random nested values, built on the corpus: its values are the leaves, and what holds them may be shared and go in circles. */
import fc from 'fast-check';
import { pickle } from '../../src/serializers/index.js';
import { type NamedValue, ndArrays, values } from '../../src/testing/index.js';

/** Leaves are small, so that a hundred thousand random values take minutes. */
const largestLeafBytes = 1500;

const isSmall = ({ make }: NamedValue): boolean =>
  pickle.dump(make()).reduce((sum, { length }) => sum + length, 0) <= largestLeafBytes;

const dataLeaves = values.filter((value) => value.needs === 'data' && value.kind !== 'deep values' && isSmall(value));
const codeLeaves = values.filter(({ needs }) => needs === 'code');
const everyLeaf = values.filter(({ needs }) => needs === 'everything');

/** Of those that share variables or keep fields in private there are few, but they are where most can go wrong. */
const arrayLeaves = ndArrays().filter(isSmall);
const tangledLeaves = codeLeaves.filter(({ name }) => name.includes('over one variable') || name.includes('one name'));
const privateLeaves = everyLeaf.filter(({ name, kind }) => /private|#/.test(`${name} ${kind}`));

const key = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('__proto__', 'constructor', 'then', 'toJSON', 'length', '0', '10', '01', '', 'kind', '@'),
);

/** A slot of a container: a leaf, a view of one of two shared buffers, or another container by number. */
type Slot =
  | { readonly leaf: () => unknown }
  | { readonly view: readonly [buffer: 0 | 1, type: number, start: number, length: number] }
  | { readonly container: number };

const forms = [
  'array',
  'holes',
  'extras',
  'object',
  'bare',
  'frozen',
  'sealed',
  'map',
  'set',
  'error',
  'date',
] as const;

interface Container {
  readonly form: (typeof forms)[number];
  readonly slots: readonly (readonly [key: string, slot: Slot])[];
}

const views = [Uint8Array, Int16Array, Float32Array, Float64Array, BigInt64Array, Uint8ClampedArray] as const;

function slot(leaves: readonly NamedValue[]): fc.Arbitrary<Slot> {
  const made = fc.oneof(
    fc.double(),
    fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.integer(),
  );
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...leaves).map(({ make }): Slot => ({ leaf: make })) },
    { weight: 2, arbitrary: made.map((value): Slot => ({ leaf: () => value })) },
    { weight: 3, arbitrary: fc.nat(7).map((container): Slot => ({ container })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(0 as const, 1 as const), fc.nat(views.length - 1), fc.nat(7), fc.nat(4))
        .map((view): Slot => ({ view })),
    },
  );
}

function nested(leaves: readonly NamedValue[]): fc.Arbitrary<unknown> {
  const container: fc.Arbitrary<Container> = fc.record({
    form: fc.constantFrom(...forms),
    slots: fc.array(fc.tuple(key, slot(leaves)), { maxLength: 4 }),
  });
  return fc
    .tuple(fc.array(container, { minLength: 1, maxLength: 6 }), fc.uint8Array({ minLength: 64, maxLength: 64 }))
    .map(([containers, bytes]) => built(containers, bytes));
}

/** Random data: what every serializer holds exactly. */
export const anyData: fc.Arbitrary<unknown> = nested([...dataLeaves, ...arrayLeaves]);

/** Random values with functions, classes and instances in them: what `cloudpickle` holds exactly. */
export const anyCode: fc.Arbitrary<unknown> = nested([
  ...dataLeaves,
  ...arrayLeaves,
  ...codeLeaves,
  ...codeLeaves,
  ...tangledLeaves,
]);

/** Random values of everything: what `dill` holds exactly. */
export const anything: fc.Arbitrary<unknown> = nested([
  ...dataLeaves,
  ...arrayLeaves,
  ...codeLeaves,
  ...tangledLeaves,
  ...everyLeaf,
  ...everyLeaf,
  ...privateLeaves,
  ...privateLeaves,
]);

/** How many random values a property is tried with: 100, or as many as `npm run properties -- --runs 10000` says. */
export const runs: number = Number(process.env.FLECHE_PROPERTY_RUNS ?? 100);

/** Makes the containers, fills them with one another, and closes those that are to be closed. */
function built(containers: readonly Container[], bytes: Uint8Array): unknown {
  const buffers = [bytes.slice().buffer, bytes.slice().reverse().buffer];
  const shells = containers.map(({ form }) => shell(form));
  const content = (each: Slot): unknown => {
    if ('leaf' in each) return each.leaf();
    if ('container' in each) return shells[each.container % shells.length];
    const [buffer, type, start, length] = each.view;
    const View = views[type] as (typeof views)[0];
    return new View(buffers[buffer] as ArrayBuffer, start * 4 - ((start * 4) % View.BYTES_PER_ELEMENT), length);
  };
  for (const [index, { form, slots }] of containers.entries()) {
    const target = shells[index] as object;
    for (const [at, [name, each]] of slots.entries()) put(target, form, at, name, content(each));
  }
  for (const [index, { form }] of containers.entries()) {
    if (form === 'frozen') Object.freeze(shells[index]);
    if (form === 'sealed') Object.seal(shells[index]);
  }
  return shells[0];
}

function shell(form: Container['form']): object {
  if (form === 'array' || form === 'holes' || form === 'extras') return form === 'holes' ? new Array(3) : [];
  if (form === 'map') return new Map();
  if (form === 'set') return new Set();
  if (form === 'error') return new RangeError('random');
  if (form === 'date') return new Date(5);
  return form === 'bare' ? (Object.create(null) as object) : {};
}

function put(target: object, form: Container['form'], at: number, name: string, value: unknown): void {
  if (form === 'array') (target as unknown[]).push(value);
  else if (form === 'holes') (target as unknown[])[2 * at] = value;
  else if (form === 'map') (target as Map<unknown, unknown>).set(at % 2 === 0 ? name : value, value);
  else if (form === 'set') (target as Set<unknown>).add(value);
  else if (form === 'error' && at === 0) (target as Error).cause = value;
  else if (name !== 'length' && name !== 'stack' && name !== 'message') {
    Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  }
}
