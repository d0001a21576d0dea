import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/rules/read-packages.mjs';

/** A fenced block of a page. */
export interface Block {
  /** The word after the fence: "js" or "console", for example. */
  readonly language: string;
  readonly text: string;
}

/**
 * Returns the paths of the files that are or will be committed, relative to the root.
 * @param patterns Patterns in the form of git: "*.md".
 */
export function filesOf(...patterns: string[]): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', ...patterns];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\n');
  return listed.filter((path) => path !== '' && existsSync(join(root, path)));
}

/** Returns the path of every page of the repository. */
export function pages(): string[] {
  return filesOf('*.md');
}

export function readPage(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language, text]) => ({
    language: language ?? '',
    text: text ?? '',
  }));
}

/** Returns the page without its code, because brackets in code are not hyperlinks and number signs are not headings. */
export function proseOf(page: string): string {
  return page.replace(/^```.*?^```$/gms, '').replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]#]/g, '_'));
}

/** Returns the targets of the hyperlinks in a page, as they are written. */
export function linksOf(page: string): string[] {
  return [...proseOf(page).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target ?? '');
}

/** Returns the anchors that a site such as GitHub makes from the headings of a page. */
export function anchorsOf(page: string): string[] {
  const seen = new Map<string, number>();
  const headings = [...page.replace(/^```.*?^```$/gms, '').matchAll(/^#{1,6} (.+)$/gm)];
  return headings.map(([, heading]) => {
    const slug = (heading ?? '')
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return times === 0 ? slug : `${slug}-${times}`;
  });
}

/**
 * True if a text matches the quote of a page. In the quote, "..." matches any characters. A line that is only "..."
 * matches any lines.
 */
export function isQuoted(quote: string, text: string): boolean {
  const escaped = quote
    .trimEnd()
    .split('...')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/ {2,}/g, ' +'));
  return new RegExp(`^${escaped.join('.*?')}$`, 's').test(text.trimEnd());
}
