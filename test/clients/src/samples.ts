// The programs that a shop has: the vendor's two samples, if they are beside this repository, and our own, which do the
// same. The vendor's files are not in this repository, because they are the vendor's.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/rules/read-packages.mjs';
import { clients, type Language } from './languages.js';

/** A program in the vendor's shape. It runs without a changed character. */
export interface Sample {
  readonly name: string;
  readonly language: Language;
  /** The program and its arguments. */
  readonly command: readonly string[];
  /** The payment methods of the PAYs that the device executes, in their order. */
  readonly pays: readonly string[];
  /** The exit code when no device is attached. The program in Python looks at no result. */
  readonly exitCodeWithoutDevice: number;
}

const vendor = join(root, '../shared/samples');
const csharp = {
  language: 'dotnet',
  pays: ['TRUEMONEY', 'SEVEN_11', 'ALIPAY_PLUS'],
  exitCodeWithoutDevice: 70,
} as const;
const python = { language: 'python', pays: ['TRUEMONEY', 'SEVEN_11'], exitCodeWithoutDevice: 0 } as const;

const runCsharp = (file: string): readonly string[] => [join(clients, 'dotnet/run-sample.sh'), file];
const runPython = (file: string): readonly string[] => ['/usr/bin/python3', file];

const all: readonly (Sample & { readonly file: string })[] = [
  { file: join(vendor, 'Sample.cs'), name: "the vendor's Sample.cs", run: runCsharp, ...csharp },
  { file: join(vendor, 'sample.py'), name: "the vendor's sample.py", run: runPython, ...python },
  { file: join(clients, 'dotnet/examples/Payments.cs'), name: 'our Payments.cs', run: runCsharp, ...csharp },
  { file: join(clients, 'python/examples/payments.py'), name: 'our payments.py', run: runPython, ...python },
].map(({ run, ...sample }) => ({ ...sample, command: run(sample.file) }));

/** The samples that are on this machine. */
export const samples: readonly Sample[] = all.filter(({ file }) => existsSync(file));

/** The variables with which a sample finds the libraries of this repository. */
export const libraries: NodeJS.ProcessEnv = { PYTHONPATH: join(clients, 'python/src'), PYTHONDONTWRITEBYTECODE: '1' };
