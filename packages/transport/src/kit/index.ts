/** For whoever writes a transport: the rules of the contract, kept over a library that does not know them. */
export { type Bounds, bounded } from './bounded.js';
export { busy, missingLibrary, noAnswer, notThere, permissionDenied, unplugged } from './hints.js';
export { pollForChanges } from './poll.js';
export { type LinkParts, QueuedLink } from './queued-link.js';
