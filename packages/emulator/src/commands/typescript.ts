import type { BehaviourRow } from './behaviour-rows.js';
import type { ParameterValues } from './parameters.js';

/** Returns the same behaviour as a line of TypeScript: `emulator.use(loseReplies(1, { type: 'PAY' }));`. */
export function typescriptOf({ name, positional, parameters }: BehaviourRow, values: ParameterValues): string {
  const literal = (key: string, value: unknown) => {
    if (parameters.some((each) => each.name === key && each.type === 'hex')) {
      const bytes = String(value).match(/../g) ?? [];
      return `Uint8Array.of(${bytes.map((byte) => `0x${byte}`).join(', ')})`;
    }
    return typeof value === 'string' ? `'${value}'` : String(value);
  };
  const args = positional.map((key) => literal(key, values[key]));
  const rest = Object.entries(values).filter(([key]) => !positional.includes(key));
  if (rest.length > 0) args.push(`{ ${rest.map(([key, value]) => `${key}: ${literal(key, value)}`).join(', ')} }`);
  return `emulator.use(${name}(${args.join(', ')}));`;
}
