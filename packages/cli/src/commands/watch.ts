import type { DeviceInfo, Transport } from '@bluetap/transport';
import { Command } from 'commander';
import { valueOption } from '../options.js';
import { colorsFor, print } from '../output.js';
import { onStop } from '../stop-signals.js';
import { hardware, TRANSPORTS, transportFor } from '../transport.js';
import { listAll } from './list.js';

/** A device came or went at a transport, or a transport began or ceased to fail. */
export type Change =
  | { readonly event: 'attached' | 'detached'; readonly transport: string; readonly device: DeviceInfo }
  | { readonly event: 'failing'; readonly transport: string; readonly message: string };

/**
 * Tells what is attached, and then every change, until it is stopped. A hint of a transport is only that: the list decides.
 * @returns The function that stops it.
 */
export function watchAll(transports: readonly Transport[], tell: (change: Change) => void): () => void {
  let stopped = false;
  const stops = transports.map((transport) => {
    let known = new Map<string, DeviceInfo>();
    let failing: string | undefined;
    const look = async (): Promise<void> => {
      const [listing] = await listAll([transport]);
      if (stopped || !listing) return;
      if ('error' in listing) {
        const { message } = listing.error;
        if (message !== failing) tell({ event: 'failing', transport: transport.name, message });
        failing = message;
        return;
      }
      failing = undefined;
      const now = new Map(listing.devices.map((device) => [device.id, device]));
      for (const [id, device] of known) {
        if (!now.has(id)) tell({ event: 'detached', transport: transport.name, device });
      }
      for (const [id, device] of now) {
        if (!known.has(id)) tell({ event: 'attached', transport: transport.name, device });
      }
      known = now;
    };
    let looking = look();
    return transport.watch?.(() => {
      looking = looking.then(look);
    });
  });
  return () => {
    stopped = true;
    for (const stop of stops) stop?.();
  };
}

export function watchCommand(): Command {
  return new Command('watch')
    .summary('show devices as they come and go')
    .description('Show devices as they come and go, until Ctrl-C. Asks the system alone; no session is taken.')
    .addOption(valueOption('--transport <transport>', `only this one: ${TRANSPORTS}`))
    .option('--json', 'print one JSON object per line')
    .addHelpText('after', '\nExample:\n  bluetap watch --transport usb')
    .action(async ({ transport: text, json }: { transport?: string; json?: true }) => {
      const chosen = text === undefined ? undefined : transportFor(text);
      const { green, red, yellow } = colorsFor(process.stdout);
      const stop = watchAll(chosen ? [chosen.transport] : hardware(), (change) => {
        const time = new Date().toISOString();
        if (json) return print(JSON.stringify({ time, ...change }));
        if (change.event === 'failing') return print(`${time}  ${yellow('!')} ${change.transport}: ${change.message}`);
        const { id, serialNumber = '-', path = id, interface: door = '-' } = change.device;
        const sign = change.event === 'attached' ? green('+') : red('-');
        print(`${time}  ${sign} ${serialNumber}  ${door}  ${path}  ${change.transport}`);
      });
      // A watch does not keep a process alive by itself.
      const alive = setInterval(() => {}, 2 ** 31 - 1);
      await new Promise<void>((resolve) => onStop(() => resolve()));
      clearInterval(alive);
      stop();
      await chosen?.close();
    });
}
