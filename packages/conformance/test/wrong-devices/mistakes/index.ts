// All mistakes of the wrong devices. Each device makes one of them.
import { CHECKS } from './checks.js';
import { FRAMING } from './framing.js';
import { PAYMENT_LINKS } from './payment-links.js';
import { REPLIES } from './replies.js';
import type { Row } from './row.js';
import { SESSIONS } from './sessions.js';

export type { Needs, Row } from './row.js';

const ALL = [...FRAMING, ...CHECKS, ...REPLIES, ...SESSIONS, ...PAYMENT_LINKS] as const;

/** The name of a mistake: what the device does. */
export type Mistake = (typeof ALL)[number][0];

/** True if the device makes this mistake. */
export type Does = (mistake: Mistake) => boolean;

/** The table of all mistakes. */
export const MISTAKES: readonly (Row & readonly [Mistake, ...unknown[]])[] = ALL;
