export {
  CHANNELS,
  type ClientMessage,
  type CloseMessage,
  type DataMessage,
  type FrameMessage,
  type HintMessage,
  type LinkContext,
  type ListContext,
  type LogMessage,
  type OpenContext,
  type WriteContext,
} from './diagnostics/channels.js';
export { type DiagnoseOptions, diagnose } from './diagnostics/diagnose.js';
export { diagnoseClient, diagnosticLogger } from './diagnostics/diagnose-client.js';
export { environment } from './diagnostics/environment.js';
export { type Recording, type RecordOptions, record } from './diagnostics/record.js';
