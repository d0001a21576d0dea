import { type Runtime, Session } from 'node:inspector';

/** The most entries that a collection of an idle client may have: it has the listeners of a program. */
const MOST_ENTRIES = 4;
/** A client remembers its last 16 sessions. */
const MOST_SESSIONS = 16;
/** The parts that belong to the world, and not to what is looked at. */
const OF_THE_WORLD = /transport|clock|logger|random|#handlers|device/i;

/** The kinds of objects whose properties hold no other objects. */
const HAS_NO_PROPERTIES: ReadonlySet<string> = new Set(['map', 'promise', 'set', 'typedarray', 'weakmap', 'weakset']);

/** The debugger keeps what it has shown until its group is released. */
const GROUP = 'bluetap';

const session = new Session();
let connected = false;
const place = globalThis as { bluetapLeftBehind?: unknown; bluetapSeen?: WeakSet<object> | undefined };

/**
 * Counts what a client or a device keeps while it is idle: the entries of every set, map and array that it reaches
 * through its properties, also through private ones. Uses the debugger of Node, the only way to them.
 * @returns One text for each collection with more entries than an idle client may have.
 */
export function leftBehind(kept: object): string[] {
  if (!connected) session.connect();
  connected = true;
  place.bluetapLeftBehind = kept;
  place.bluetapSeen = new WeakSet([kept]);
  const { result } = post<Runtime.EvaluateReturnType>('Runtime.evaluate', {
    expression: 'bluetapLeftBehind',
    objectGroup: GROUP,
  });
  const found: string[] = [];
  let level: readonly Found[] = [{ path: result.description ?? 'object', name: '', object: result }];
  while (level.length > 0) {
    const next = level.filter(hasProperties).flatMap(objectsIn);
    level = newAmong(next, result.objectId!);
    for (const { path, name, object } of level) {
      const entries = Number(/^(?:Set|Map|Array)\((\d+)\)$/.exec(object.description ?? '')?.[1] ?? 0);
      if (entries > (name === '#earlier' ? MOST_SESSIONS : MOST_ENTRIES)) found.push(`${entries} entries in ${path}`);
    }
  }
  place.bluetapLeftBehind = undefined;
  place.bluetapSeen = undefined;
  post('Runtime.releaseObjectGroup', { objectGroup: GROUP });
  return found;
}

interface Property {
  readonly name: string;
  readonly value?: Runtime.RemoteObject | undefined;
}

/** An object, and where it was found. */
interface Found {
  readonly path: string;
  readonly name: string;
  readonly object: Runtime.RemoteObject;
}

function hasProperties({ object }: Found): boolean {
  return !HAS_NO_PROPERTIES.has(object.subtype ?? '');
}

/** The properties of an object that are objects. */
function objectsIn({ path, object }: Found): Found[] {
  return propertiesOf(object.objectId!).flatMap(({ name, value }) =>
    value?.type === 'object' && value.objectId && !OF_THE_WORLD.test(name)
      ? [{ path: `${path}.${name}`, name, object: value }]
      : [],
  );
}

/** Runs in the debugger: true for each object that was not seen before. */
const IS_NEW = 'function (...found) { return found.map((each) => !bluetapSeen.has(each) && !!bluetapSeen.add(each)); }';

/**
 * Those that were not seen before. An object has another id each time that it is found. One question for all of them,
 * because the debugger compiles its function each time and keeps it for a while.
 */
function newAmong(all: readonly Found[], objectId: string): Found[] {
  if (all.length === 0) return [];
  const { result } = post<Runtime.CallFunctionOnReturnType>('Runtime.callFunctionOn', {
    objectId,
    functionDeclaration: IS_NEW,
    arguments: all.map(({ object }) => ({ objectId: object.objectId })),
    returnByValue: true,
  });
  const isNew = result.value as readonly boolean[];
  return all.filter((_, at) => isNew[at]);
}

function propertiesOf(objectId: string): readonly Property[] {
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
