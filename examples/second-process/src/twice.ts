// Runs the POS twice with the same device. The first run ends in the middle of its work.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const pos = fileURLToPath(new URL('pos.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'bluetap-pos-'));
const journal = join(folder, 'attempt.json');
const run = (env: NodeJS.ProcessEnv) =>
  spawnSync(process.execPath, [pos], { env: { ...process.env, JOURNAL: journal, ...env }, stdio: 'inherit' });

run({ CRASH: 'yes' });
// If there is no file, no device answered. Then the first run has sent nothing and has printed the reason.
process.exitCode = existsSync(journal) ? (run({}).status ?? 1) : 1;
rmSync(folder, { recursive: true });
