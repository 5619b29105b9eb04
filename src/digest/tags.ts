/**
 * The first byte of each node of the canonical form. These numbers are part of the scheme: they never change their
 * meaning, and are never used again.
 */
export const Tag = {
  undefined: 1,
  null: 2,
  true: 3,
  false: 4,
  float64: 5,
  int32: 6,
  nan: 7,
  bigint: 8,
  string: 9,
  wideString: 10,
  symbol: 11,
  hole: 12,
  array: 13,
  object: 14,
  nullPrototypeObject: 15,
  map: 16,
  set: 17,
  date: 18,
  regexp: 19,
  url: 20,
  searchParameters: 21,
  boxed: 22,
  error: 23,
  arrayBuffer: 24,
  view: 25,
  ndArray: 26,
  instance: 27,
  function: 28,
  cycle: 29,
  digest: 30,
  call: 31,
  property: 32,
  extended: 33,
  /** A getter and a setter in the place of a value. */
  accessor: 34,
  /** An array of many holes: only what is there. */
  sparseArray: 35,
  /** What an instance says of itself in the place of its fields. */
  given: 36,
  privateFields: 37,
  /** The code of a class, before its name. */
  classCode: 38,
  /** A part of a large value, by its digest. */
  part: 39,
  /** A part of a large value that refers back to itself: the number of one of the objects on the way round. */
  member: 40,
  /** A large value that refers back to itself, whose objects all differ. */
  labelledCycle: 41,
  /** A large value that refers back to itself, object by object. */
  numberedCycle: 42,
} as const;
