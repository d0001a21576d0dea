import { type Runtime, Session } from 'node:inspector';

/** The most entries that a collection of an idle client may have: it has the listeners of a program. */
const MOST_ENTRIES = 4;
/** A client remembers its last 16 sessions. */
const MOST_SESSIONS = 16;
/** The parts that belong to the world, and not to what is looked at. */
const OF_THE_WORLD = /transport|clock|logger|random|#handlers|device/i;

/** The debugger keeps what it has shown until its group is released. */
const GROUP = 'bluetap';

const session = new Session();
let connected = false;
const place = globalThis as { bluetapLeftBehind?: unknown };

/**
 * Counts what a client or a device keeps while it is idle: the entries of every set, map and array that it reaches through its properties, also
 * through private ones. Uses the debugger of Node, the only way to them.
 * @returns One text for each collection with more entries than an idle client may have.
 */
export function leftBehind(kept: object): string[] {
  if (!connected) session.connect();
  connected = true;
  place.bluetapLeftBehind = kept;
  const { result } = post<Runtime.EvaluateReturnType>('Runtime.evaluate', {
    expression: 'bluetapLeftBehind',
    objectGroup: GROUP,
  });
  const found: string[] = [];
  const waiting = [{ path: result.description ?? 'object', object: result }];
  const seen = new Set<unknown>();
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    for (const { name, value } of propertiesOf(next.object)) {
      if (value?.type !== 'object' || !value.objectId || OF_THE_WORLD.test(name)) continue;
      const path = `${next.path}.${name}`;
      const entries = Number(/^(?:Set|Map|Array)\((\d+)\)$/.exec(value.description ?? '')?.[1] ?? 0);
      if (entries > (name === '#earlier' ? MOST_SESSIONS : MOST_ENTRIES)) found.push(`${entries} entries in ${path}`);
      // An object has another id each time that it is found, so the path alone bounds the search.
      if (path.split('.').length <= 7 && !seen.has(path)) waiting.push({ path, object: value });
      seen.add(path);
    }
  }
  place.bluetapLeftBehind = undefined;
  post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  return found;
}

interface Property {
  readonly name: string;
  readonly value?: Runtime.RemoteObject | undefined;
}

function propertiesOf({ objectId }: Runtime.RemoteObject): readonly Property[] {
  if (objectId === undefined) return [];
  const found = post<Runtime.GetPropertiesReturnType & { privateProperties?: Property[] }>('Runtime.getProperties', {
    objectId,
    ownProperties: true,
  });
  return [...found.result, ...(found.privateProperties ?? [])];
}

/** The debugger of this process answers before `post` returns. */
function post<Answer>(method: string, params: object): Answer {
  let answer: Answer | undefined;
  session.post(method, params, (error, given) => {
    if (error) throw new Error(error.message);
    answer = given as Answer;
  });
  return answer!;
}
