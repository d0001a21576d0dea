import { spawnSync } from 'node:child_process';

/** The programs run on plain Node, so they are compiled: into dist/long. */
export default function compile(): void {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'test/long'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error('the programs in test/long could not be compiled');
}
