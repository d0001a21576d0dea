import { callBack, show } from '@bluetap/transport/kit';
import { BlueTapError } from '../common/errors.js';
import { ResultCode } from '../common/types.js';

/**
 * Returns the next nonce of HELLO, from the program's source of random numbers. Only an unsigned 32-bit number is
 * accepted. A promise, or a fraction such as the value of Math.random, would become the same nonce each time, and a
 * late reply could then match.
 * @throws BlueTapError PARAM_ILLEGAL, or the error of the source.
 */
export function nonceFrom(random: () => unknown): number {
  const given = random();
  if (Number.isInteger(given) && (given as number) >>> 0 === given) return given;
  // If the value is a promise that rejects, the rejection must not end the program.
  callBack(
    () => given,
    () => {},
  );
  const text = `The option "random" must return a whole number from 0 to 4294967295, not a promise, but returned ${show(given)}.`;
  throw new BlueTapError(ResultCode.PARAM_ILLEGAL, text);
}
