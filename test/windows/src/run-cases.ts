import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/rules/read-packages.mjs';
import type { Site } from './site.js';
import type { Wine } from './wine.js';

/** What the cases need. */
export interface CasesSetup {
  readonly wine: Wine;
  readonly site: Site;
  /** A folder for the output of the programs. */
  readonly home: string;
  /** The programs in the folder `cases` of the site. */
  readonly files: readonly string[];
  /** The variables that the cases read. */
  readonly environment: NodeJS.ProcessEnv;
}

/** The number of tests. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
  /** The output of the programs. */
  readonly output: string;
  /** What Wine lacks, in words: the names of the tests that check it. */
  readonly lacks: readonly string[];
}

/** This file runs first: it needs a Windows in which the DLL of the random source is missing. */
const FIRST = 'without-dll.cases.mjs';

/** This file starts most of the programs. Beside other files that do so, the server of Wine 8 was seen to crash. */
const ALONE = 'scripts.cases.mjs';

/** Runs the programs, most of them as many at the same time as there are cores. Prints the output of each when it has ended. */
export async function runCases(setup: CasesSetup): Promise<Count> {
  const rest = setup.files.filter((file) => file !== FIRST && file !== ALONE);
  const counts: Count[] = [];
  if (setup.files.includes(FIRST)) counts.push(await runFile(setup, FIRST));
  await setup.wine.addRandomSource();
  if (setup.files.includes(ALONE)) counts.push(await runFile(setup, ALONE));
  const work = async (): Promise<void> => {
    for (let file = rest.shift(); file !== undefined; file = rest.shift()) counts.push(await runFile(setup, file));
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return {
    passed: counts.reduce((sum, { passed }) => sum + passed, 0),
    failed: counts.reduce((sum, { failed }) => sum + failed, 0),
    output: counts.map(({ output }) => output).join('\n'),
    lacks: counts.flatMap(({ lacks }) => lacks),
  };
}

async function runFile({ wine, site, home, environment }: CasesSetup, file: string): Promise<Count> {
  const { code, output } = await wine.run(
    ['node.exe', '--test-reporter=./cases/reporter.mjs', '--enable-source-maps', join('cases', file)],
    { cwd: site.folder, log: join(home, `${file}.log`), path: site.node, env: { ...environment, BLUETAP_ROOT: root } },
  );
  const [end, passed, failed] = /^Windows programs: (\d+) passed, (\d+) failed\r?\n$/m.exec(output) ?? [];
  console.log(`\n${file.replace('.cases.mjs', '')}\n${output.replace(end ?? '', '').trimEnd()}`);
  const lacks = [...output.matchAll(/^ *\d+ s {2}ok {6}what Wine lacks: (.*) \([\d.]+ s\)\r?$/gm)].map(
    ([, fact]) => fact!,
  );
  if (end === undefined) {
    const failure = `FAILED  ${file} ended with ${code} before its tests were counted`;
    console.log(failure);
    return { passed: 0, failed: 1, output: failure, lacks };
  }
  // Something failed outside of the tests.
  const further = code !== 0 && failed === '0' ? `FAILED  ${file} ended with ${code}, although no test failed` : '';
  if (further) console.log(further);
  return { passed: Number(passed), failed: Number(failed) + (further ? 1 : 0), output: output + further, lacks };
}
