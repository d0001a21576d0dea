import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type Attempt,
  BlueTapError,
  type CancelResult,
  type ClientOptions,
  type CommandExecuted,
  type CommandResult,
  isPaymentMethod,
  isResultCode,
  type PayCommand,
  type PaymentLinkState,
  PaymentMethod,
  type PayOptions,
  type PayResult,
  Reason,
  type ReasonNumber,
  type Resolution,
  ResultCode,
} from '../../src/index.js';

declare function never(value: never): void;

describe('a result narrows (C-15)', () => {
  it('by its code', () => {
    const use = (result: PayResult) => {
      expectTypeOf(result.error).toEqualTypeOf<BlueTapError | undefined>();
      if (result.code === 'SUCCESS') {
        expectTypeOf(result.outcome).toEqualTypeOf<'executed'>();
        expectTypeOf(result.attempt).toEqualTypeOf<Attempt>();
        expectTypeOf(result.state).toEqualTypeOf<PaymentLinkState>();
        expectTypeOf(result.error).toEqualTypeOf<undefined>();
        // The reply can be lost, and HELLO does not contain this value.
        expectTypeOf(result.remaining).toEqualTypeOf<number | undefined>();
      } else {
        expectTypeOf(result.error).toEqualTypeOf<BlueTapError>();
        expectTypeOf(result.remaining).toEqualTypeOf<undefined>();
        expectTypeOf(result.outcome).toEqualTypeOf<'refused' | 'not-sent' | 'not-executed' | 'unknown'>();
      }
    };
    expect(use).toBeTypeOf('function');
  });

  it('by its outcome, and a switch can name all outcomes', () => {
    const use = (result: CommandResult): string => {
      switch (result.outcome) {
        case 'executed':
          expectTypeOf(result.code).toEqualTypeOf<'SUCCESS'>();
          return result.state;
        case 'refused':
          expectTypeOf(result.code).toEqualTypeOf<'PARAM_ILLEGAL' | 'PROCESS_FAIL' | 'UNKNOWN_EXCEPTION'>();
          return `${result.error.reason} ${result.attempt.sequence}`;
        case 'not-sent':
          expectTypeOf(result.code).toEqualTypeOf<'PARAM_ILLEGAL' | 'DEVICE_DISCONNECTED' | 'PROCESS_FAIL'>();
          expectTypeOf(result.attempt).toEqualTypeOf<undefined>();
          return result.error.message;
        case 'not-executed':
          expectTypeOf(result.code).toEqualTypeOf<'PROCESS_FAIL'>();
          return result.attempt.serialNumber;
        case 'unknown':
          expectTypeOf(result.code).toEqualTypeOf<'DEVICE_DISCONNECTED' | 'UNKNOWN_EXCEPTION'>();
          expectTypeOf(result.pending).toEqualTypeOf<boolean>();
          expectTypeOf(result.attempt).toEqualTypeOf<Attempt | undefined>();
          return result.error.message;
        default:
          never(result);
          return '';
      }
    };
    expect(use).toBeTypeOf('function');
  });

  it('after `!==`: the rest of the function knows that the command was executed', () => {
    const use = (result: PayResult): string => {
      if (result.code !== 'SUCCESS') return result.error.message;
      expectTypeOf(result).toEqualTypeOf<CommandExecuted>();
      // @ts-expect-error An executed command has no error to read.
      return result.error.message;
    };
    expect(use).toBeTypeOf('function');
  });

  it('after the destructuring in the README', () => {
    const use = ({ code, outcome, error }: PayResult): string => {
      // @ts-expect-error The command can be executed.
      const before = () => error.message;
      if (code === 'SUCCESS') expectTypeOf(outcome).toEqualTypeOf<'executed'>();
      return code === 'SUCCESS' ? String(before) : error.message;
    };
    expect(use).toBeTypeOf('function');
  });

  it('a switch that forgets an outcome does not compile', () => {
    const use = (result: CommandResult): string => {
      switch (result.outcome) {
        case 'executed':
        case 'refused':
        case 'not-sent':
        case 'not-executed':
          return result.code;
        default:
          // @ts-expect-error `unknown` is not handled.
          never(result);
          return result.outcome;
      }
    };
    expect(use).toBeTypeOf('function');
  });

  it('an executed cancel has taps', () => {
    const use = (result: CancelResult) => {
      expectTypeOf(result.remaining).toEqualTypeOf<undefined>();
      if (result.outcome === 'executed') expectTypeOf(result.taps).toEqualTypeOf<number>();
      else expectTypeOf(result.taps).toEqualTypeOf<number | undefined>();
    };
    expect(use).toBeTypeOf('function');
  });

  it('a resolution has one of three outcomes', () => {
    expectTypeOf<Resolution['outcome']>().toEqualTypeOf<'executed' | 'not-executed' | 'unknown'>();
    expectTypeOf<Resolution['pending']>().toEqualTypeOf<false>();
  });

  it('an error never has the code SUCCESS', () => {
    expectTypeOf<BlueTapError['code']>().toEqualTypeOf<Exclude<ResultCode, 'SUCCESS'>>();
  });
});

it('an optional property may be undefined, also with exactOptionalPropertyTypes (C-15)', () => {
  const maybe = undefined as string | undefined;
  expectTypeOf({
    paymentMethod: 'TRUEMONEY',
    amount: maybe,
    orderId: maybe,
    expiryTime: 1 as number | undefined,
  } as const).toExtend<PayCommand>();
  expectTypeOf<{ timeoutMs: number | undefined; onAttempt: undefined }>().toExtend<PayOptions>();
  expectTypeOf<{ device: string | undefined }>().toExtend<Partial<ClientOptions>>();
});

describe('guards', () => {
  it.each([...Object.values(PaymentMethod)])('%s is a payment method', (method) => {
    expect(isPaymentMethod(method)).toBe(true);
  });
  it.each([...Object.values(ResultCode)])('%s is a result code', (code) => {
    expect(isResultCode(code)).toBe(true);
  });
  it.each(['truemoney', '', 'toString', undefined, null, 0, {}])('%j is not one of them', (value) => {
    expect(isPaymentMethod(value)).toBe(false);
    expect(isResultCode(value)).toBe(false);
  });
  it('narrow a type', () => {
    const text: string = 'SEVEN_11';
    if (isPaymentMethod(text)) expectTypeOf(text).toEqualTypeOf<PaymentMethod>();
  });
});

describe('an error', () => {
  it('as JSON keeps its message', () => {
    const cause = Object.assign(new TypeError('no such thing'), { code: 'ENOENT' });
    const fields = [{ field: 'amount', reason: 3 as const, message: 'must be a string' }];
    const error = new BlueTapError('PARAM_ILLEGAL', 'amount must be a string', {
      cause,
      reason: Reason.BAD_VALUE,
      fields,
    });
    expect(JSON.parse(JSON.stringify({ error }))).toEqual({
      error: {
        name: 'BlueTapError',
        message: 'amount must be a string',
        code: 'PARAM_ILLEGAL',
        reason: 3,
        fields,
        cause: { name: 'TypeError', code: 'ENOENT', message: 'no such thing' },
      },
    });
    expect(JSON.parse(JSON.stringify(new BlueTapError('PROCESS_FAIL', 'x', { cause: 7 })))).toEqual({
      name: 'BlueTapError',
      message: 'x',
      code: 'PROCESS_FAIL',
    });
  });

  it('as JSON never throws, also if a library put an unusual value into its cause', () => {
    const cause = Object.assign(new Error('y'), { code: 5n });
    expect(JSON.parse(JSON.stringify(new BlueTapError('PROCESS_FAIL', 'x', { cause })))).toMatchObject({
      cause: { name: 'Error', message: 'y' },
    });
  });

  it('without a cause has no cause, and undefined is not a cause', () => {
    expect(new BlueTapError('PROCESS_FAIL', 'x', { cause: undefined })).not.toHaveProperty('cause');
    expect(new BlueTapError('PROCESS_FAIL', 'x', { cause: null }).cause).toBe(null);
  });

  it('has a typed reason', () => {
    expectTypeOf<BlueTapError['reason']>().toEqualTypeOf<ReasonNumber | undefined>();
    expectTypeOf(Reason.NFC_FAULT).toExtend<ReasonNumber>();
    expectTypeOf<200>().toExtend<ReasonNumber>();
  });
});
