/** What a view is inside, whatever its prototype says: typed arrays and DataViews can be given any. */
export interface ViewParts {
  /** `Float64Array`, `DataView`, `Buffer`. */
  readonly type: string;
  readonly buffer: ArrayBufferLike;
  readonly byteOffset: number;
  readonly byteLength: number;
  /** The number of elements; of bytes for a DataView. */
  readonly length: number;
}

type Getter = (this: unknown) => unknown;

function getters(prototype: object): (name: PropertyKey) => Getter {
  return (name) => Object.getOwnPropertyDescriptor(prototype, name)?.get as Getter;
}

const ofArray = getters(Object.getPrototypeOf(Uint8Array.prototype) as object);
const ofDataView = getters(DataView.prototype);
const arrayTag = ofArray(Symbol.toStringTag);
const arrayGetters = [ofArray('buffer'), ofArray('byteOffset'), ofArray('byteLength'), ofArray('length')] as const;
const dataViewLength = ofDataView('byteLength');
const dataViewGetters = [ofDataView('buffer'), ofDataView('byteOffset'), dataViewLength, dataViewLength] as const;

/** The type of a view by what it is inside, not by what it says. */
export function viewType(view: ArrayBufferView): string {
  const type = (arrayTag.call(view) as string | undefined) ?? 'DataView';
  return type === 'Uint8Array' && Buffer.isBuffer(view) ? 'Buffer' : type;
}

/** Type, buffer and place of a view. */
export function viewParts(view: ArrayBufferView): ViewParts {
  const type = viewType(view);
  const [buffer, byteOffset, byteLength, length] = type === 'DataView' ? dataViewGetters : arrayGetters;
  return {
    type,
    buffer: buffer.call(view) as ArrayBufferLike,
    byteOffset: byteOffset.call(view) as number,
    byteLength: byteLength.call(view) as number,
    length: length.call(view) as number,
  };
}
