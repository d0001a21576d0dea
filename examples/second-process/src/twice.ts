// Runs the till twice against the same device: the first run ends in the middle of its work.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pos = fileURLToPath(new URL('pos.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bluetap-till-'));
const run = (env: NodeJS.ProcessEnv) =>
  spawnSync(process.execPath, [pos], {
    env: { ...process.env, JOURNAL: join(folder, 'attempt.json'), ...env },
    stdio: 'inherit',
  });

run({ CRASH: 'yes' });
process.exitCode = run({}).status ?? 1;
rmSync(folder, { recursive: true });
