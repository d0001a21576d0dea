import { clocksMutants } from './clocks.js';
import { contradictionsMutants } from './contradictions.js';
import { deliveryMutants } from './delivery.js';
import { deviceMutants } from './device.js';
import { deviceDeliveryMutants } from './device-delivery.js';
import { eventsMutants } from './events.js';
import { factsMutants } from './facts.js';
import { leaksMutants } from './leaks.js';
import { linkGapsMutants } from './link-gaps.js';
import type { Mutant } from './mutant.js';
import { protocolMutants } from './protocol.js';
import { sessionsMutants } from './sessions.js';
import { writesMutants } from './writes.js';

/** Mistakes that people make in such code. The simulator must find all of them. */
export const mutants: readonly Mutant[] = [
  ...deliveryMutants,
  ...factsMutants,
  ...eventsMutants,
  ...linkGapsMutants,
  ...sessionsMutants,
  ...clocksMutants,
  ...leaksMutants,
  ...protocolMutants,
  ...deviceDeliveryMutants,
  ...deviceMutants,
  ...contradictionsMutants,
  ...writesMutants,
];
