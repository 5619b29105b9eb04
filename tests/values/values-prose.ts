/** The words above the table of docs/values.md. */
export const prose = `# What can be cached, and where

Everything that a cached function gets and returns is either stored exactly or not at all. Where a storage cannot hold a
value, the call still returns it, and a warning says which part of it is at fault and what would hold it.

Choose the first that takes your values:

- **\`pickle\`** holds data: numbers, texts, dates, arrays, objects, Maps, Sets, Errors, typed arrays, n-d arrays, with
  everything that is shared or goes in circles. Reading it never runs code.
- **\`cloudpickle\`** also holds functions, closures, classes and their instances, so a later session gets them back without
  the cell that made them. Reading it runs the code in it: read only what you trust.
- **\`dill\`** also holds private fields, getters and setters, hidden and read-only properties, and symbols of your own.
- **HDF5 bags** hold what \`pickle\` holds, and Python reads them.
- **Memory** is fastest and forgets at the end of the session. Functions that have a state are copied; any others, and
  classes, are handed out as they are.

Functions that share a variable which one of them assigns (\`{ inc: () => ++n, get: () => n }\`) share it again when they come
back. To see who shares one, the functions are stopped for a moment at their first statement, which does not work while a
debugger may be attached (\`--inspect\`): then such functions are refused.

An instance with private fields has the class of this process, if that has the same code, and if its constructor and
initialisers only fill the instance with what they are given, with literals and with new objects. JavaScript gives nobody
else a way to put private fields on an object, so a class that does more (counts its instances, checks its arguments) would
do that when a value is read: \`dill\` then makes a class of its own from the stored code, and memory refuses.

Compilers for older versions of JavaScript put private fields into a \`WeakMap\` beside the class, and some classes keep parts
of their instances in a \`Map\`. These parts count in digests; every storage refuses the instance, which would come back
without them: register its class, or keep the data behind it.

Some things do not count as part of a value: the memory around a view that it does not show (a view of three numbers in a
large buffer comes back with the three numbers alone), and the strides of an n-d array (a transposed one comes back with the
same shape and elements, laid out row by row). The stack of an Error is kept as text.

What belongs to one process alone cannot be stored by anything that outlives it: promises (await them first), running
generators and iterators (collect their values), sockets and timers, weak references, proxies, and functions that use the
\`this\` around them.

This table was made by running it (Node 20): each value went into each storage and came back. \`exact\` means that nothing
that a program can observe was different; \`no\` is followed by what the error names.
`;
