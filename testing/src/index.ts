/** What the simulator, the fuzzer and the long tests share: random numbers from a seed, and a clock that counts. */

export { CountedClock } from './counted-clock.js';
export { Random, seedOf } from './random.js';
