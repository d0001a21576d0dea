/** Some turns of the queue of microtasks: about those that a result takes through the async functions of a program. */
export async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await undefined;
}
