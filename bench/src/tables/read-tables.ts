import type { Section, Table } from './table.js';

/**
 * Returns the sections of a Markdown page with their tables. The page is the output of the benchmark, or
 * docs/explanation/performance.md. A caption is the paragraph before a table. Other text and images are left out.
 */
export function readSections(page: string): Section[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((text) => {
      const [title = '', ...parts] = text.trim().split(/\n{2,}/);
      const blocks = parts.filter((part) => !part.startsWith('!['));
      return { title, tables: blocks.flatMap((block, index) => readTable(block, blocks[index - 1])) };
    });
}

function readTable(block: string, before: string | undefined): Table[] {
  if (!block.startsWith('|')) return [];
  const [head = [], , ...rows] = block.split('\n').map((line) => {
    const cells = line.split('|').slice(1, -1);
    return cells.map((cell) => cell.trim());
  });
  return [{ caption: before?.startsWith('|') ? undefined : before?.replaceAll('\n', ' '), head, rows }];
}
