import type { Client } from '@bluetap/sdk';
import type { CountedClock, Random } from '@bluetap/testing';
import type { HostView } from './host/host-view.js';
import type { ToldRules } from './host/told-rules.js';
import type { Judge } from './judge.js';
import type { Plug } from './plug.js';
import type { PosOptions, Step } from './script.js';
import type { SimClock } from './sim-clock.js';
import type { SentMessage } from './truth/device-truth.js';

/** The parts of the world that a POS program needs. */
export interface PosParts {
  readonly number: number;
  readonly clock: SimClock;
  readonly plug: Plug;
  readonly random: Random;
  readonly judge: Judge;
  readonly options: PosOptions;
  readonly sentAs: (crc: number) => SentMessage | undefined;
  /**
   * False if a client can count contradictions that one message does not show: the device at an open line can be
   * another one, or can restart, without a sign, or its reply to HELLO is false.
   */
  readonly showsContradictions: boolean;
}

/** One run of a client, from its start to its end. */
export interface Run {
  readonly client: Client;
  readonly clock: CountedClock;
  readonly view: HostView;
  readonly rules: ToldRules;
  /** The number of calls that have not settled. */
  calls: number;
  /** True once the program has closed the client or crashed. */
  over: boolean;
}

/** A step that is a call of the SDK. */
export type CallStep = Step & { readonly do: 'pay' | 'cancel' | 'status' | 'outcome' | 'info' };
