// node lab/suite/main.mjs [PART...]: the kernel suite, or parts of it. It runs in the guest; lab/test-kernel.mjs starts it.
import { after, before } from 'node:test';
import { stopMonitoring } from './kernel.mjs';
import { closeAllPos } from './pos-programs.mjs';
import { devices } from './the-devices.mjs';

/** Those that share devices come one after another; the contract has its own, and comes last. */
const parts = ['paying', 'kernels-view', 'sharing', 'trouble', 'unplugging', 'conformance'];

before(() => devices.start());
after(async () => {
  await closeAllPos();
  await devices.stop();
  stopMonitoring();
});

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !parts.includes(name));
if (unknown !== undefined) throw new Error(`there is no part "${unknown}"; there are ${parts.join(', ')}`);
for (const name of wanted.length > 0 ? wanted : parts) await import(`./${name}.test.mjs`);
