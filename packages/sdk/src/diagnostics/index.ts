/**
 * Tools to find a fault, for Node. They publish the work of a transport and a client on the channels of
 * `node:diagnostics_channel` (`diagnose`), or write it as text for a report (`record`).
 *
 * @packageDocumentation
 */

export {
  CHANNELS,
  type ChangeMessage,
  type ChannelContext,
  type ClientMessage,
  type CloseMessage,
  type DataMessage,
  type FrameMessage,
  type ListContext,
  type LogMessage,
  type OpenContext,
  type WriteContext,
} from './channels.js';
export { type DiagnoseOptions, diagnose } from './diagnose.js';
export { diagnoseClient, diagnosticLogger } from './diagnose-client.js';
export { environment } from './environment.js';
export { type Recording, type RecordOptions, record } from './record.js';
