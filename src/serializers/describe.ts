/** Decides for every value whether devalue's own form holds it, what its payload is, or that it cannot be held. */
import { types } from 'node:util';
import { describeNdArray, type NdArray } from '../internal/nd-array.js';
import { builtins } from './builtins.js';
import { lineageOf } from './lineage.js';
import type { Describer, Payload } from './payload.js';
import { describeProperties } from './properties.js';
import { type Slot, slotOf } from './slots.js';
import { describeSymbol } from './symbols.js';
import { hasOwnExtras } from './view-extras.js';

/**
 * The payload of `value`, or `undefined` when devalue's own form holds it exactly.
 *
 * @throws SerializationError (through `describer`) if the rung does not take it.
 */
export function describeValue(value: unknown, describer: Describer): Payload | undefined {
  switch (typeof value) {
    case 'symbol':
      return describeSymbol(value, describer);
    case 'function':
      return describer.refuse(functionName(value), { takenBy: 'cloudpickle' });
    case 'object':
      return value === null ? undefined : describeObject(value, describer);
    default:
      return undefined;
  }
}

function functionName(value: object): string {
  return /^class\b/.test(Function.prototype.toString.call(value)) ? 'a class' : 'a function';
}

function describeObject(value: object, describer: Describer): Payload | undefined {
  if (types.isProxy(value)) return describer.refuse('a Proxy', { hint: 'copy what it shows' });
  const slot = slotOf(value);
  if (typeof slot === 'object')
    return describer.refuse(slot.unreadable, slot.hint === undefined ? {} : { hint: slot.hint });
  const builtin = builtins[slot];
  const prototype = Object.getPrototypeOf(value) as object | null;
  const usual = builtin.prototype(value);
  if (prototype === usual || (prototype === null && slot === 'object')) {
    if (builtin.isNative(value)) return checkLinks(value, slot, describer);
  } else if (slot === 'object') {
    const array = describeNdArray(value);
    if (array !== undefined) return ndArrayPayload(array, describer);
  }
  if (types.isModuleNamespaceObject(value)) return describer.refuse('the namespace of a module');
  return {
    kind: slot,
    ...(prototype !== usual && lineageOf(prototype, describer)),
    ...builtin.content(value, describer),
    ...(slot === 'view'
      ? viewProperties(value as ArrayBufferView, describer)
      : describeProperties(value, describer, builtin.covers(value))),
  };
}

function viewProperties(view: ArrayBufferView, describer: Describer): object {
  if (hasOwnExtras(view)) describer.refuse(`a ${view.constructor.name} with properties of its own`);
  return {};
}

function ndArrayPayload(array: NdArray, describer: Describer): Payload {
  const elements = array.elements();
  // The memory of numpy-ts may move when anything else of it is touched, so its elements are copied at once.
  const copy = array.library === 'numpy-ts' ? elements.slice() : elements;
  return {
    kind: 'nd array',
    library: array.library,
    dtype: array.dtype,
    shape: array.shape,
    elements: describer.memory(copy, 'own'),
  };
}

const links = new WeakMap<Describer, { urls: URL[]; params: Set<object> }>();

/** A URL and its own `searchParams` change each other; restored apart they would not. */
function checkLinks(value: object, slot: Slot, describer: Describer): undefined {
  if (slot !== 'url' && slot !== 'search params') return undefined;
  const known = links.get(describer) ?? { urls: [], params: new Set() };
  links.set(describer, known);
  if (slot === 'url') known.urls.push(value as URL);
  else known.params.add(value);
  if (known.params.size > 0 && known.urls.some((url) => known.params.has(url.searchParams))) {
    describer.refuse('a URL together with its own searchParams', { hint: 'copy them: new URLSearchParams(…)' });
  }
  return undefined;
}
