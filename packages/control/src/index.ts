/**
 * Steers emulated devices over HTTP, from any language, and shows them on a page. `bluetap emulate --control` serves it; a
 * Node program can call `serveControl`.
 *
 * @packageDocumentation
 */

export type { ServiceInfo } from './app.js';
export type { CommandSource } from './event-hub.js';
export type { ControlOptions, ControlService } from './serve-control.js';
export { serveControl } from './serve-control.js';
