import {
  type Behaviour,
  corruptReplies,
  delayReplies,
  duplicateReplies,
  Emulator,
  type EmulatorEvent,
  ignoreRequests,
  loseReplies,
  refuse,
  restartAfterExecuting,
  silent,
  stutter,
  VirtualClock,
} from '@bluetap/emulator';
import { encodeMessage, type Request } from '@bluetap/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RawHost } from '../raw-host.js';

const clock = new VirtualClock();
let emulator: Emulator;
let host: RawHost;
let events: EmulatorEvent[];

beforeEach(() => {
  events = [];
  emulator = new Emulator({ clock, random: () => 0, onEvent: (event) => events.push(event) });
  host = new RawHost(emulator);
  host.hello();
  events.length = 0;
});
afterEach(() => emulator.close());

function use(behaviour: Behaviour): void {
  emulator.use(behaviour);
}

function pay(): void {
  send({ type: 'PAY', session: host.session, sequence: 1, paymentMethod: 'TRUEMONEY', orderId: 'A' });
}

/** Sends a request and expects no answer, because a behaviour can lose it. */
function send(request: Request): void {
  host.connection.receive(encodeMessage(request));
}

const only = <Name extends EmulatorEvent['event']>(name: Name) =>
  events.filter((event): event is Extract<EmulatorEvent, { event: Name }> => event.event === name);
const frames = () => only('message');

describe('the effect of a behaviour on a frame', () => {
  test('none, without an event, if the frame passes unchanged', () => {
    use({ name: 'looks', onFrame: (frame, next) => next(frame), onSend: (bytes, next) => next(bytes) });
    pay();
    expect(only('behaviour')).toEqual([]);
  });

  test('lost: a reply, with the number of its frame and how often the behaviour still acts', () => {
    use(loseReplies(2, { type: 'PAY' }));
    pay();
    const [, reply] = frames();
    expect(only('behaviour')).toEqual([
      {
        event: 'behaviour',
        id: 1,
        name: 'loseReplies',
        effect: 'lost',
        direction: 'out',
        connection: 'test',
        frameNumber: reply!.frameNumber,
        left: 1,
      },
    ]);
  });

  test('lost: a request, which the device never sees', () => {
    use(ignoreRequests(1));
    pay();
    expect(only('behaviour')).toMatchObject([{ effect: 'lost', direction: 'in', frameNumber: 3, left: 0 }]);
    expect(frames().map(({ direction }) => direction)).toEqual(['in']);
  });

  test('lost: the device restarts instead of the reply', () => {
    use(restartAfterExecuting());
    pay();
    expect(only('behaviour')).toMatchObject([{ name: 'restartAfterExecuting', effect: 'lost', direction: 'out' }]);
  });

  test('held, then passed', async () => {
    use(delayReplies(500));
    pay();
    expect(only('behaviour')).toMatchObject([{ effect: 'held', frameNumber: 4 }]);
    await clock.advance(500);
    const [, reply] = frames();
    expect(only('behaviour').slice(1)).toMatchObject([{ effect: 'passed', frameNumber: 4, wire: reply!.wire }]);
  });

  test('changed, with the bytes that the host gets', () => {
    use(corruptReplies());
    pay();
    const [, reply] = frames();
    const [changed] = only('behaviour');
    expect(changed!.effect).toBe('changed');
    expect(changed!.wire).toHaveLength(reply!.wire.length);
    expect(changed!.wire).not.toBe(reply!.wire);
  });

  test('changed in place', () => {
    use({
      name: 'in place',
      onSend: (bytes, next) => {
        bytes[3]! ^= 1;
        next(bytes);
      },
    });
    pay();
    expect(only('behaviour')).toMatchObject([{ effect: 'changed' }]);
  });

  test('a frame that cannot be written as bytes reaches the device with and without a listener', () => {
    const answers = [emulator, new Emulator({ clock, random: () => 0 })].map((device) => {
      const one = new RawHost(device);
      one.hello();
      device.use({ name: 'long', onFrame: (frame, next) => next({ ...frame, payload: new Uint8Array(200) }) });
      return one.request({ type: 'STATUS' });
    });
    expect(answers[0]).toMatchObject({ result: 'PARAM_ILLEGAL' });
    expect(answers[1]).toMatchObject({ result: 'PARAM_ILLEGAL' });
    expect(only('behaviour')).toMatchObject([{ effect: 'changed' }]);
  });

  test('split, and repeated', () => {
    use(stutter());
    pay();
    const [, reply] = frames();
    expect(only('behaviour')).toMatchObject([{ effect: 'split', wire: reply!.wire }]);
    emulator.reset();
    host = new RawHost(emulator);
    host.hello();
    events.length = 0;
    use(duplicateReplies());
    pay();
    const [, again] = frames();
    expect(only('behaviour')).toMatchObject([{ effect: 'repeated', wire: again!.wire.repeat(2) }]);
  });

  test('answered: the answer is a frame with a number of its own', () => {
    use(silentReplies());
    use(refuse(4, { times: 1 }));
    pay();
    const [answered, lost] = only('behaviour');
    expect(answered).toMatchObject({ effect: 'answered', direction: 'in', frameNumber: 3, answerNumber: 4, left: 0 });
    expect(answered!.wire).toMatch(/^00/);
    expect(lost).toMatchObject({ name: 'silentReplies', effect: 'lost', direction: 'out', frameNumber: 4 });
  });

  test('none if the behaviour fails: the frame passes as if the behaviour did not exist', () => {
    const failing = new Emulator({ clock, onEvent: (event) => events.push(event), onError: () => {} });
    failing.use({
      name: 'fails',
      onSend: () => {
        throw new Error('no');
      },
    });
    const other = new RawHost(failing);
    other.hello();
    expect(only('behaviour')).toEqual([]);
    expect(other.session).toBeGreaterThan(0);
  });

  test('a behaviour that waits by itself: lost, then passed', async () => {
    let release = () => {};
    use({
      name: 'waits',
      onSend: (bytes, next) => {
        release = () => next(bytes);
      },
    });
    pay();
    expect(only('behaviour')).toMatchObject([{ effect: 'lost' }]);
    release();
    expect(only('behaviour').slice(1)).toMatchObject([{ effect: 'passed' }]);
  });
});

test('a repeat is told, with the number of its frame', () => {
  const request = { type: 'PAY', session: host.session, sequence: 1, paymentMethod: 'TRUEMONEY' } as const;
  send(request);
  expect(only('repeat')).toEqual([]);
  send(request);
  const [, , second] = frames();
  expect(only('repeat')).toEqual([{ event: 'repeat', connection: 'test', frameNumber: second!.frameNumber }]);
  expect(emulator.counters).toEqual({ paymentLinks: 1, payFrames: 2, repeats: 1, taps: 0 });
});

test('the list of behaviours, newest first, and removal by number', () => {
  emulator.use(silent());
  const remove = emulator.use(loseReplies(3));
  expect(emulator.behaviours.map(({ id, behaviour }) => [id, behaviour.name, behaviour.left])).toEqual([
    [2, 'loseReplies', 3],
    [1, 'silent', undefined],
  ]);
  expect(emulator.removeBehaviour(1)).toBe(true);
  expect(emulator.removeBehaviour(1)).toBe(false);
  remove();
  expect(emulator.behaviours).toEqual([]);
});

function silentReplies(): Behaviour {
  return { name: 'silentReplies', onSend: () => {} };
}
