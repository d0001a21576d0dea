import { socket } from '@bluetap/transport-socket';
import { charge } from './charge.js';

try {
  await charge(socket(process.argv[2] ?? process.env['BLUETAP_TRANSPORT'] ?? 'tcp://127.0.0.1:4000'));
} catch (error) {
  // charge() prints its own errors. This error means that the address has a wrong form.
  console.error((error as Error).message);
  process.exitCode = 1;
}
