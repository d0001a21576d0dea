// node lab/suite/dist/main.js [PART...]: runs the kernel suite, or parts of it, in the guest. lab/suite/src/test-kernel.ts
// starts it.
import { after, before } from 'node:test';
import { devices } from './device-controller.js';
import { stopMonitoring } from './kernel-devices.js';
import { parts } from './parts.js';
import { closeAllPos } from './pos-per-transport.js';

before(() => devices.start());
after(async () => {
  await closeAllPos();
  await devices.stop();
  stopMonitoring();
});

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !parts.includes(name));
if (unknown !== undefined) throw new Error(`there is no part "${unknown}". The parts are: ${parts.join(', ')}`);
for (const name of wanted.length > 0 ? wanted : parts) await import(`./${name}.test.js`);
