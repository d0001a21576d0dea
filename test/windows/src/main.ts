// node test/windows/dist/main.js [NAME...]: runs the cases of test/windows/cases as Windows programs under Wine. NAME
// chooses the files whose names contain it. .ci/run sets BLUETAP_RESULTS, and then this program also counts its tests
// in that file.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Deadline } from '../../../lab/dist/deadline.js';
import { ensureDebianPackages } from '../../../lab/dist/debian-packages.js';
import { endingWithSignals } from '../../../lab/dist/ending-with-signals.js';
import { LabError } from '../../../lab/dist/lab-errors.js';
import { countSuite } from '../../../scripts/ci/checks.mjs';
import { bundleCases, bundleComPorts } from './bundle.js';
import { startDevices } from './devices.js';
import { type Count, runCases } from './run-cases.js';
import { makeSite } from './site.js';
import { Wine } from './wine.js';

/** Wine, and a compiler for the one DLL that it lacks. */
const NEEDED = ['wine64', 'gcc-mingw-w64-x86-64'];

const TITLE = 'Windows programs under Wine, not Windows';

const chosen = process.argv.slice(2);

try {
  await ensureDebianPackages(new Deadline(300), NEEDED, 'tests of Windows programs');
  await endingWithSignals(run);
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(error.message);
  process.exitCode = 125;
}

async function run(signal: AbortSignal): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'bluetap-windows-'));
  let wine: Wine | undefined;
  try {
    wine = new Wine(join(home, 'prefix'), signal);
    const [site] = await Promise.all([makeSite(home, signal), wine.start()]);
    const cases = await bundleCases(join(site.folder, 'cases'));
    const files = cases.filter((file) => chosen.length === 0 || chosen.some((name) => file.includes(name)));
    const comPorts = join(home, 'com-ports.mjs');
    await bundleComPorts(comPorts);
    const devices = await startDevices(comPorts, wine.devices, signal);
    console.log(`${TITLE}: ${await wine.version()}, Node for Windows ${site.version}`);
    const count = await runCases({ wine, site, files, home, environment: devices.environment });
    await devices.end();
    report(count);
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await wine?.end();
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  }
}

function report({ passed, failed, output, lacks }: Count): void {
  if (lacks.length > 0)
    console.log(`\nWhat Wine lacks, so that it was not tried:\n${lacks.map((fact) => `- ${fact}\n`).join('')}`);
  console.log(`${TITLE}: ${passed} passed, ${failed} failed`);
  countSuite({ passed, failed }, output);
  if (failed > 0) process.exitCode = 1;
}
