import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from '../../../lab/dist/run-to-end.js';
import type { StepResult, StepSetup } from './step.js';

/** The time of the files in the wheel, in seconds since 1970. The same time gives the same bytes. */
const SOURCE_DATE_EPOCH = '1750000000';

/**
 * Builds the wheel twice, compares the bytes, and unpacks it.
 * @param source The folder of pyproject.toml.
 * @param site The folder that gets the package.
 */
export async function buildWheel({ home, signal }: StepSetup, source: string, site: string): Promise<StepResult> {
  const env = { ...process.env, SOURCE_DATE_EPOCH, PYTHONDONTWRITEBYTECODE: '1' };
  const wheels: { name: string; bytes: Buffer }[] = [];
  for (const folder of ['first', 'second'].map((name) => join(home, name))) {
    const command = ['/usr/bin/python3', '-m', 'hatchling', 'build', '-t', 'wheel', '-d', folder];
    const { code, stdout, stderr } = await runToEnd(command, { cwd: source, env, signal });
    if (code !== 0) return failure(`${command.join(' ')} ended with ${code}\n${stdout}${stderr}`);
    const [name = ''] = readdirSync(folder);
    wheels.push({ name, bytes: readFileSync(join(folder, name)) });
  }
  const [first, second] = wheels as [(typeof wheels)[0], (typeof wheels)[0]];
  if (first.name !== second.name || !first.bytes.equals(second.bytes))
    return failure(`two builds of ${first.name} have different bytes`);
  const unpack = ['/usr/bin/python3', '-m', 'zipfile', '-e', join(home, 'first', first.name), site];
  const { code, stderr } = await runToEnd(unpack, { env, signal });
  if (code !== 0) return failure(`${unpack.join(' ')} ended with ${code}\n${stderr}`);
  return { passed: 1, failed: 0, output: first.name };
}

function failure(output: string): StepResult {
  return { passed: 0, failed: 1, output };
}
