import type { DeviceCase } from '../probe/device-case.js';
import { CONNECTION_CASES } from './connections.js';
import { DROPPED_TYPE_CASES } from './dropped-types.js';
import { EXPIRY_CASES } from './expiry.js';
import { FAULT_CASES } from './faults.js';
import { FIELD_CASES } from './fields.js';
import { DELIMITER_CASES, FRAMING_CASES } from './framing.js';
import { HEADER_CASES } from './header-checks.js';
import { CANCEL_CASES, PAY_CASES } from './pay-and-cancel.js';
import { PAYLOAD_CASES } from './payload-checks.js';
import { REPLY_CASES } from './replies.js';
import { RESTART_CASES } from './restarts.js';
import { REPEAT_CASES, SEQUENCE_CASES } from './sequences.js';
import { SESSION_CASES, SESSION_NUMBER_CASES } from './sessions.js';
import { TAP_CASES } from './taps.js';
import { TIMING_CASES } from './timing.js';

/**
 * All cases of a run on a device, in their order. What everything else needs comes first. What costs money if it is wrong
 * comes before what does not, because a slow device may not get through all of them.
 */
export const ALL_CASES: readonly DeviceCase[] = [
  ...DELIMITER_CASES,
  ...SESSION_NUMBER_CASES,
  ...TIMING_CASES,
  ...REPEAT_CASES,
  ...SEQUENCE_CASES,
  ...SESSION_CASES,
  ...PAY_CASES,
  ...CANCEL_CASES,
  ...EXPIRY_CASES,
  ...REPLY_CASES,
  ...HEADER_CASES,
  ...PAYLOAD_CASES,
  ...DROPPED_TYPE_CASES,
  ...FRAMING_CASES,
  ...FIELD_CASES,
  ...CONNECTION_CASES,
  ...TAP_CASES,
  ...FAULT_CASES,
  ...RESTART_CASES,
];
