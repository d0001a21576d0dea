// Finds files and folders that import each other in a circle. A reader cannot read or move one of them without the
// others. Imports of types count too, because a reader follows types as well as code. Pure: takes a package as data,
// and returns complaints as sentences.
import { posix } from 'node:path';
import { importsOf } from './source.mjs';

/** @typedef {ReadonlyMap<string, ReadonlySet<string>>} Graph the nodes that each node imports */

/**
 * @param {import('./imports.mjs').Package} pkg
 * @returns {string[]}
 */
export function circleComplaints({ folder, files }) {
  const sources = Object.keys(files).filter((file) => file.startsWith('src/'));
  const ofFiles = graphOf(sources, files, (file) => file);
  const ofFolders = graphOf(sources, files, posix.dirname);
  const say = (/** @type {string} */ what, /** @type {string[]} */ circle) =>
    `packages/${folder}: these ${what} import each other in a circle: ${circle.join(', ')}`;
  return [
    ...circlesOf(ofFiles).map((circle) => say('files', circle)),
    ...circlesOf(ofFolders).map((circle) => say('folders', circle)),
  ];
}

/**
 * @param {readonly string[]} sources
 * @param {Readonly<Record<string, string>>} files
 * @param {(file: string) => string} nodeOf
 * @returns {Graph}
 */
function graphOf(sources, files, nodeOf) {
  /** @type {Map<string, Set<string>>} */
  const graph = new Map();
  for (const file of sources) {
    const from = nodeOf(file);
    const imported = graph.get(from) ?? new Set();
    graph.set(from, imported);
    for (const specifier of importsOf(files[file] ?? '')) {
      if (!specifier.startsWith('.')) continue;
      const path = posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts');
      const target = files[path] === undefined ? `${path}x` : path;
      // An import inside of one folder does not count, because a barrel only exports the files of its own folder.
      if (files[target] !== undefined && nodeOf(target) !== from) imported.add(nodeOf(target));
    }
  }
  return graph;
}

/**
 * Returns the groups of nodes that all reach each other. Each group is in alphabetical order.
 * @param {Graph} graph
 * @returns {string[][]}
 */
export function circlesOf(graph) {
  const reach = new Map([...graph.keys()].map((node) => [node, reachedFrom(node, graph)]));
  /** @type {string[][]} */
  const circles = [];
  const seen = new Set();
  for (const [node, reached] of reach) {
    if (seen.has(node) || !reached.has(node)) continue;
    const circle = [...reached].filter((other) => reach.get(other)?.has(node)).sort();
    for (const member of circle) seen.add(member);
    circles.push(circle);
  }
  return circles;
}

/** @param {string} start @param {Graph} graph */
function reachedFrom(start, graph) {
  const reached = new Set(graph.get(start));
  for (const node of reached) for (const next of graph.get(node) ?? []) reached.add(next);
  return reached;
}
