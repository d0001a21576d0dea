import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Child } from './child.js';
import { DeviceLog } from './device-log.js';
import { type Entry, Journal, readJournal } from './programs/journal.js';
import { type Attempt, Client, type EmulatorEvent, Random, socket } from './programs/packages.js';
import type { PosOrder, PosSetup } from './programs/pos.js';

import { TtyTransport } from './programs/tty-transport.js';
import { OTHER, Truth } from './truth.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bluetap = join(root, 'packages/cli/dist/main.js');
const pos = join(root, 'dist/long/programs/pos.js');

/** How the host reaches the device. */
export type Way = 'tcp' | 'pty';
type Victim = 'pos' | 'device' | 'both';
type DeviceLine = EmulatorEvent | ({ readonly event: 'ready' } & { readonly [kind in Way]?: string });
interface PosLine {
  readonly event: 'up' | 'going' | 'quiet';
}

/** The longest time that a POS works before a process is killed. Several hundred commands. */
const WORK_MS = 120;
/**
 * The longest time that the POS works after the killed process is back. Then it is stopped and everything is compared.
 */
const AFTER_MS = 30;

/**
 * The probability that another host comes while the POS works in a round. The same probability is used for a visit
 * between a kill of the POS and its next start.
 */
const VISITS = 0.3;

/**
 * Runs an emulated device and a POS, each in a separate process. Kills one or both of them again and again. The random
 * choices come from the seed, but the exact time of a kill depends on the machine.
 */
export class KillRounds implements AsyncDisposable {
  readonly truth = new Truth();
  readonly kills: Record<Victim, number> = { pos: 0, device: 0, both: 0 };
  /** The number of calls of another host. */
  visits = 0;
  readonly #kind: Way;
  readonly #random: Random;
  readonly #seed: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'bluetap-kill-'));
  readonly #logs: DeviceLog[] = [];
  readonly #killedRuns = new Set<string>();
  #deviceLines: string[] = [];
  #device!: Child<DeviceLine>;
  #pos!: Child<PosLine>;
  #listenAt = '';
  #address = '';
  #round = 0;
  #runs = 0;
  #run = '';

  constructor(kind: Way, seed: number) {
    this.#kind = kind;
    this.#seed = seed;
    this.#random = new Random(seed);
  }

  get repeats(): number {
    return this.#logs.reduce((sum, { repeats }) => sum + repeats, 0);
  }

  get unanswered(): number {
    return this.#logs.filter(({ unanswered }) => unanswered !== undefined).length;
  }

  get rounds(): number {
    return this.#round;
  }

  async start(): Promise<void> {
    this.#listenAt = this.#kind === 'tcp' ? `127.0.0.1:${await quietPort()}` : '';
    await this.#startDevice();
    await this.#startPos();
  }

  /** Does one kill, and compares everything afterwards. */
  async round(): Promise<void> {
    const journal = this.#journal();
    const victim = this.#random.pick<Victim>(['pos', 'pos', 'pos', 'device', 'device', 'device', 'both']);
    const delay = this.#random.below(WORK_MS * 1000) / 1000;
    try {
      this.#order({ order: 'go', journal });
      await this.#pos.next('it started to work', ({ event }) => event === 'going');
      // Two programs at one terminal would each receive bytes of the other program.
      const visit = this.#kind === 'tcp' && this.#random.chance(VISITS) ? this.#random.below(WORK_MS) : undefined;
      const visited = visit === undefined ? undefined : pause(visit).then(() => this.#visit());
      await pause(delay);
      await this.#kill(victim);
      await pause(this.#random.below(AFTER_MS));
      await visited;
      await this.#quiet();
      const complaints = this.truth.check(this.#entries(), this.#logs, this.#killedRuns);
      if (complaints.length > 0) throw new Error(complaints.join('\n'));
    } catch (cause) {
      const where = `${this.#kind}, seed ${this.#seed}, round ${this.#round}, ${victim} killed after ${delay} ms`;
      throw new Error(`${where}: ${(cause as Error).message}\n${this.#keep(journal)}`, { cause });
    }
    rmSync(journal);
    rmSync(this.#visitsJournal, { force: true });
    this.#deviceLines = [];
    this.#round++;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#pos?.kill(), this.#device?.kill()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #kill(victim: Victim): Promise<void> {
    this.kills[victim]++;
    if (victim !== 'device') this.#killedRuns.add(this.#run);
    const killed = [...(victim === 'device' ? [] : [this.#pos]), ...(victim === 'pos' ? [] : [this.#device])];
    await Promise.all(killed.map((child) => child.kill()));
    if (victim !== 'pos') {
      await this.#startDevice();
      if (victim === 'device') this.#order({ order: 'address', address: this.#address });
    }
    if (victim === 'device') return;
    if (this.#random.chance(VISITS)) await this.#visit();
    await this.#startPos();
  }

  /**
   * Another host connects, sends one command and disconnects. Its results must be true too, so it also writes a
   * journal.
   */
  async #visit(): Promise<void> {
    const command = this.#random.pick(['PAY', 'CANCEL'] as const);
    const id = `${OTHER}-${this.visits++}`;
    const orderId = id.toUpperCase();
    const journal = new Journal(this.#visitsJournal);
    const timeoutMs = 10_000;
    journal.write({ entry: 'call', id, command, timeoutMs, ...(command === 'PAY' ? { orderId } : {}) });
    await using client = new Client({
      transport: this.#kind === 'tcp' ? socket(this.#address) : new TtyTransport(this.#address),
    });
    const options = { timeoutMs, onAttempt: (attempt: Attempt) => journal.write({ entry: 'attempt', id, attempt }) };
    const start = performance.now();
    const { code, outcome, linkLive, pending, attempt } =
      command === 'PAY'
        ? await client.pay({ paymentMethod: 'SEVEN_11', orderId }, options)
        : await client.cancel({}, options);
    const ms = Math.round(performance.now() - start);
    journal.write({ entry: 'result', id, code, ms, outcome, linkLive, pending, ...(attempt ? { attempt } : {}) });
    journal.close();
  }

  async #startDevice(): Promise<void> {
    const log = new DeviceLog();
    this.#logs.push(log);
    const listen = this.#kind === 'tcp' ? ['--tcp', this.#listenAt] : ['--pty'];
    this.#device = new Child<DeviceLine>('the device', [bluetap, 'emulate', '--json', ...listen], (line) => {
      this.#deviceLines.push(JSON.stringify(line));
      if (line.event !== 'ready') log.feed(line);
    });
    const ready = await this.#device.next('it is ready', ({ event }) => event === 'ready');
    this.#address = (ready as { readonly [kind in Way]?: string })[this.#kind]!;
  }

  async #startPos(): Promise<void> {
    this.#run = `R${this.#runs++}`;
    const setup: PosSetup = {
      run: this.#run,
      seed: this.#random.uint32(),
      journal: this.#journal(),
      address: this.#address,
    };
    this.#pos = new Child<PosLine>('the POS', [pos, JSON.stringify(setup)], () => {});
    await this.#pos.next('it is up', ({ event }) => event === 'up');
  }

  /**
   * Waits until the POS knows every outcome that it can know, and the whole log of the device was read. The log is
   * complete when it contains the answer to the last CANCEL.
   */
  async #quiet(): Promise<void> {
    const last = `L${this.#round}`;
    let came = false;
    const seen = this.#device.next("its answer to the POS's last CANCEL", (line) => {
      if (line.event !== 'message') return false;
      came ||= line.message.type === 'CANCEL' && line.message.orderId === last;
      return came && line.message.type === 'CANCEL_REPLY';
    });
    const quiet = this.#pos.next('it is quiet', ({ event }) => event === 'quiet');
    this.#order({ order: 'stop', last });
    await Promise.all([quiet, seen]);
  }

  #order(order: PosOrder): void {
    this.#pos.send(order);
  }

  #journal(): string {
    return join(this.#folder, `journal-${this.#round}.jsonl`);
  }

  /** The path of the journal of the other host. */
  get #visitsJournal(): string {
    return join(this.#folder, 'visits.jsonl');
  }

  #entries(): Entry[] {
    return [...readJournal(this.#journal()), ...readJournal(this.#visitsJournal)];
  }

  /**
   * Copies the journals and the device's log of the round to a folder that is not deleted, to find the cause of a
   * failure.
   */
  #keep(journal: string): string {
    const kept = mkdtempSync(join(tmpdir(), 'bluetap-kill-failed-'));
    writeFileSync(join(kept, 'device.jsonl'), `${this.#deviceLines.join('\n')}\n`);
    writeFileSync(join(kept, 'pos.jsonl'), readFileSync(journal));
    if (existsSync(this.#visitsJournal)) writeFileSync(join(kept, 'other.jsonl'), readFileSync(this.#visitsJournal));
    return `The journals and the log of the device are in ${kept}. ${this.#pos.errors}${this.#device.errors}`;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Returns a port that the system does not assign to clients. If the system could assign this port to the POS as its own
 * end, a POS that looks for the device could connect to itself.
 */
async function quietPort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 5000); ; port++) {
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
