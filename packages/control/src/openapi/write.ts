// Writes openapi.json, which is made from the table of commands: node packages/control/dist/openapi/write.js
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from './document.js';

const file = fileURLToPath(new URL('../../openapi.json', import.meta.url));
writeFileSync(file, `${JSON.stringify(openApiDocument(), undefined, 2)}\n`);
