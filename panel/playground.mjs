// `npm run playground [-- --serve [PORT]]`: builds the playground into a folder of static files. With --serve it also serves
// the folder on 127.0.0.1, until Ctrl+C.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { buildAndTell, TARGETS } from './build.mjs';

const USAGE = 'usage: npm run playground [-- --serve [PORT]]';
const TYPES = /** @type {Readonly<Record<string, string>>} */ ({
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
});
const FILES = ['index.html', 'playground.js', 'playground.css'];

const [option, given, ...more] = process.argv.slice(2);
const port = Number(given ?? 0);
const isWrong = option !== undefined && option !== '--serve';
if (isWrong || more.length > 0 || !Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(USAGE);
  process.exit(2);
}

const { to } = TARGETS.playground;
if (!(await buildAndTell('playground'))) process.exit(1);
console.log(`\nThe playground is in ${to}`);
if (option === '--serve') serve(port);
else console.log('Any web server can serve this folder, at any path. Or: npm run playground -- --serve');

/** @param {number} at */
function serve(at) {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname.slice(1) || 'index.html';
    if (!FILES.includes(path) || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
      return;
    }
    const bytes = await readFile(join(to, path));
    response.writeHead(200, { 'content-type': TYPES[extname(path)], 'x-content-type-options': 'nosniff' }).end(bytes);
  });
  server.on('error', (error) => {
    console.error(`The playground cannot be served: ${error.message}`);
    process.exitCode = 1;
  });
  server.listen(at, '127.0.0.1', () => {
    const bound = /** @type {import('node:net').AddressInfo} */ (server.address());
    console.log(`It is served at http://127.0.0.1:${bound.port}/ until Ctrl+C`);
  });
}
