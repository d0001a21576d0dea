import { socket } from '@bluetap/transport-socket';
import { charge } from './charge.js';

await charge(socket(process.argv[2] ?? process.env['BLUETAP_TRANSPORT'] ?? 'tcp://127.0.0.1:4000'));
