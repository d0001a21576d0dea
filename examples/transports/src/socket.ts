import { socket } from '@bluetap/transport-socket';
import { charge } from './charge.js';

try {
  await charge(socket(process.argv[2] ?? process.env['BLUETAP_TRANSPORT'] ?? 'tcp://127.0.0.1:4000'));
} catch (error) {
  // charge() tells its own troubles: this is an address that cannot be read.
  console.error((error as Error).message);
  process.exitCode = 1;
}
