/** The symbols by which a cached function is known, also to another copy of this library. */

/** Holds the function behind the cache. */
export const wrappedFunction: unique symbol = Symbol.for('fleche.wrappedFunction');
/** On functions that another function made and can make again: that function and its arguments, in an array. */
export const madeBy: unique symbol = Symbol.for('fleche.madeBy');
