import { describe, expect, test } from 'vitest';
import { circleComplaints } from '../scripts/rules/circles.mjs';
import { importComplaints, type Package, platformComplaints } from '../scripts/rules/imports.mjs';
import { readPackages } from '../scripts/rules/read-packages.mjs';
import { importsOf } from '../scripts/rules/source.mjs';

const packages = readPackages();

describe.each(packages)('packages/$folder', (pkg) => {
  test('imports only the packages that it may import', () => expect(importComplaints(pkg, packages)).toEqual([]));
  test('has no import circle of files or folders', () => expect(circleComplaints(pkg)).toEqual([]));
  test('runs on the platforms of its entries', () => expect(platformComplaints(pkg)).toEqual([]));
});

// The rules above would also pass if they checked nothing. So these tests show that each rule can fail.

function made(folder: string, files: Record<string, string>, dependencies: string[] = []): Package {
  const exports = { '.': { '@bluetap/source': './src/index.ts', default: './dist/index.js' } };
  const versions = Object.fromEntries(dependencies.map((name) => [name, '1.0.0']));
  return { folder, files, manifest: { name: `@bluetap/${folder}`, dependencies: versions, exports } };
}

const neighbours = ['protocol', 'transport', 'transport-socket', 'emulator', 'sdk'].map((folder) => made(folder, {}));

function complaintsOf(folder: string, text: string, dependencies: string[] = [], file = 'src/index.ts') {
  return importComplaints(made(folder, { [file]: text }, dependencies), neighbours);
}

describe('the rules can fail', () => {
  test.each([
    ['protocol', '@bluetap/transport'],
    ['transport', '@bluetap/protocol'],
    ['transport-socket', '@bluetap/protocol'],
    ['transport-socket', '@bluetap/emulator'],
    ['emulator', '@bluetap/sdk'],
    ['emulator', '@bluetap/transport-socket'],
    ['sdk', '@bluetap/emulator'],
    ['sdk', '@bluetap/transport-socket'],
  ])('%s must not import %s', (folder, name) => {
    expect(complaintsOf(folder, `import { x } from '${name}';`)).toEqual([
      `packages/${folder}/src/index.ts must not import ${name}`,
    ]);
    expect(complaintsOf(folder, '', [name])).toEqual([`packages/${folder}/package.json must not depend on ${name}`]);
  });

  test.each([
    ['transport-socket', '@bluetap/transport'],
    ['emulator', '@bluetap/protocol'],
    ['sdk', '@bluetap/transport'],
    ['cli', '@bluetap/emulator'],
  ])('%s may import %s', (folder, name) => {
    expect(complaintsOf(folder, `import { x } from '${name}';`, [name])).toEqual([]);
  });

  test('protocol and transport have no dependency', () => {
    expect(complaintsOf('protocol', '', ['left-pad'])).toHaveLength(1);
    expect(complaintsOf('transport', '', ['left-pad'])).toHaveLength(1);
    expect(complaintsOf('sdk', '', ['left-pad'])).toEqual([]);
  });

  test('an imported package must be a dependency', () => {
    expect(complaintsOf('sdk', "import 'left-pad/more';")).toEqual([
      'packages/sdk/src/index.ts imports left-pad, which its package.json does not depend on',
    ]);
  });

  test.each(['src', 'test'])('%s must not import from the inside of another package', (folder) => {
    const deep = "import { x } from '@bluetap/protocol/dist/frame.js';";
    expect(complaintsOf('sdk', deep, ['@bluetap/protocol'], `${folder}/a.ts`)).toEqual([
      `packages/sdk/${folder}/a.ts imports @bluetap/protocol/dist/frame.js, which is not an entry of @bluetap/protocol`,
    ]);
    const sideways = "import { x } from '../../protocol/src/frame.js';";
    expect(complaintsOf('sdk', sideways, [], `${folder}/a.ts`)).toEqual([
      `packages/sdk/${folder}/a.ts reaches out of its package with ../../protocol/src/frame.js`,
    ]);
  });

  test('tests may import packages that sources must not import, and the sources of their own package', () => {
    const text = "import '@bluetap/emulator'; import '../src/a.js';";
    expect(complaintsOf('sdk', text, [], 'test/a.test.ts')).toEqual([]);
    expect(complaintsOf('sdk', "import '../test/a.js';")).toEqual([
      'packages/sdk/src/index.ts reaches out of src with ../test/a.js',
    ]);
  });

  test('a package that architecture.md does not know', () => {
    expect(complaintsOf('helpers', '')).toEqual(['packages/helpers has no place in scripts/rules/layout.mjs']);
  });

  test.each(["import net from 'node:net';", "import type { Socket } from 'net';", "await import('node:net');"])(
    'an entry for browsers must not reach %s',
    (text) => {
      const files = {
        'src/index.ts': "export * from './a/b.js';",
        'src/a/b.ts': "import '../c.js';",
        'src/c.ts': text,
      };
      expect(platformComplaints(made('sdk', files))).toEqual([
        expect.stringMatching(/^packages\/sdk\/src\/c\.ts imports (node:)?net and is part of the entry \.$/),
      ]);
      expect(platformComplaints(made('transport-socket', files))).toEqual([]);
    },
  );

  test('a file that the entry does not import may use Node, and an entry needs its source', () => {
    const apart = { 'src/index.ts': 'export {};', 'src/node.ts': "import 'node:fs';" };
    expect(platformComplaints(made('sdk', apart))).toEqual([]);
    expect(platformComplaints(made('sdk', {}))).toEqual(['@bluetap/sdk has no source for its entry .']);
  });
});

test.each([
  ["import a from 'x'", ['x']],
  ["import type { A } from 'x'", ['x']],
  ["import {\n  a,\n  b,\n} from 'x'", ['x']],
  ["import 'x'", ['x']],
  ['export * from "x"', ['x']],
  ["await import('x'); await import(\n  `y`)", ['x', 'y']],
  ["type A = import('x').A", ['x']],
  ["const a = require('x')", ['x']],
  ["// import 'x'\n/* from 'y' */ import 'z'", ['z']],
  ["const a = 'https://x'; import 'z' // from 'y'", ['z']],
  ["const glob = '/*'; import 'z'; const end = '*/'", ['z']],
])('importsOf %j', (text, specifiers) => {
  expect(importsOf(text)).toEqual(specifiers);
});

describe('the rule finds import circles', () => {
  const circlesIn = (files: Record<string, string>) => circleComplaints(made('sdk', files));

  test('of files, also through types and through a third file', () => {
    expect(
      circlesIn({
        'src/a.ts': "import type { B } from './b.js';",
        'src/b.ts': "import { c } from './c.js';",
        'src/c.ts': "export { a } from './a.js';",
        'src/d.ts': "import { a } from './a.js';",
      }),
    ).toEqual(['packages/sdk: these files import each other in a circle: src/a.ts, src/b.ts, src/c.ts']);
  });

  test('of folders, although no files import each other in a circle', () => {
    expect(
      circlesIn({
        'src/one/a.ts': "import { b } from '../two/b.js';",
        'src/two/b.ts': 'export const b = 1;',
        'src/two/c.ts': "import { d } from '../one/d.js';",
        'src/one/d.ts': 'export const d = 1;',
      }),
    ).toEqual(['packages/sdk: these folders import each other in a circle: src/one, src/two']);
  });
});
