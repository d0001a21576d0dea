import { csharpSample } from './csharp.js';
import { curlSample } from './curl.js';
import { pythonSample } from './python.js';
import { shellSample } from './shell.js';
import type { Step } from './step.js';
import { typescriptSample } from './typescript.js';

/** A language of the code. */
export interface SampleLanguage {
  readonly id: string;
  readonly label: string;
  /**
   * Returns code that gives the commands in order. The address with the token comes from BLUETAP_CONTROL, so that nobody
   * copies a token by mistake. TypeScript needs neither: it has the emulator itself.
   */
  readonly code: (steps: readonly Step[], serialNumber: string) => string;
}

/** All languages, in the order of the page. */
export const LANGUAGES: readonly SampleLanguage[] = [
  { id: 'typescript', label: 'TypeScript', code: typescriptSample },
  { id: 'shell', label: 'Shell', code: shellSample },
  { id: 'curl', label: 'curl', code: curlSample },
  { id: 'python', label: 'Python', code: pythonSample },
  { id: 'csharp', label: 'C#', code: csharpSample },
];
