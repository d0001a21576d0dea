// The programs run like the programs of a user: with plain Node and the compiled packages. The root of the repository
// installs none of its packages, so these are paths. They are correct for `dist/long` too, because that folder has the
// same depth as `test/long`.
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
