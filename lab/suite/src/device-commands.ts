// The lines of JSON between the controller of the devices and their server. The server is another process.
import type * as emulator from '@bluetap/emulator';
import type { FunctionName, Transfers } from '@bluetap/emulator/node';

/** The functions of the emulator that make the behaviours of this suite. */
export type BehaviourMakers = Pick<typeof emulator, 'delayReplies' | 'loseReplies' | 'refuse'>;

/** A behaviour by the name of its function, and the arguments of that function. */
export type BehaviourOrder = {
  readonly [Name in keyof BehaviourMakers]: {
    readonly behaviour: Name;
    readonly args: Parameters<BehaviourMakers[Name]>;
  };
}[keyof BehaviourMakers];

/** The commands for a device, with their details and their return values. */
export interface DeviceCommands {
  plug(): void;
  unplug(details: { readonly power: 'kept' | 'lost' }): void;
  tap(): void;
  snapshot(): emulator.Snapshot;
  transfers(): Transfers;
  /** True if a host has attached the device. */
  imported(): boolean;
  /** Makes one direction of a function stall. */
  halt(details: { readonly functionName: FunctionName; readonly direction: 'in' | 'out' }): void;
  /** Makes a function accept no more bytes. The server reports each write that waits for the function. */
  nak(details: { readonly functionName: FunctionName }): void;
  /** Adds a behaviour to the device. */
  use(details: BehaviourOrder): void;
  /** Stops the reports of device events. */
  mute(): void;
  /** Removes every behaviour. */
  behave(): void;
  /** Makes a raw device send bytes, in base64, through one of its functions. */
  send(details: { readonly functionName: FunctionName; readonly bytes: string }): void;
}

/** The answer to a command: its return value, or the error. */
export type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string });

/** An event of a device, or bytes that it received. */
export type DeviceEvent =
  | (emulator.EmulatorEvent & { readonly device: string })
  | ReceivedBytes
  /** Bytes of a host wait for a device that answers NAK. */
  | { readonly event: 'waiting'; readonly device: string; readonly functionName: FunctionName };

/** A raw device has received bytes, in base64. */
export interface ReceivedBytes {
  readonly event: 'received';
  readonly device: string;
  readonly functionName: FunctionName;
  readonly bytes: string;
}

/** The first line of the server: the bus id of each device. */
export interface Exported {
  readonly event: 'exported';
  readonly devices: readonly { readonly busid: string; readonly serialNumber: string }[];
}
