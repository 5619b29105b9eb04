import { SerializationError } from '../../errors.js';
import { step } from '../../internal/value-path.js';
import type { Flat } from '../../serializers/graph.js';
import { largestArrayBytes } from './limits.js';
import type { Plan } from './plan.js';

/** The refusal of the first array that h5wasm could not write or not read again, if there is one. */
export function tooLarge(
  plan: Plan,
  flat: ReadonlyMap<Plan, Flat>,
  storage: string,
  path = '',
): SerializationError | undefined {
  if (plan.kind === 'list' || plan.kind === 'dictionary') {
    for (const [index, item] of plan.items.entries()) {
      const key = plan.kind === 'list' ? index : (plan.keys[index] as string);
      const refusal = tooLarge(item, flat, storage, path + step(key));
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }
  const bytes = largestBytes(plan, flat);
  if (bytes <= largestArrayBytes) return undefined;
  return new SerializationError({
    path,
    what: `${bytes} bytes in one piece`,
    serializer: storage,
    hint: `h5wasm can hold at most ${largestArrayBytes}; a ValuePickleFile can hold more`,
  });
}

function largestBytes(plan: Plan, flat: ReadonlyMap<Plan, Flat>): number {
  switch (plan.kind) {
    case 'bytes':
      return plan.value.byteLength;
    case 'array':
      return plan.elements().byteLength;
    case 'graph':
      return (flat.get(plan) as Flat).buffers.reduce((most, { byteLength }) => Math.max(most, byteLength), 0);
    default:
      return 0;
  }
}
