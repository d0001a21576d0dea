import type { DeviceCase } from '../device-case.js';
import { SEQUENCE_CASES } from './sequences.js';

/** All cases of a run on a device, in their order. */
export const ALL_CASES: readonly DeviceCase[] = [...SEQUENCE_CASES];
