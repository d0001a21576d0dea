import { BlockList, isIP } from 'node:net';
import type { Emulator } from '@bluetap/emulator';
import { type Door, type ListenAddress, listen, openPty } from '@bluetap/emulator/node';
import { ExitCode, Failure } from '../exit-code.js';
import { note } from '../output.js';

/** A way in that a person asked for. */
export type WantedDoor = ListenAddress | { readonly pty: true };

/** Its kind is the option's name, and its key in the line that says "ready". */
export type DoorKind = 'tcp' | 'unix' | 'pty';

export interface OpenDoor {
  readonly kind: DoorKind;
  /** As the door says it: "tcp://127.0.0.1:4000", "unix:/run/bluetap.sock" or "/dev/pts/3". */
  readonly address: string;
}

/**
 * Opens the doors in the order given; they close with the emulator.
 * @param onLost Told which door has ended by itself, and why.
 * @throws Failure that says which one could not be opened, and why.
 */
export async function openDoors(
  emulator: Emulator,
  wanted: readonly WantedDoor[],
  onLost: (message: string) => void,
): Promise<OpenDoor[]> {
  const opened: OpenDoor[] = [];
  for (const where of wanted) {
    try {
      const { address } = await open(emulator, where, onLost);
      opened.push({ kind: kindOf(where), address });
      if (address.startsWith('tcp://') && !isLoopback(address)) {
        note(`bluetap: ${address} is open to other machines: whoever reaches this one can use the emulated device.`);
      }
    } catch (cause) {
      const malformed = cause instanceof RangeError;
      throw new Failure(
        malformed ? ExitCode.USAGE : ExitCode.FAILED,
        `--${kindOf(where)}: ${(cause as Error).message}`,
        {
          cause,
        },
      );
    }
  }
  return opened;
}

function open(emulator: Emulator, where: WantedDoor, onLost: (message: string) => void): Promise<Door> {
  if (!('pty' in where)) return listen(emulator, where);
  return openPty(emulator, { onError: ({ message }) => onLost(`--pty: ${message}`) });
}

function kindOf(where: WantedDoor): DoorKind {
  return 'tcp' in where ? 'tcp' : 'unix' in where ? 'unix' : 'pty';
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

export function isLoopback(address: string): boolean {
  const { hostname } = new URL(address);
  const host = hostname.replaceAll(/[[\]]/g, '');
  return loopback.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}
