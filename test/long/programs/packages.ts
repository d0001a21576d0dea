// The programs here run as a user's do: plain Node on the compiled packages. The repository's root installs no package of
// its own, hence the paths; `dist/long` lies as deep as `test/long`, so that they hold for both.
export type { Behaviour, EmulatorEvent } from '../../../packages/emulator/dist/index.js';
export { Emulator, ignoreRequests } from '../../../packages/emulator/dist/index.js';
export { listen } from '../../../packages/emulator/dist/node/index.js';
export { encodeMessage } from '../../../packages/protocol/dist/index.js';
export type { Attempt, CommandResult, Facts, Outcome, Resolution } from '../../../packages/sdk/dist/index.js';
export { BlueTapError, Client, connect } from '../../../packages/sdk/dist/index.js';
export type { Channel, ChannelHandlers, DeviceInfo, Transport } from '../../../packages/transport/dist/index.js';
export { TransportError } from '../../../packages/transport/dist/index.js';
export { socket } from '../../../packages/transport-socket/dist/index.js';
export { Random } from '../../../testing/dist/index.js';
