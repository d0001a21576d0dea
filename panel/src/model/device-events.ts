import type { EmulatorEvent, Snapshot } from '@bluetap/emulator';
import type { BehaviourView, DeviceView } from '@bluetap/emulator/commands';
import { countdown, type DeviceModel, MOST_STEPS } from './device-model.js';
import type { CommandEvent, PanelEvent } from './panel-input.js';

/** Returns the device after an event: what it shows, who has the session, what goes wrong next. It makes no rows. */
export function afterEvent(device: DeviceModel, event: PanelEvent, now: number): DeviceModel {
  switch (event.event) {
    case 'message':
      return afterMessage(device, event);
    case 'tap':
      return shows(counted(device, 'taps'), event.snapshot, now);
    case 'state':
      return afterState(device, event, now);
    case 'restore':
      return { ...shows(device, event.snapshot, now), stale: true };
    case 'unplug':
      return viewed(device, { snapshot: { ...device.view.snapshot, plugged: false }, connections: [] });
    case 'plug':
      return viewed(device, { snapshot: { ...device.view.snapshot, plugged: true } });
    case 'start':
      return afterStart(device, event.bootId, now);
    case 'session': {
      const { bootId, session, lastCommand } = event;
      return { ...viewed(device, { bootId, session, lastCommand }), sessionSince: session ? event.time : undefined };
    }
    case 'repeat':
      return counted(device, 'repeats');
    case 'behaviour':
      return afterEffect(device, event, event.time);
    case 'connected':
      return viewed(device, { connections: [...device.view.connections, event.connection] });
    case 'disconnected':
      return viewed(device, { connections: device.view.connections.filter((name) => name !== event.connection) });
    case 'command':
      return afterCommand(device, event);
    default:
      return device;
  }
}

type Of<Name extends EmulatorEvent['event']> = Extract<EmulatorEvent, { event: Name }>;

function viewed(device: DeviceModel, change: Partial<DeviceView>): DeviceModel {
  return { ...device, view: { ...device.view, ...change } };
}

function shows(device: DeviceModel, snapshot: Snapshot, now: number): DeviceModel {
  return { ...viewed(device, { snapshot }), ...countdown(device, snapshot.remaining, now) };
}

/** This count is not exact, because events that are told again count twice. A view that is read later is exact. */
function counted(device: DeviceModel, name: keyof DeviceView['counters']): DeviceModel {
  const { counters } = device.view;
  return { ...viewed(device, { counters: { ...counters, [name]: counters[name] + 1 } }), stale: true };
}

function afterMessage(device: DeviceModel, { message, direction }: Of<'message'>): DeviceModel {
  if (direction === 'in') return message.type === 'PAY' ? counted(device, 'payFrames') : device;
  const executes = message.type === 'PAY_REPLY' || message.type === 'CANCEL_REPLY';
  if (!executes || message.result !== 'SUCCESS') return device;
  return viewed(device, { lastCommand: { session: message.session, sequence: message.sequence } });
}

function afterState(device: DeviceModel, { cause, snapshot }: Of<'state'>, now: number): DeviceModel {
  // A PAY starts a new payment link, so the old countdown is not valid any more.
  if (cause !== 'pay' || snapshot.state !== 'ready') return shows(device, snapshot, now);
  return shows(counted({ ...device, deadline: undefined, lifetime: undefined }, 'paymentLinks'), snapshot, now);
}

function afterStart(device: DeviceModel, bootId: number, now: number): DeviceModel {
  const { serialNumber, plugged, simulated } = device.view.snapshot;
  const none: Snapshot = { simulated, serialNumber, plugged, state: 'idle', taps: 0 };
  const started = viewed(device, { bootId, session: null, lastCommand: null, connections: [] });
  return { ...shows(started, none, now), sessionSince: undefined };
}

function afterEffect(device: DeviceModel, { id, name, left }: Of<'behaviour'>, time: string): DeviceModel {
  const { behaviours } = device.view;
  const known = behaviours.find(({ behaviour }) => behaviour === id);
  const acted: BehaviourView = { ...(known ?? { behaviour: id, name }), ...(left !== undefined && { left }) };
  const changed = known
    ? viewed(device, { behaviours: behaviours.map((each) => (each === known ? acted : each)) })
    : { ...device, stale: true };
  const isSpent = left === 0 && !device.spent.some(({ behaviour }) => behaviour.behaviour === id);
  return isSpent ? { ...changed, spent: [{ behaviour: acted, time }, ...device.spent].slice(0, 5) } : changed;
}

function afterCommand(device: DeviceModel, { event, do: verb, parameters, by }: CommandEvent): DeviceModel {
  const step = { event, do: verb, parameters, by };
  // After a reset, earlier steps do not count any more.
  const steps = verb === 'reset' ? [step] : [...device.steps, step].slice(-MOST_STEPS);
  const told = { ...device, steps, stale: true };
  return verb === 'reset' || verb === 'remove-behaviours' ? { ...told, spent: [] } : told;
}
