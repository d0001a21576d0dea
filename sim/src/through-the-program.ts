import { someTurns } from './turns.js';

/** A program hears what a call returns through some async functions of its own. */
export async function throughTheProgram<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } finally {
    await someTurns();
  }
}
