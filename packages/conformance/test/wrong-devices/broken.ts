// Devices that no rule describes: a run on them must end in time, and say what happened.
import type { Clock } from '@bluetap/transport';
import type { Line } from './connection.js';
import { Device } from './device.js';
import type { Endpoint, FarEnd } from './in-process.js';
import { number, writeFrame } from './wire.js';

const right = () => false;
const LINK = 0x41;
const READY = 1;

/** A device whose connections do what `connected` does with each of them. */
function endpoint(connected: (line: Line) => FarEnd, disconnected: () => void = () => {}): Endpoint<FarEnd> {
  return { serialNumber: 'BROKEN-1', connect: connected, disconnect: disconnected };
}

/** It takes all bytes and never says anything. */
export const mute = (): Endpoint<FarEnd> => endpoint(() => ({ receive() {} }));

/** It answers every request with bytes that are no frame. */
export function garbage(): Endpoint<FarEnd> {
  let seed = 1;
  const next = (): number => {
    seed = (seed * 75 + 74) % 65_537;
    return seed % 256;
  };
  return endpoint((line) => ({ receive: () => line.send(Uint8Array.from({ length: 40 }, next)) }));
}

/** It sends `bytes` each millisecond while a connection is open, and nothing else. */
export function flooding(clock: Clock, bytes: Uint8Array): Endpoint<FarEnd> {
  let timer: unknown;
  return endpoint(
    (line) => {
      const send = (): void => {
        line.send(bytes);
        timer = clock.setTimeout(send, 1);
      };
      send();
      return { receive() {} };
    },
    () => clock.clearTimeout(timer),
  );
}

/** A right device, whose line also gets a LINK of another session each millisecond. */
export function floodingWithLinks(clock: Clock, device: Device): Endpoint<FarEnd> {
  const header = { version: 1, type: LINK, session: 1, sequence: 1 };
  const link = writeFrame(header, [{ tag: 0x12, value: number(READY, 1) }], right);
  const timers = new Map<FarEnd, unknown>();
  return {
    serialNumber: device.serialNumber,
    connect(line) {
      const end = device.connect(line);
      const send = (): void => {
        line.send(link);
        timers.set(end, clock.setTimeout(send, 1));
      };
      send();
      return end;
    },
    disconnect(end) {
      clock.clearTimeout(timers.get(end));
      device.disconnect(end as ReturnType<Device['connect']>);
    },
  };
}

/** A right device until it has received `requests` pieces. Then it is `how`, for all connections and for ever. */
export function dying(device: Device, requests: number, how: 'mute' | 'gone'): Endpoint<FarEnd> {
  let left = requests;
  const ends = new Map<FarEnd, ReturnType<Device['connect']>>();
  return {
    serialNumber: device.serialNumber,
    connect(line) {
      const inner = device.connect(line);
      const end: FarEnd = {
        receive(bytes) {
          left -= 1;
          if (left >= 0) inner.receive(bytes);
          else if (how === 'gone') device.disconnect(inner, true);
        },
      };
      ends.set(end, inner);
      if (left < 0 && how === 'gone') device.disconnect(inner, true);
      return end;
    },
    disconnect(end) {
      const inner = ends.get(end);
      if (inner) device.disconnect(inner);
    },
  };
}

/** Two right devices on one line: from the second connection on the other one answers. */
export function changing(clock: Clock, after: number): Endpoint<FarEnd> {
  const devices = [new Device({ clock }), new Device({ clock, serialNumber: 'WRONG-3', random: () => 77 })] as const;
  let left = after;
  const ends = new Map<FarEnd, readonly ReturnType<Device['connect']>[]>();
  return {
    serialNumber: devices[0].serialNumber,
    connect(line) {
      const inner = devices.map((device) => device.connect(line));
      const end: FarEnd = {
        receive(bytes) {
          left -= 1;
          inner[left >= 0 ? 0 : 1]?.receive(bytes);
        },
      };
      ends.set(end, inner);
      return end;
    },
    disconnect(end) {
      for (const [at, inner] of (ends.get(end) ?? []).entries()) devices[at]?.disconnect(inner);
    },
  };
}

/** A right device that another host uses too: `after` pieces of the first host it opens a session of its own. */
export function shared(device: Device, after: number): Endpoint<FarEnd> {
  let left = after;
  const hello = writeFrame(
    { version: 1, type: 1, session: 0, sequence: 0 },
    [{ tag: 0x20, value: number(7, 4) }],
    right,
  );
  const ends = new Map<FarEnd, ReturnType<Device['connect']>>();
  return {
    serialNumber: device.serialNumber,
    connect(line) {
      const inner = device.connect(line);
      const end: FarEnd = {
        receive(bytes) {
          left -= 1;
          if (left === 0) {
            const other = device.connect({ send() {}, end() {} });
            for (let sessions = 0; sessions < 3; sessions++) other.receive(hello);
            device.disconnect(other);
          }
          inner.receive(bytes);
        },
      };
      ends.set(end, inner);
      return end;
    },
    disconnect(end) {
      const inner = ends.get(end);
      if (inner) device.disconnect(inner);
    },
  };
}
