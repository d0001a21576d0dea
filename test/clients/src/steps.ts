// The steps of the run, as data. The first step of a language builds its library. Its other steps need nothing of each
// other.
import { join } from 'node:path';
import { runToEnd } from '../../../lab/dist/run-to-end.js';
import { checkSample } from './check-sample.js';
import { readCount } from './count.js';
import { bluetap, clients, hosts, type Language } from './languages.js';
import { samples } from './samples.js';
import type { Step, StepSetup } from './step.js';
import { buildWheel } from './wheel.js';

/** The folder in which the wheel is unpacked. The steps use the library from there, as a shop does. */
const siteOf = ({ home }: StepSetup): string => join(home, 'site');

function environment(setup: StepSetup): NodeJS.ProcessEnv {
  // Without this variable the programs in Python write their caches beside the sources.
  return { ...process.env, PYTHONPATH: siteOf(setup), PYTHONDONTWRITEBYTECODE: '1' };
}

/** Runs a program that counts its tests, or that is one check. */
function program(command: readonly string[], cwd: string, counts: boolean): Step['run'] {
  return async (setup) => {
    const { code, stdout, stderr } = await runToEnd(command, { cwd, env: environment(setup), signal: setup.signal });
    const output = [stdout, stderr]
      .map((text) => text.trimEnd())
      .filter((text) => text !== '')
      .join('\n');
    const count = counts ? readCount(stdout) : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
    if (code === 0 && count !== undefined && count.passed > 0) return { ...count, output };
    return {
      passed: count?.passed ?? 0,
      failed: Math.max(1, count?.failed ?? 0),
      output: `${output}\n${command.join(' ')} ended with ${code}`,
    };
  };
}

const conformance = (language: Language, options: readonly string[]): Step['run'] =>
  program([...bluetap, 'conformance', '--host', ...options, '--', ...hosts[language], ...options], clients, true);

const hostSteps = (language: Language): Step[] => [
  { language, name: 'bluetap conformance --host', run: conformance(language, []) },
  { language, name: 'bluetap conformance --host --lines', run: conformance(language, ['--lines']) },
];

const sampleSteps: readonly Step[] = samples.map((sample) => ({
  language: sample.language,
  name: sample.name,
  run: (setup) => checkSample(sample, environment(setup), setup.signal),
}));

const python = join(clients, 'python');
const dotnet = join(clients, 'dotnet');

/** The step that builds the library of each language. */
export const builds: Readonly<Record<Language, Step>> = {
  python: {
    language: 'python',
    name: 'the wheel, built twice, is the same',
    run: (setup) => buildWheel(setup, python, siteOf(setup)),
  },
  dotnet: { language: 'dotnet', name: 'build.sh', run: program(['./build.sh'], dotnet, false) },
};

/** The steps after that. The longest come first. */
export const steps: readonly Step[] = [
  ...hostSteps('dotnet'),
  ...hostSteps('python'),
  { language: 'dotnet', name: 'tests', run: program(['mono', 'bin/BluetapTests.exe'], dotnet, true) },
  {
    language: 'python',
    name: 'pytest',
    run: program(['/usr/bin/python3', '-m', 'pytest', '-q', '-p', 'no:cacheprovider'], python, true),
  },
  {
    language: 'python',
    name: 'mypy --strict',
    run: program(['mypy', '--strict', '--cache-dir=/dev/null', 'src'], python, false),
  },
  {
    language: 'python',
    name: 'pyflakes',
    run: program(['pyflakes3', 'src', 'tests', 'examples'], python, false),
  },
  ...sampleSteps,
];
