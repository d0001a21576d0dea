// A POS that the test kills. It pays and cancels without a pause, and writes a journal. When it starts, it asks about
// the attempts that its last run left without an outcome. It gets its orders as lines of JSON on stdin, and ends when
// stdin ends.
import { createInterface } from 'node:readline';
import { Journal, openAttempts, readJournal, sameAttempt } from './journal.js';
import { type Attempt, Client, type CommandResult, Random, socket } from './packages.js';

import { TtyTransport } from './tty-transport.js';

export interface PosSetup {
  /** The start of every order id of this run. */
  readonly run: string;
  readonly seed: number;
  readonly journal: string;
  /** `tcp://...` or the path of a terminal. */
  readonly address: string;
}

export type PosOrder =
  | { readonly order: 'go'; readonly journal: string }
  /** The device is at another address now. */
  | { readonly order: 'address'; readonly address: string }
  /** End the current calls, get the outcome of every attempt, and send one CANCEL of the order `last`. */
  | { readonly order: 'stop'; readonly last: string };

const setup = JSON.parse(process.argv[2]!) as PosSetup;
const random = new Random(setup.seed);
const tell = (event: string, more: object = {}) => process.stdout.write(`${JSON.stringify({ event, ...more })}\n`);

const left = openAttempts(readJournal(setup.journal));
const journal = new Journal(setup.journal);
const byTty = setup.address.startsWith('/') ? new TtyTransport(setup.address) : undefined;
/** True if the POS calls `outcomeOf` for each open attempt. False if it uses the option `pendingAttempts`. */
const asksItself = random.chance(0.5);

const client = new Client({
  transport: byTty ?? socket(setup.address),
  pendingAttempts: asksItself ? [] : left,
});
const doubts: Attempt[] = asksItself ? [] : [...left];
let onResolved = () => {};
client.on('resolved', ({ attempt, outcome, linkLive, pending }) => {
  journal.write({ entry: 'told', by: 'resolved', attempt, outcome, linkLive, pending });
  const at = doubts.findIndex((each) => sameAttempt(each, attempt));
  if (at >= 0) doubts.splice(at, 1);
  onResolved();
});

let count = 0;
let working: Promise<void> = Promise.resolve();
let stopping = true;
const orders: string[] = [];

async function call(command: Attempt['command'], orderId: string | undefined, timeoutMs: number, abortMs?: number) {
  const id = `${setup.run}-${count++}`;
  journal.write({ entry: 'call', id, command, timeoutMs, ...(orderId === undefined ? {} : { orderId }) });
  const abort = new AbortController();
  const timer = abortMs === undefined ? undefined : setTimeout(() => abort.abort(), abortMs);
  const options = {
    timeoutMs,
    signal: abort.signal,
    onAttempt: (attempt: Attempt) => journal.write({ entry: 'attempt', id, attempt }),
  };
  const start = performance.now();
  const result: CommandResult =
    command === 'PAY'
      ? await client.pay({ paymentMethod: 'TRUEMONEY', amount: '1.00', orderId: orderId! }, options)
      : await client.cancel(orderId === undefined ? {} : { orderId }, options);
  const ms = Math.round(performance.now() - start);
  clearTimeout(timer);
  const { code, outcome, linkLive, pending, attempt } = result;
  // Added in the turn in which the call settles, because `resolved` can come in the next turn.
  if (pending && attempt) doubts.push(attempt);
  journal.write({ entry: 'result', id, code, ms, outcome, linkLive, pending, ...(attempt ? { attempt } : {}) });
}

function pay(timeoutMs: number, abortMs?: number): Promise<void> {
  const orderId = `${setup.run}.${count.toString(36)}`;
  orders.push(orderId);
  if (orders.length > 8) orders.shift();
  return call('PAY', orderId, timeoutMs, abortMs);
}

async function work(): Promise<void> {
  while (!stopping) {
    const timeoutMs = random.pick([20, 50, 200, 1000, 3000]);
    const abortMs = random.chance(0.1) ? random.below(4) : undefined;
    const kind = random.below(10);
    if (kind < 5) await pay(timeoutMs, abortMs);
    else if (kind < 7) await call('CANCEL', orders.length > 0 ? random.pick(orders) : 'NONE', timeoutMs, abortMs);
    else if (kind < 8) await call('CANCEL', undefined, timeoutMs, abortMs);
    else if (kind < 9) await Promise.all([pay(timeoutMs), call('CANCEL', undefined, timeoutMs, abortMs)]);
    else await client.status({ timeoutMs }).catch(() => {});
    const thinking = random.below(3);
    if (thinking > 0) await new Promise((resolve) => setTimeout(resolve, thinking));
  }
}

/** Asks about an attempt until there is an answer, because a POS must not forget an attempt without a known outcome. */
async function ask(attempt: Attempt): Promise<void> {
  for (;;) {
    const facts = await client.outcomeOf(attempt, { timeoutMs: 10_000 }).catch(() => undefined);
    if (facts) return journal.write({ entry: 'told', by: 'ask', attempt, ...facts });
  }
}

async function stop(last: string): Promise<void> {
  stopping = true;
  await working;
  // A new session resolves the doubts. `info` only makes the client look for the device sooner.
  while (doubts.length > 0) {
    const resolved = new Promise<void>((resolve) => {
      onResolved = resolve;
    });
    await client.info({ timeoutMs: 10_000 }).catch(() => {});
    if (doubts.length > 0) await resolved;
  }
  await call('CANCEL', last, 10_000);
  tell('quiet', { statistics: client.statistics });
}

function go(path: string): void {
  journal.turnOver(path);
  stopping = false;
  working = work();
  tell('going');
}

const asked = asksItself ? Promise.all(left.map(ask)) : Promise.resolve();
const input = createInterface({ input: process.stdin });
input.on('line', (line) => {
  const order = JSON.parse(line) as PosOrder;
  // Done immediately, because without the new address no question is answered.
  if (order.order === 'address') {
    if (byTty) byTty.path = order.address;
  } else void asked.then(() => (order.order === 'go' ? go(order.journal) : stop(order.last)));
});
input.on('close', () => process.exit());
tell('up', { left: left.length, asksItself });
