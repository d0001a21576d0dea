import type { Client } from '@bluetap/sdk';

export function leftBehind(_client: Client): string[] {
  return [];
}
