import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import type { Section } from './tables/table.js';

const BUNDLES: readonly (readonly [name: string, code: string])[] = [
  ['@bluetap/protocol', `export * from '@bluetap/protocol'`],
  [
    '@bluetap/protocol, what encodes and decodes',
    `export { decodeMessage, encodeMessage, FrameDecoder } from '@bluetap/protocol'`,
  ],
  ['@bluetap/protocol and its tools', `export * from '@bluetap/protocol'; export * from '@bluetap/protocol/tools'`],
  ['@bluetap/sdk with protocol, all of it', `export * from '@bluetap/sdk'`],
];

/** Measures how much larger the bundle of a program becomes: minified by esbuild, then gzipped. */
export async function size(): Promise<Section> {
  const sizes = await Promise.all(
    BUNDLES.map(async ([name, contents]) => {
      const { outputFiles } = await build({
        stdin: { contents, resolveDir: import.meta.dirname },
        bundle: true,
        minify: true,
        format: 'esm',
        write: false,
      });
      const code = outputFiles[0]!.contents;
      return { name, minified: code.length, gzipped: gzipSync(code, { level: 9 }).length };
    }),
  );
  return {
    title: 'Size of a bundle',
    tables: [
      {
        head: ['', 'minified, bytes', 'and gzipped'],
        rows: sizes.map(({ name, minified, gzipped }) => [name, `${minified}`, `${gzipped}`]),
      },
    ],
    targets: [{ name: 'protocol, minified and gzipped, KB', target: 4, atMost: true, value: sizes[0]!.gzipped / 1000 }],
  };
}
