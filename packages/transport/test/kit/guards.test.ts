import {
  aBoolean,
  aFunction,
  aString,
  bindMethods,
  callBack,
  checkOptions,
  milliseconds,
  optionProblems,
  printable,
  setDeadline,
  show,
  stoodStill,
} from '@bluetap/transport/kit';
import { afterEach, describe, expect, it } from 'vitest';
import { BlockedClock } from '../../src/conformance/index.js';
import { ManualClock } from './manual-clock.js';

describe('a function of the program (C-1)', () => {
  const failures: unknown[] = [];
  const fail = (error: unknown) => void failures.push(error);

  it('may throw, reject, or return a thenable, and the failure goes to one place', async () => {
    callBack(() => {
      throw new Error('synchronous');
    }, fail);
    callBack(async () => {
      throw new Error('later');
    }, fail);
    callBack(() => thenable((_, reject) => reject(new Error('in its own way'))), fail);
    callBack(
      () =>
        thenable(() => {
          throw new Error('when it is waited for');
        }),
      fail,
    );
    callBack(() => 'fine', fail);
    callBack(() => Promise.resolve('fine'), fail);
    await new Promise((resolve) => setImmediate(resolve));
    expect(failures.map(String).sort()).toEqual([
      'Error: in its own way',
      'Error: later',
      'Error: synchronous',
      'Error: when it is waited for',
    ]);
  });
});

/** An object that can be awaited and is not a promise. */
function thenable(then: (resolve: unknown, reject: (error: Error) => void) => void): object {
  return Object.defineProperty({}, 'then', { value: then });
}

describe('a deadline (C-28)', () => {
  const heard: number[] = [];
  const hear = (stoodStillMs: number) => void heard.push(stoodStillMs);
  afterEach(() => heard.splice(0));

  it('calls back when its time is over', async () => {
    const clock = new ManualClock();
    setDeadline(clock, 1000, hear);
    await clock.advance(999);
    expect(heard).toEqual([]);
    await clock.advance(1);
    expect(heard).toEqual([0]);
  });

  it('of a blocked program calls back after the waiting bytes were read, and says how long the block was', async () => {
    const clock = new BlockedClock();
    setDeadline(clock, 1000, hear);
    clock.block(8000);
    expect([heard, clock.pending]).toEqual([[], 1]);
    clock.block(100);
    expect([heard, clock.pending]).toEqual([[7000], 0]);
  });

  it.each([1000, 1050, 1099])('of 1000 ms does not call back in the turn in which a block of %i ms ends', (ms) => {
    const clock = new BlockedClock();
    setDeadline(clock, 1000, hear);
    clock.block(ms);
    expect([heard, clock.pending]).toEqual([[], 1]);
    clock.block(100);
    expect([heard, clock.pending]).toEqual([[0], 0]);
  });

  it('of 1000 ms is exact to the millisecond if a block ended before it', () => {
    const clock = new BlockedClock();
    setDeadline(clock, 1000, hear);
    clock.block(970);
    clock.block(29);
    expect([heard, clock.pending]).toEqual([[], 1]);
    clock.block(1);
    expect([heard, clock.pending]).toEqual([[0], 0]);
  });

  it('of one millisecond has no second timer', async () => {
    const clock = new ManualClock();
    setDeadline(clock, 1, hear);
    await clock.advance(1);
    expect(heard).toEqual([0]);
  });

  it('can be cancelled during both timers', () => {
    const clock = new BlockedClock();
    const cancel = setDeadline(clock, 1000, hear);
    clock.block(8000);
    cancel();
    clock.block(8000);
    setDeadline(clock, 1000, hear)();
    clock.block(8000);
    expect([heard, clock.pending]).toEqual([[], 0]);
  });
});

describe('options (C-4, C-5)', () => {
  const rules = { simulated: aBoolean, timeoutMs: milliseconds, onAttempt: aFunction, path: aString };

  it.each([
    [{ simulated: 'false' }, 'simulated must be true or false, but is "false"'],
    [{ simulated: null }, 'simulated must be true or false, but is null'],
    [{ simulated: 0 }, 'simulated must be true or false, but is 0'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs must be a number of milliseconds from 1 to 2147483647, but is NaN'],
    [{ timeoutMs: '5' }, 'timeoutMs must be a number of milliseconds from 1 to 2147483647, but is "5"'],
    [{ onAttempt: {} }, 'onAttempt must be a function, but is an object'],
    [{ path: '' }, 'path must be a string that is not empty, but is ""'],
    [{ timeout: 1 }, 'timeout is not an option here; these are: simulated, timeoutMs, onAttempt, path'],
    [
      { onattempt: 1, path: 5 },
      'path must be a string that is not empty, but is 5; onattempt is not an option here; these are: simulated, timeoutMs, onAttempt, path',
    ],
    [5000, 'options must be an object with named options, but is 5000'],
    [null, 'options must be an object with named options, but is null'],
    [[], 'options must be an object with named options, but is an object'],
  ])('%o', (given, message) => {
    expect(() => checkOptions('here', given, rules)).toThrow(new TypeError(`here: ${message}`));
  });

  it('that throw when they are read are refused', () => {
    const nasty = Object.defineProperty({}, 'path', {
      get() {
        throw new Error('no');
      },
    });
    expect(optionProblems(nasty, rules)).toEqual([
      { name: 'options', message: 'cannot be read: reading an option throws an error' },
    ]);
  });

  it('that are absent or undefined are not a problem', () => {
    expect(optionProblems(undefined, rules)).toEqual([]);
    expect(optionProblems({}, rules)).toEqual([]);
    expect(optionProblems({ simulated: undefined, timeoutMs: 1, path: 'a' }, rules)).toEqual([]);
  });
});

describe('text from outside (C-16)', () => {
  it('cannot control a terminal and cannot make a line', () => {
    expect(printable('Pos\u001b[2K\nSUCCESS\u009b31m\u202e\u2028\ud800 \u{e0001} ก 支')).toBe(
      'Pos\\u001b[2K\\u000aSUCCESS\\u009b31m\\u202e\\u2028\\ud800 \\u{e0001} ก 支',
    );
  });

  it('is quoted by its type', () => {
    expect([show('a\u009bb'), show('x'.repeat(50)), show([]), show(show), show(Symbol('s')), show(undefined)]).toEqual([
      '"a\\u009bb"',
      `"${'x'.repeat(40)}..."`,
      'an object',
      'a function',
      'Symbol(s)',
      'undefined',
    ]);
  });
});

describe('bound methods (C-14)', () => {
  class Base {
    #secret = 1;
    constructor() {
      bindMethods(this);
    }
    get secret() {
      return this.#secret;
    }
    set secret(value: number) {
      this.#secret = value;
    }
    add(more: number) {
      this.#secret += more;
      return this.#secret;
    }
    twice() {
      return this.#secret * 2;
    }
  }
  class Derived extends Base {
    override twice() {
      return super.twice() + 0.5;
    }
  }

  it('work behind a Proxy, without their object, and in a subclass that overrides one', () => {
    const object = new Derived();
    const { add, twice } = object;
    const proxy = new Proxy(object, {});
    expect([proxy.add(1), add(1), proxy.secret, proxy.twice(), twice()]).toEqual([2, 3, 3, 6.5, 6.5]);
    proxy.secret = 9;
    expect(object.secret).toBe(9);
    expect(Object.keys(object)).toEqual([]);
  });

  it('share the getters of a class, so that V8 keeps its objects fast', () => {
    const getters = [new Derived(), new Derived()].map((each) => Object.getOwnPropertyDescriptor(each, 'secret')?.get);
    expect(getters[0]).toBeTypeOf('function');
    expect(getters[0]).toBe(getters[1]);
  });
});

it('says how long a program was blocked, or nothing', () => {
  expect([stoodStill(0), stoodStill(7000.4)]).toEqual(['', '; this program was blocked for 7000 ms']);
});
