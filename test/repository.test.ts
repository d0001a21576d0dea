import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { circleComplaints } from '../scripts/rules/circles.mjs';
import { readPackages, readTree, root } from '../scripts/rules/read-packages.mjs';
import { lockfileComplaints, manifestComplaints, sourceComplaints } from '../scripts/rules/repository.mjs';

// An independent implementation produced the vectors. If our own encoder could rewrite them, they would prove nothing.
const vectorsHash = 'd0694429c6753362bc1cadea0a52767119ecc5ad4fc7329f312b3a24b5df6afe';

test('vectors/frames.json is the original file', () => {
  const bytes = readFileSync(join(root, 'vectors/frames.json'));
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(vectorsHash);
});

test('pnpm-lock.yaml contains no address of a registry', () => {
  expect(lockfileComplaints(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8'))).toEqual([]);
});

describe.each(readPackages())('packages/$folder', ({ folder, manifest }) => {
  const at = join(root, 'packages', folder);

  test('can be published', () => {
    expect(manifestComplaints(folder, { ...manifest }, readdirSync(at))).toEqual([]);
  });

  test('has the licence of the repository', () => {
    expect(readFileSync(join(at, 'LICENSE'), 'utf8')).toBe(readFileSync(join(root, 'LICENSE'), 'utf8'));
  });

  test('has only short files without unfinished work', () => {
    const files = Object.entries(readTree(at, 'src', /./));
    expect(files.flatMap(([file, text]) => sourceComplaints(file, text))).toEqual([]);
  });
});

describe.each(['bench', 'lab', 'lab/suite', 'panel', 'sim', 'test/fuzz', 'test/windows', 'test/clients'])(
  '%s',
  (folder) => {
    const files = readTree(join(root, folder), 'src');

    test('has only short files without unfinished work', () => {
      expect(Object.keys(files).length).toBeGreaterThan(5);
      expect(Object.entries(files).flatMap(([file, text]) => sourceComplaints(file, text))).toEqual([]);
    });

    test('has no import circle of files or folders', () => {
      expect(circleComplaints({ folder, files, manifest: { name: folder } })).toEqual([]);
    });
  },
);

describe('the rules can fail', () => {
  test('long files', () => {
    expect(sourceComplaints('a.ts', 'x\n'.repeat(400))).toEqual([]);
    expect(sourceComplaints('a.ts', 'x\n'.repeat(401))).toEqual([expect.stringContaining('401 lines')]);
  });

  test.each(['TO', 'FIX'])('unfinished work: %s', (start) => {
    const word = start + { TO: 'DO', FIX: 'ME' }[start];
    expect(sourceComplaints('a.ts', `// ${word}: later\n`)).toEqual([expect.stringContaining('a.ts leaves')]);
  });

  test('lock files with addresses', () => {
    const clean = 'resolution: {integrity: sha512-aa+/https==}';
    expect(lockfileComplaints(clean)).toEqual([]);
    expect(lockfileComplaints(`${clean}\n  tarball: x.tgz`)).toHaveLength(1);
    expect(lockfileComplaints('resolution: https://registry.example/a.tgz')).toHaveLength(1);
  });

  test('manifests', () => {
    const sound = {
      name: '@bluetap/a',
      description: 'Something that a person installs.',
      keywords: ['nfc'],
      license: 'Apache-2.0',
      type: 'module',
      sideEffects: false,
      engines: { node: '>=20.19' },
      files: ['bundle', 'dist/**/*.d.ts', 'src'],
      publishConfig: { access: 'public' },
    };
    const files = ['LICENSE', 'README.md'];
    expect(manifestComplaints('a', sound, files)).toEqual([]);
    expect(manifestComplaints('a', sound, [])).toEqual(['packages/a has no LICENSE', 'packages/a has no README.md']);
    for (const field of Object.keys(sound))
      expect(manifestComplaints('a', { ...sound, [field]: undefined }, files)).toEqual([
        expect.stringContaining(`: ${field} is missing`),
      ]);
    const leaky = { access: 'public', exports: { '.': { '@bluetap/source': './src/index.ts' } } };
    expect(manifestComplaints('a', { ...sound, publishConfig: leaky }, files)).toHaveLength(1);
  });
});
