// What the controller of the devices and their server, which is a process of its own, say to each other: lines of JSON.
import type * as emulator from '@bluetap/emulator';
import type { FunctionName, Transfers } from '@bluetap/emulator/node';

/** What makes the ready-made behaviours that the suite uses. */
export type BehaviourMakers = Pick<typeof emulator, 'delayReplies' | 'loseReplies' | 'refuse'>;

/** One of these behaviours, and what it is made with. */
export type BehaviourOrder = {
  readonly [Name in keyof BehaviourMakers]: {
    readonly behaviour: Name;
    readonly args: Parameters<BehaviourMakers[Name]>;
  };
}[keyof BehaviourMakers];

/** What a device can be told, with the details that go with it, and what is answered. */
export interface DeviceCommands {
  plug(): void;
  unplug(details: { readonly power: 'kept' | 'lost' }): void;
  tap(): void;
  snapshot(): emulator.Snapshot;
  transfers(): Transfers;
  /** Whether a host has it. */
  imported(): boolean;
  /** One direction of a function stalls. */
  halt(details: { readonly functionName: FunctionName; readonly direction: 'in' | 'out' }): void;
  /** A function takes nothing more, and each write that waits for it is told of. */
  nak(details: { readonly functionName: FunctionName }): void;
  /** It behaves in one of the ready-made ways. */
  use(details: BehaviourOrder): void;
  /** Nothing more is told of what happens. */
  mute(): void;
  /** Takes every behaviour off again. */
  behave(): void;
  /** A raw device sends bytes, in base64, through one of its functions. */
  send(details: { readonly functionName: FunctionName; readonly bytes: string }): void;
}

/** Why a command was not carried out, or what it answers. */
export type Answer = { readonly id: number } & ({ readonly value: unknown } | { readonly error: string });

/** What a device does or hears. */
export type DeviceEvent =
  | (emulator.EmulatorEvent & { readonly device: string })
  | ReceivedBytes
  /** What a host wrote waits for a device that answers NAK. */
  | { readonly event: 'waiting'; readonly device: string; readonly functionName: FunctionName };

/** A raw device has taken bytes, in base64. */
export interface ReceivedBytes {
  readonly event: 'received';
  readonly device: string;
  readonly functionName: FunctionName;
  readonly bytes: string;
}

/** The first line: where each device is. */
export interface Exported {
  readonly event: 'exported';
  readonly devices: readonly { readonly busid: string; readonly serialNumber: string }[];
}
