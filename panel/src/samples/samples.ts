import type { ParameterValues } from '@bluetap/emulator/commands';
import { csharpSample } from './csharp.js';
import { curlSample } from './curl.js';
import { pythonSample } from './python.js';
import { typescriptSample } from './typescript.js';

/** One command that the code must give. */
export interface Step {
  /** The verb. */
  readonly do: string;
  readonly parameters: ParameterValues;
}

/** What the code talks to. */
export interface SampleTarget {
  /** The address of the control service without a path: `http://127.0.0.1:8585`. */
  readonly base: string;
  readonly serialNumber: string;
}

/** A language of the code. */
export interface SampleLanguage {
  readonly id: string;
  readonly label: string;
  /** Returns code that gives the commands in order. */
  readonly code: (steps: readonly Step[], target: SampleTarget) => string;
}

/** All languages, in the order of the page. */
export const LANGUAGES: readonly SampleLanguage[] = [
  { id: 'typescript', label: 'TypeScript', code: typescriptSample },
  { id: 'curl', label: 'curl', code: curlSample },
  { id: 'python', label: 'Python', code: pythonSample },
  { id: 'csharp', label: 'C#', code: csharpSample },
];
