import { deliveryMutants } from './delivery.js';
import { deviceDeliveryMutants } from './device-delivery.js';
import { eventsMutants } from './events.js';
import { factsMutants } from './facts.js';
import { linkGapsMutants } from './link-gaps.js';
import type { Mutant } from './mutant.js';

/** Mistakes that people make in such code. The simulator must find all of them. */
export const mutants: readonly Mutant[] = [
  ...deliveryMutants,
  ...factsMutants,
  ...eventsMutants,
  ...linkGapsMutants,
  ...deviceDeliveryMutants,
];
