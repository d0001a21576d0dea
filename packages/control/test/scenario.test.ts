import { parseScenario, Scenario } from '@bluetap/control';
import { Emulator, type EmulatorEvent, VirtualClock } from '@bluetap/emulator';
import { DeviceControl } from '@bluetap/emulator/commands';
import { encodeMessage } from '@bluetap/protocol';
import { describe, expect, onTestFinished, test } from 'vitest';

const SERIALS = ['A', 'B'];

/** Two devices and a scenario, in virtual time. */
function play(...lines: string[]) {
  const clock = new VirtualClock();
  const events: EmulatorEvent[] = [];
  const done: unknown[] = [];
  const errors: string[] = [];
  let scenario: Scenario | undefined;
  const devices = SERIALS.map((serialNumber) => {
    const onEvent = (event: EmulatorEvent) => {
      events.push(event);
      scenario?.event(event, serialNumber);
    };
    return new DeviceControl(new Emulator({ serialNumber, clock, onEvent }));
  });
  scenario = new Scenario(parseScenario(lines.join('\n'), SERIALS), devices, {
    clock,
    onCommand: (verb, _parameters, by, serialNumber) => done.push([clock.now(), verb, by, serialNumber]),
    onError: (message) => errors.push(message),
  });
  onTestFinished(async () => {
    scenario.stop();
    for (const { emulator } of devices) await emulator.close();
    expect(clock.pending).toBe(0);
  });
  const [one, two] = devices as [DeviceControl, DeviceControl];
  return { clock, scenario, one, two, events, done, errors };
}

describe('the steps', () => {
  test('are done one after the other, each at its time, for one device or for all', async () => {
    const { clock, scenario, done } = play(
      '# the cable comes out and goes in again',
      '{"after":1000,"do":"unplug","serial":"B","power":"lost"}',
      '',
      '{"after":500,"do":"plug","serial":"B"}',
      '{"do":"tap"}',
    );
    scenario.start();
    await clock.advance(999);
    expect(done).toEqual([]);
    await clock.advance(502);
    expect(done).toEqual([
      [1000, 'unplug', 'scenario', 'B'],
      [1500, 'plug', 'scenario', 'B'],
      [1501, 'tap', 'scenario', 'A'],
      [1501, 'tap', 'scenario', 'B'],
    ]);
  });

  test('wait for an event with these members, also within its message', async () => {
    const { clock, scenario, one, done } = play(
      '{"on":{"event":"message","direction":"in","message":{"type":"PAY","orderId":"X"},"serialNumber":"A"},"after":200,"do":"tap","serial":"A"}',
      '{"on":{"event":"tap"},"do":"expire","serial":"A"}',
    );
    scenario.start();
    const connection = one.emulator.attach({ name: 'test', send: () => {}, close: () => {} });
    connection.receive(encodeMessage({ type: 'HELLO', session: 0, sequence: 0, nonce: 1 }));
    const session = one.view.session!.number;
    const pay = (sequence: number, orderId: string) =>
      connection.receive(encodeMessage({ type: 'PAY', session, sequence, paymentMethod: 'TRUEMONEY', orderId }));
    pay(1, 'Y');
    await clock.advance(1000);
    expect(done).toEqual([]);
    pay(2, 'X');
    expect(one.view.snapshot).toMatchObject({ state: 'ready', taps: 0 });
    await clock.advance(200);
    expect(done).toEqual([[1200, 'tap', 'scenario', 'A']]);
    // Only an event that comes after the step before counts: the tap above was its own.
    await clock.advance(1000);
    expect(one.view.snapshot.state).toBe('ready');
    one.emulator.tap();
    await clock.advance(5);
    expect(one.view.snapshot.state).toBe('expired');
  });

  test('go on after one that is refused; its line is named', async () => {
    const { clock, scenario, errors, done } = play(
      '',
      '{"do":"remove-behaviour","behaviour":7,"serial":"A"}',
      '{"do":"tap"}',
    );
    scenario.start();
    await clock.advance(5);
    expect(errors).toEqual(['the scenario, line 2: A has no behaviour with the number 7: it has none']);
    expect(done).toHaveLength(2);
  });

  test('end with stop', async () => {
    const { clock, scenario, done } = play('{"after":10,"do":"tap"}');
    scenario.start();
    scenario.stop();
    await clock.advance(100);
    expect(done).toEqual([]);
  });
});

test.each<[string, string]>([
  ['{"do":"tap"', 'line 7: it is not JSON: '],
  ['["tap"]', 'line 7: it is not a JSON object'],
  ['{"do":"fly"}', 'line 7: "do" must be one of snapshot, '],
  ['{"do":"unplug","power":"off"}', 'line 7: the parameter "power" of unplug must be one of kept, lost, but is "off"'],
  ['{"do":"tap","afer":5}', 'line 7: tap has no parameter "afer": it has none'],
  ['{"do":"tap","after":-1}', 'line 7: "after" must be a number of milliseconds from 0 to 2147483647, but is -1'],
  ['{"do":"tap","on":"tap"}', 'line 7: "on" must be an object with the name of an event: {"event":"tap"}'],
  ['{"do":"tap","serial":"C"}', 'line 7: no device has the serial number "C": there is A, B'],
])('a mistake in line 7 is named: %s', (line, message) => {
  const text = `# a scenario\n\n{"do":"tap"}\n{"do":"tap"}\r\n\n  # more\n${line}\n{"do":"plug"}`;
  expect(() => parseScenario(text, SERIALS)).toThrow(message);
});

test('every line that is wrong is named; a file without a step is wrong too', () => {
  expect(() => parseScenario('{\n{"do":"tap"}\n5', SERIALS)).toThrow(/^line 1: .*; line 3: /);
  expect(() => parseScenario('# nothing\n', SERIALS)).toThrow('there is no step: write one JSON object per line');
});
