// @ts-nocheck: plain JavaScript, as a host of somebody else, who has no types of this project.
// The host of host.mjs on a machine that is busy: late-once.mjs FILE NUMBER. Each start adds a line to the file. In the
// first start, the process gets no processor for 1300 ms after it has sent so many requests.
import { appendFileSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';

const [file, number] = process.argv.splice(2, 2);
appendFileSync(file, 'start\n');
if (readFileSync(file, 'utf8') === 'start\n') {
  const { write } = Socket.prototype;
  let sent = 0;
  Socket.prototype.write = function (...words) {
    if (this !== process.stdout && ++sent === Number(number)) setImmediate(block);
    return write.apply(this, words);
  };
}
await import('./host.mjs');

function block() {
  for (const end = performance.now() + 1300; performance.now() < end; );
}
