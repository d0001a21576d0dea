/**
 * Steers emulated devices over HTTP, from any language, and shows them on a page. `bluetap emulate --control` serves it; a
 * Node program can call `serveControl`.
 *
 * @packageDocumentation
 */

export type { ServiceInfo } from './service/app.js';
export type { CommandSource } from './service/event-hub.js';
export type { ControlOptions, ControlService } from './service/serve-control.js';
export { serveControl } from './service/serve-control.js';
export type { ScenarioStep } from './steering/parse-scenario.js';
export { parseScenario } from './steering/parse-scenario.js';
export { Scenario } from './steering/scenario.js';
export type { Steering } from './steering/steering.js';
export type { TriggerCommand, TriggerRow } from './steering/trigger-rows.js';
export { TRIGGERS } from './steering/trigger-rows.js';
export { Triggers } from './steering/triggers.js';
