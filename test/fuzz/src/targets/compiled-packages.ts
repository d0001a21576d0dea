// The compiled packages, as a user installs them. The root of the repository does not depend on them, so these are
// paths.
export { run } from '../../../../packages/cli/dist/program.js';
export { Emulator } from '../../../../packages/emulator/dist/index.js';
export { exportUsb, listen } from '../../../../packages/emulator/dist/node/index.js';
export { encodeMessage, FrameDecoder } from '../../../../packages/protocol/dist/index.js';
export { decodeFrame, decodeWire, frameBytes, resultOf } from '../../../../packages/protocol/dist/tools/index.js';
