import type { Emulator } from '@bluetap/emulator';
import type { Hook } from '../../src/index.js';

/** A hook that acts on an emulated device in the same process. */
export function emulatorHook(emulator: Emulator): Hook {
  return async (action) => {
    switch (action) {
      case 'tap':
        return { ndef: emulator.tap()?.ndef ?? new Uint8Array(0) };
      case 'fault':
        emulator.nfcFault = true;
        return {};
      case 'repair':
        emulator.nfcFault = false;
        return {};
      case 'power-cycle':
        emulator.powerCycle();
        return {};
    }
  };
}
