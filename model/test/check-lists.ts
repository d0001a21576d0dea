import { readFileSync } from 'node:fs';

/** A configuration of check.sh, with the bounds that it sets. */
export interface Configuration {
  readonly name: string;
  readonly exhaustive: boolean;
  readonly bounds: ReadonlyMap<string, number>;
}

const script = readFileSync(new URL('../check.sh', import.meta.url), 'utf8');

/** The lines of one list of check.sh, in two columns. These are the lines of `check.sh --list`. */
function listOf(name: string): readonly (readonly [string, string])[] {
  const [, list] = new RegExp(`^${name}\\(\\) \\{\\n  cat <<'LIST'\\n(.*?)\\nLIST$`, 'ms').exec(script) ?? [];
  if (!list) throw new Error(`check.sh has no list ${name}()`);
  return list.split('\n').map((line) => {
    const [first = '', ...rest] = line.split(/\s+/);
    return [first, rest.join(' ')];
  });
}

/** The configurations of check.sh, in its order. The configurations that are searched in part are last. */
export function configurations(): readonly Configuration[] {
  return ['configurations', 'bitstate'].flatMap((list) =>
    listOf(list).map(([name, flags]) => ({
      name,
      exhaustive: list === 'configurations',
      bounds: new Map([...flags.matchAll(/-D(\w+)=(\d+)/g)].map(([, key = '', value]) => [key, Number(value)])),
    })),
  );
}

/** The omissions of check.sh, each with the configuration that finds it. */
export function omissions(): readonly (readonly [string, string])[] {
  return listOf('omissions');
}
