import { serial } from '@bluetap/transport-serial';
import { charge } from './charge.js';

// The path of a serial port: COM3, /dev/ttyUSB0, or the path that `bluetap emulate --pty` prints. Without a path, the
// transport finds the port of a BlueTap device.
const path = process.argv[2] ?? process.env['BLUETAP_TRANSPORT']?.replace('serial:', '');

await charge(path ? serial({ path }) : serial());
