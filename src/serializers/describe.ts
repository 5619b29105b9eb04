/** Decides for every value whether devalue's own form holds it, what its payload is, or that it cannot be held. */
import { types } from 'node:util';
import { registeredClassOf } from '../internal/class-registry.js';
import { type Reference, referenceName } from '../internal/functions/describe-function.js';
import type { Callable } from '../internal/functions/function-source.js';
import { KeptOutside } from '../internal/functions/kept-outside.js';
import { referenceTo } from '../internal/functions/references.js';
import { describeNdArray, type NdArray } from '../internal/nd-array.js';
import { hasOwnExtras } from '../internal/view-extras.js';
import { viewParts } from '../internal/view-parts.js';
import { builtins } from './builtins.js';
import { describeCode, refuseTied } from './code.js';
import { lineageOf } from './lineage.js';
import type { Describer, Payload } from './payload.js';
import { describeProperties } from './properties.js';
import { classOf, isReplaced } from './prototypes.js';
import { describeRegistered } from './registered.js';
import { type Slot, slotOf } from './slots.js';
import { describeSymbol } from './symbols.js';

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
      return types.isProxy(value)
        ? describer.refuse('a Proxy', { hint: 'keep the function behind it' })
        : describeCode(value as Callable, describer);
    case 'object':
      return value === null ? undefined : describeObject(value, describer);
    default:
      return undefined;
  }
}

function describeObject(value: object, describer: Describer): Payload | undefined {
  if (types.isProxy(value)) {
    // numpy-ts hands its arrays out behind proxies.
    const behind = describeNdArray(value);
    if (behind !== undefined) return ndArrayPayload(behind, describer);
    return describer.refuse('a Proxy', { hint: 'copy what it shows' });
  }
  const prototype = Object.getPrototypeOf(value) as object | null;
  const registered = prototype === null ? undefined : registeredClassOf(prototype);
  const registeredPayload = registered && describeRegistered(value, registered, describer);
  if (registeredPayload !== undefined) return registeredPayload;
  const slot = slotOf(value);
  if (typeof slot === 'object')
    return describer.refuse(slot.unreadable, slot.hint === undefined ? {} : { hint: slot.hint });
  const builtin = builtins[slot];
  const usual = builtin.prototype(value);
  const isUsual = prototype === usual || (prototype === null && slot === 'object');
  const isNative = isUsual && builtin.isNative(value);
  if (!isNative) refuseTied(value, describer);
  if (!isNative || (slot === 'object' && describer.reaches('cloudpickle'))) {
    const array = isUsual || slot !== 'object' ? undefined : describeNdArray(value);
    if (array !== undefined) return ndArrayPayload(array, describer);
    const reference = referenceTo(value);
    if (reference !== undefined) return referencePayload(reference, describer);
  }
  if (slot === 'object' && (!isNative || describer.reaches('cloudpickle'))) {
    const Class = classOf(value);
    if (Class !== undefined && !isReplaced(Class, value)) return { kind: 'prototype of', target: Class, whole: true };
    if (types.isModuleNamespaceObject(value)) {
      return describer.refuse('the namespace of a module', { hint: 'pass what you need of it' });
    }
  }
  if (isNative) return checkLinks(value, slot, describer);
  refuseKeptOutside(value, describer);
  return {
    kind: slot,
    ...(prototype !== usual && lineageOf(value, slot, prototype, describer)),
    ...builtin.content(value, describer),
    ...(slot === 'view'
      ? viewProperties(value as ArrayBufferView, describer)
      : describeProperties(value, describer, builtin.covers(value))),
  };
}

function referencePayload(reference: Reference, describer: Describer): Payload {
  if (!describer.reaches('cloudpickle')) {
    const what = reference.from === 'global' ? 'the built-in object' : 'the module or export';
    describer.refuse(`${what} ${referenceName(reference) || 'globalThis'}`, { takenBy: 'cloudpickle' });
  }
  return { kind: 'reference', reference };
}

/** Listing the keys of a view takes memory for each of its elements. */
const listable = 1_000_000;

function viewProperties(view: ArrayBufferView, describer: Describer): object {
  if (!hasOwnExtras(view)) return {};
  const { type, length } = viewParts(view);
  if (length > listable) {
    describer.refuse(`a ${type} of ${length} elements with properties of its own`, { hint: 'keep them beside it' });
  }
  const isElement = (key: PropertyKey): boolean => typeof key === 'string' && /^(0|[1-9]\d*)$/.test(key);
  return describeProperties(view, describer, isElement);
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

const outsides = new WeakMap<Describer, KeptOutside>();

/** What is made again from its payload would lack what a class keeps elsewhere. */
function refuseKeptOutside(value: object, describer: Describer): void {
  const keptOutside = outsides.get(describer) ?? new KeptOutside();
  outsides.set(describer, keptOutside);
  const refusal = keptOutside.refusalOf(value);
  if (refusal !== undefined) describer.refuse(refusal, { hint: 'register its class, or keep the data behind it' });
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
