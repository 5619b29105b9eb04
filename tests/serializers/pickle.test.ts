import { describe, test } from 'vitest';
import { pickle } from '../../src/serializers/index.js';
import { roundTrip } from './bytes.js';
import { data } from './data.js';
import { exactly } from './exactly.js';

describe('pickle holds exactly', () => {
  test.each(data)('%s', (_, make) => {
    const value = make();
    exactly(roundTrip(pickle, value), value);
  });
});
