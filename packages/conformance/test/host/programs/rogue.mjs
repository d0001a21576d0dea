// A host that misbehaves as a process: the first argument says how.
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { connect } from 'node:net';

const [, , what, port] = process.argv;
const stays = () => setInterval(() => {}, 1000);

if (what === 'never-ends') stays();
if (what === 'ignores-signals') {
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP'])) process.on(signal, () => {});
  stays();
}
if (what === 'leaves-a-child') {
  // The child has the same stdout, and lives on when this process has ended. Its connection shows when it ends.
  const connected = "() => require('node:fs').writeSync(3, 'connected')";
  const program = `require('node:net').connect(${Number(port)}, '127.0.0.1', ${connected})`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  const [, , , third] = child.stdio;
  third?.once('data', () => {
    process.stdout.write(`${JSON.stringify({ code: 'DEVICE_DISCONNECTED', outcome: 'not-sent', linkLive: 'no' })}\n`);
    child.unref();
    third.destroy();
  });
}
if (what === 'prints-without-end') for (;;) writeSync(1, 'x'.repeat(65_536));
if (what === 'floods') {
  const { hostname, port: number } = new URL(process.env['BLUETAP_TRANSPORT'] ?? '');
  const socket = connect({ host: hostname, port: Number(number) });
  socket.on('error', () => {});
  socket.once('close', () => process.exit());
  // Each frame is a HELLO whose CRC is wrong.
  const frame = Buffer.from('000301010101032004010101050000000100', 'hex');
  const chunk = Buffer.concat(Array.from({ length: 4000 }, () => frame));
  const flood = () => socket.destroyed || socket.write(chunk, flood);
  flood();
}
if (what === 'crashes') process.kill(process.pid, 'SIGSEGV');
if (what === 'fails') process.exitCode = 1;
if (what === 'prints-nonsense') process.stdout.write('{"code":\n[1, 2]\n"SUCCESS"\n\u001b[31mnull\n');
