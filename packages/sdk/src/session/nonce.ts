import { callBack, show } from '@bluetap/transport/kit';
import { BlueTapError } from '../common/errors.js';
import { ResultCode } from '../common/types.js';

/**
 * The next nonce of HELLO, from the program's source of random numbers. What is no unsigned 32-bit number is refused: a
 * promise, or a fraction such as Math.random gives, would be the same nonce each time, and a late answer could then be
 * matched.
 * @throws BlueTapError PARAM_ILLEGAL; what the source throws.
 */
export function nonceFrom(random: () => unknown): number {
  const given = random();
  if (Number.isInteger(given) && (given as number) >>> 0 === given) return given;
  // If it is a promise that fails, that is not the program's end.
  callBack(
    () => given,
    () => {},
  );
  const text = `The option "random" must give a whole number from 0 to 4294967295, and at once, but gave ${show(given)}.`;
  throw new BlueTapError(ResultCode.PARAM_ILLEGAL, text);
}
