import { BlueTapError, type CommandResult, type DeviceIdentity, type Outcome, ResultCode } from '@bluetap/sdk';
import { note, print, printJson, seconds, styles } from '../output/output.js';
import { table } from '../output/table.js';
import { lines, type Piece, type Text, text } from '../output/text.js';
import { exitCodeOf } from '../process/exit-code.js';

type Rows = (readonly [name: string, value: Piece])[];

const OUTCOMES: Record<Outcome, string> = {
  'not-sent': 'not sent: no byte of it left this machine',
  refused: 'refused by the device',
  executed: 'executed',
  'not-executed': 'not executed: the device says so',
  unknown: 'unknown: it may have been executed',
};

const LINK_LIVE = {
  PAY: { yes: 'live: a phone can read it', no: 'not live', unknown: 'may be live' },
  CANCEL: { yes: 'still live', no: 'not live', unknown: 'may still be live' },
};

/** Facts that are known in addition to the result or the error. */
export interface Circumstances {
  /** The device that answered last. */
  readonly device: DeviceIdentity | undefined;
  readonly json: boolean | undefined;
  /** What a person can do if no device could be reached. */
  readonly help?: string | undefined;
}

/** Prints the result of a PAY or a CANCEL, and sets the exit code of the process. */
export function reportCommand(
  type: 'PAY' | 'CANCEL',
  result: CommandResult,
  { device, json, help }: Circumstances,
): void {
  const { code, outcome, linkLive, pending, state, remaining, previous, taps, attempt, error } = result;
  process.exitCode = exitCodeOf(code);
  if (json) {
    const facts = { code, outcome, linkLive, pending, state, remaining, previous, taps, attempt, device };
    printJson({ ...facts, error: error && jsonError(error) });
    return;
  }
  const rows: Rows = [
    ['command', OUTCOMES[outcome] + (outcome === 'unknown' && !pending ? ', and this will not become known' : '')],
    ['link', LINK_LIVE[type][linkLive]],
  ];
  if (state)
    rows.push([
      'state',
      state === 'ready' && linkLive === 'no' ? 'ready, with the payment link of another command' : state,
    ]);
  if (remaining !== undefined) rows.push(['remaining', seconds(remaining)]);
  if (taps !== undefined) rows.push(['taps', describeTaps(taps, state)]);
  const other = device && attempt && device.serialNumber !== attempt.serialNumber;
  if (device) rows.push([other ? 'there now' : 'device', describeDevice(device)]);
  const shown = type === 'PAY' && code === ResultCode.SUCCESS ? `: ${shownText(linkLive)}; this never means paid` : '';
  print(text`${paint(code)}${shown}\n${table(rows)}`);
  // The other device does not know the attempt. A cancel would end the payment link of another order there.
  const advice = other
    ? `Do not send it again: connect ${attempt.serialNumber}, the device that got it, and ask that device.`
    : adviceFor(type, outcome);
  if (error) note(lines([text`${styles('stderr').red('bluetap:')} ${error.message}`, advice, ...(help ? [help] : [])]));
}

function shownText(linkLive: CommandResult['linkLive']): string {
  return linkLive === 'yes'
    ? 'the device shows the payment link'
    : 'the device has shown the payment link, which is over already';
}

/** Prints why a question got no answer, and sets the exit code. A question never changes a payment link. */
export function reportFailure(error: unknown, { json, help }: Pick<Circumstances, 'json' | 'help'>): void {
  const known = error instanceof BlueTapError ? error : new BlueTapError(ResultCode.PROCESS_FAIL, messageOf(error));
  process.exitCode = exitCodeOf(known.code);
  if (json) {
    printJson({ code: known.code, error: jsonError(known) });
    return;
  }
  print(paint(known.code));
  note(lines([text`${styles('stderr').red('bluetap:')} ${known.message}`, ...(help ? [help] : [])]));
}

export function describeDevice({ serialNumber, model, firmware, simulated }: DeviceIdentity): Text {
  const { yellow, bold } = styles();
  const mark = simulated ? text`\n${bold(yellow('SIMULATED'))}: nothing that it shows can be paid` : '';
  return text`${serialNumber} (${model}, firmware ${firmware})${mark}`;
}

export function describeTaps(taps: number, state: string | undefined): string {
  const ended = state === 'cancelled' || state === 'expired';
  return `${taps}${taps > 0 && ended ? ': a phone read the payment link before it ended, so it may have been paid' : ''}`;
}

function adviceFor(type: 'PAY' | 'CANCEL', outcome: Outcome): string {
  switch (outcome) {
    case 'unknown':
      return type === 'PAY'
        ? 'Do not send it again to find out. With the same --transport, "bluetap status" says what the device shows, and "bluetap cancel" ends that payment link.'
        : 'With the same --transport, "bluetap status" says whether a payment link is still live.';
    case 'refused':
      return 'The device did not execute it.';
    default:
      return 'It was not executed, so it is safe to send it again.';
  }
}

export function paint(code: ResultCode): Text {
  const { green, red } = styles();
  return (code === ResultCode.SUCCESS ? green : red)(code);
}

function jsonError(error: Error): { message: string; reason?: number | undefined } {
  return { message: error.message, reason: error instanceof BlueTapError ? error.reason : undefined };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
