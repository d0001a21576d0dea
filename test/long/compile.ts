import { spawnSync } from 'node:child_process';

/** Compiles the programs into dist/long, because they run on plain Node. */
export default function compile(): void {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'test/long'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error('the programs in test/long cannot be compiled: correct the errors above');
}
