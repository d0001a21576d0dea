/** True if the SDK broke a rule of the language. */
export function isMistake(error: unknown): boolean {
  const cause = (error as Error | undefined)?.cause ?? error;
  return cause instanceof TypeError || cause instanceof RangeError;
}
