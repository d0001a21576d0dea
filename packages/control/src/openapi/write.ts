// Writes what is made from the table of commands: openapi.json, and the tables of docs/reference/control.md.
// node packages/control/dist/openapi/write.js
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openApiDocument } from './document.js';
import { type ApiDocument, referenceTables } from './reference.js';

const document = openApiDocument();
writeFileSync(new URL('../../openapi.json', import.meta.url), `${JSON.stringify(document, undefined, 2)}\n`);

const page = fileURLToPath(new URL('../../../../docs/reference/control.md', import.meta.url));
let text = readFileSync(page, 'utf8');
for (const [name, table] of Object.entries(referenceTables(document as ApiDocument))) {
  text = text.replace(
    new RegExp(`(<!-- made from openapi.json: ${name} -->\n\n).*?(\n\n<!-- end -->)`, 's'),
    (_, start: string, end: string) => start + table + end,
  );
}
writeFileSync(page, text);
