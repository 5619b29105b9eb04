/**
 * The names of bagofholding's classes as they stand in the attribute `content_type`, and of the attributes that we add.
 * All are written to disk: they are permanent. Python ignores ours, and reads what it finds without them.
 */
export const content = {
  none: 'bagofholding.content.NoneItem',
  bool: 'bagofholding.content.Bool',
  long: 'bagofholding.content.Long',
  float: 'bagofholding.content.Float',
  complex: 'bagofholding.content.Complex',
  str: 'bagofholding.content.Str',
  bytes: 'bagofholding.content.Bytes',
  bytearray: 'bagofholding.content.Bytearray',
  reference: 'bagofholding.content.Reference',
  global: 'bagofholding.content.Global',
  array: 'bagofholding.h5.content.Array',
  list: 'bagofholding.content.List',
  tuple: 'bagofholding.content.Tuple',
  set: 'bagofholding.content.Set',
  frozenSet: 'bagofholding.content.FrozenSet',
  strKeyDict: 'bagofholding.content.StrKeyDict',
  dict: 'bagofholding.content.Dict',
  reducible: 'bagofholding.content.Reducible',
} as const;

/** Where the value of a bag stands. */
export const bagRoot = 'object';

/** bagofholding's own marks: an integer that HDF5 has no type for, as text; a text as UTF-16, as bytes. */
export const pythonMark = { bigint: '_bigint', utf16: '_surrogate_str' } as const;

export const mark = {
  /** On the file: the version of this layout. Such a file has a seal. */
  bag: 'fleche_bag',
  /** What the object is in JavaScript, where that is not what its `content_type` says by itself. */
  kind: 'fleche_kind',
  /** The name that an n-d array's library has for the type of its elements. */
  dtype: 'fleche_dtype',
  /** The class of the elements, where the stored type leaves it open. */
  elements: 'fleche_elements',
  /** On a dictionary: its members by name, sorted, in the order in which they come back. */
  order: 'fleche_order',
} as const;

/** The version of this layout. */
export const bagVersion = 1;

/** Values of `fleche_kind` besides those of arrays (`ArrayMark`). */
export const kind = { bigint: 'bigint', buffer: 'Buffer', graph: 'graph-1' } as const;
