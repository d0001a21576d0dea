// node test/clients/dist/main.js [WORD...]: builds and tests the client libraries in clients/. WORD chooses the steps
// whose language or name contains it. .ci/run sets BLUETAP_RESULTS, and then this program also counts its tests in that
// file.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Deadline } from '../../../lab/dist/deadline.js';
import { ensureDebianPackages } from '../../../lab/dist/debian-packages.js';
import { endingWithSignals } from '../../../lab/dist/ending-with-signals.js';
import { LabError } from '../../../lab/dist/lab-errors.js';
import { countSuite } from '../../../scripts/ci/checks.mjs';
import { debianPackages, type Language } from './languages.js';
import type { Step, StepSetup } from './step.js';
import { builds, steps } from './steps.js';

const TITLE = 'clients in Python and C#';

const chosen = process.argv.slice(2);
const wanted = steps.filter(
  ({ language, name }) => chosen.length === 0 || chosen.some((word) => `${language} ${name}`.includes(word)),
);
const languages = [...new Set(wanted.map(({ language }) => language))];
const total = { passed: 0, failed: 0, output: '' };

try {
  if (wanted.length === 0) throw new LabError(`No step has one of these words in its name: ${chosen.join(', ')}.`);
  const packages = languages.flatMap((language) => debianPackages[language]);
  await ensureDebianPackages(new Deadline(300), packages, 'tests of the clients');
  await endingWithSignals(run);
  console.log(`${TITLE}: ${total.passed} passed, ${total.failed} failed`);
  countSuite(total, total.output);
  if (total.failed > 0) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  console.error(error.message);
  process.exitCode = 125;
}

async function run(signal: AbortSignal): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'bluetap-clients-'));
  const setup = { home, signal };
  try {
    const built = await Promise.all(languages.map((language) => buildOf(language, setup)));
    const rest = wanted.filter(({ language }) => built.includes(language));
    const work = async (): Promise<void> => {
      for (let step = rest.shift(); step !== undefined; step = rest.shift()) await runStep(step, setup);
    };
    // A conformance run mostly waits for the times of the protocol, so more of them run than there are cores.
    await Promise.all(Array.from({ length: availableParallelism() + 2 }, work));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    rmSync(home, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Returns the language if its library was built. Without it, the other steps of the language say nothing. */
async function buildOf(language: Language, setup: StepSetup): Promise<Language | undefined> {
  return (await runStep(builds[language], setup)) ? language : undefined;
}

async function runStep({ language, name, run: runOne }: Step, setup: StepSetup): Promise<boolean> {
  const started = performance.now();
  const { passed, failed, output } = await runOne(setup);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const text = `${failed > 0 ? 'FAILED ' : 'ok     '} ${language}: ${name}: ${passed} passed, ${failed} failed (${seconds} s)`;
  console.log(failed > 0 ? `${text}\n${output.replace(/^/gm, '    ')}` : text);
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) total.output += `${text}\n`;
  return failed === 0;
}
