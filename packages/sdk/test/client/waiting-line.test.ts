import fc from 'fast-check';
import { expect, it } from 'vitest';
import { WaitingLine } from '../../src/client/waiting-line.js';

it('a waiting line behaves like an array, for any values that join, leave and are next, in any order', () => {
  const steps = fc.array(fc.oneof(fc.constant('join' as const), fc.constant('shift' as const), fc.nat(5)));
  fc.assert(
    fc.property(steps, (all) => {
      const line = new WaitingLine<number>();
      const model: number[] = [];
      const leave: (() => void)[] = [];
      for (const step of all) {
        if (step === 'join') {
          model.push(leave.length);
          leave.push(line.join(leave.length));
        } else if (step === 'shift') expect(line.shift()).toBe(model.shift());
        else if (leave[step]) {
          // Also a value that has left already, or was next.
          leave[step]();
          if (model.includes(step)) model.splice(model.indexOf(step), 1);
        }
        expect(line.isEmpty).toBe(model.length === 0);
      }
      while (model.length > 0) expect(line.shift()).toBe(model.shift());
    }),
  );
});
