import { serial } from '@bluetap/transport-serial';
import { charge } from './charge.js';

// A port that is named (COM3, /dev/ttyUSB0, or what `bluetap emulate --pty` says), or else the one of a BlueTap device.
const path = process.argv[2] ?? process.env['BLUETAP_TRANSPORT']?.replace('serial:', '');

await charge(path ? serial({ path }) : serial());
