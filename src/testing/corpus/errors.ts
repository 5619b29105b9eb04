import { type NamedValue, valuesOf } from './named-value.js';

const { data, code, everything } = valuesOf('errors');

class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly status: number;
  constructor(status: number, options?: ErrorOptions) {
    super(`status ${status}`, options);
    this.status = status;
  }
  isOurFault(): boolean {
    return this.status >= 500;
  }
}

class NotFound extends HttpError {
  constructor() {
    super(404);
  }
}

/** Errors of every class. */
export const errors: readonly NamedValue[] = [
  data('an Error', () => new Error('bad')),
  data('an Error without a message', () => new Error()),
  data('an Error with an empty message', () => new Error('')),
  data('a TypeError', () => new TypeError('bad')),
  data('a RangeError', () => new RangeError('bad')),
  data('a SyntaxError', () => new SyntaxError('bad')),
  data('a ReferenceError', () => new ReferenceError('bad')),
  data('an EvalError', () => new EvalError('bad')),
  data('a URIError', () => new URIError('bad')),
  data(
    'an Error with a cause',
    () => new RangeError('too far', { cause: new TypeError('why', { cause: { code: 7 } }) }),
  ),
  data('an Error whose cause is undefined', () => new Error('x', { cause: undefined })),
  data('an Error whose cause is a text', () => new Error('x', { cause: 'text' })),
  data('an AggregateError', () => new AggregateError([new Error('a'), new Error('b')], 'both')),
  data('an AggregateError of no errors', () => new AggregateError([])),
  data('an AggregateError of anything', () => new AggregateError([1, undefined, { a: 1 }], 'mixed', { cause: 'why' })),
  data('an Error with properties', () => Object.assign(new Error('no such file'), { code: 'ENOENT', errno: -2 })),
  data('an Error with a name of its own', () => Object.assign(new Error('x'), { name: 'Custom' })),
  data('an Error whose message is enumerable', () => Object.assign(new Error(), { message: 'assigned' })),
  data('an Error without a stack', () => {
    const error = new Error('no stack');
    delete error.stack;
    return error;
  }),
  data('an Error with a stack of its own', () => withStack(new Error('x'), 'Error: x\n    at work (cell 3:1:7)'), {
    check: (actual) => {
      const { stack } = actual as Error;
      if (stack !== 'Error: x\n    at work (cell 3:1:7)') throw new Error(`the stack is ${stack}`);
    },
  }),
  // Its text is the same in all versions of Node.js.
  data('an Error of JSON.parse', () => thrownBy(() => JSON.parse(''))),
  data('an Error of an undefined property', () =>
    thrownBy(() => (undefined as unknown as { readonly a: { readonly b: unknown } }).a.b),
  ),
  data('an Error that is its own cause', () => {
    const error = new Error('round');
    error.cause = error;
    return error;
  }),
  data('a frozen Error', () => Object.freeze(new Error('cold'))),
  everything('an Error with a hidden property', () => Object.defineProperty(new Error('x'), 'secret', { value: 1 })),
  everything('an Error whose message is a getter', () =>
    Object.defineProperty(new Error(), 'message', { get: () => 'computed', configurable: true }),
  ),
  code('an Error of a class of its own', () => new HttpError(500, { cause: 'power' }), {
    check: (actual) => {
      const error = actual as HttpError;
      if (!(error instanceof Error && error.isOurFault() && String(error) === 'HttpError: status 500')) {
        throw new Error(`it is ${String(error)}`);
      }
    },
  }),
  code('an Error of a class of such a class', () => new NotFound(), {
    check: (actual) => {
      if ((actual as NotFound).isOurFault()) throw new Error('404 is not our fault');
    },
  }),
];

function withStack(error: Error, stack: string): Error {
  error.stack = stack;
  return error;
}

function thrownBy(body: () => unknown): unknown {
  try {
    return body();
  } catch (error) {
    return error;
  }
}
