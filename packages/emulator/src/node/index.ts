/** The doors of an emulated device that need Node: sockets and a pseudo-terminal. */
export type { Door } from './door.js';
export { type ListenAddress, listen } from './listen.js';
export { openPty, type PtyOptions } from './pty.js';
