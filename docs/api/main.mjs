// npm run docs: writes the API reference of every published package from the sources, as HTML into .docs. It fails on any
// warning: a name that is exported and not documented, a type that is used and not exported, a link that leads nowhere.
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application, Converter, ReflectionKind } from 'typedoc';
import { root } from '../../scripts/rules/read-packages.mjs';
import { readEntries } from './entries.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const out = join(root, '.docs');
const entries = readEntries();

/**
 * By package: what a type is computed from, where its comment says what it holds.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
const notExported = { '@bluetap/emulator': ['FUNCTION_NAMES'], '@bluetap/protocol': ['ROWS'] };

const app = await Application.bootstrap({
  name: 'BlueTap API reference',
  readme: join(here, 'README.md'),
  tsconfig: join(here, 'tsconfig.json'),
  basePath: root,
  entryPoints: entries.map(({ file }) => file),
  out,
  sortEntryPoints: false,
  navigation: { includeFolders: false },
  // The paths are ours, but where the repository stands is not written anywhere.
  disableGit: true,
  disableSources: true,
  githubPages: false,
  hideGenerator: true,
  excludePrivate: true,
  excludeExternals: true,
  packagesRequiringDocumentation: entries.map((entry) => entry.package),
  requiredToBeDocumented: [
    'Module',
    'Class',
    'Constructor',
    'Interface',
    'TypeAlias',
    'Function',
    'Variable',
    'Method',
    'Accessor',
    'Property',
  ],
  logLevel: 'Warn',
});

// typedoc names a module after its folder. A reader knows it by what an import says.
app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
  const modules = project.getChildrenByKind(ReflectionKind.Module);
  for (const [index, { name }] of entries.entries()) {
    const module = modules[index];
    if (!module) throw new Error(`typedoc has no module for ${name}`);
    module.name = name;
  }
});

rmSync(out, { recursive: true, force: true });
const project = await app.convert();
if (project) {
  app.options.setValue('intentionallyNotDocumented', namelessMembers(project));
  validate(project);
  if (complaints() === 0) await app.generateOutputs(project);
}
if (!project || complaints() > 0) {
  console.error(`The API reference was not written: ${complaints()} complaints. Each one names what to fix.`);
  process.exitCode = 1;
} else console.error(`The API reference is in ${join(out, 'index.html')}`);

function complaints() {
  return app.logger.errorCount + app.logger.warningCount;
}

/** @param {import('typedoc').ProjectReflection} project */
function validate(project) {
  app.options.setValue('validation', true);
  app.validate(project);
  // typedoc looks for types that are not exported in one package alone: in the one whose name the project has.
  app.options.setValue('validation', { notExported: true });
  for (const name of new Set(entries.map((entry) => entry.package))) {
    project.packageName = name;
    app.options.setValue('intentionallyNotExported', notExported[name] ?? []);
    app.validate(project);
  }
  delete project.packageName;
}

/**
 * Members of the alternatives of a union, as in `{ ok: true } | { ok: false }`: the comment of the alias, or of the
 * alternative, speaks of them.
 * @param {import('typedoc').ProjectReflection} project
 */
function namelessMembers(project) {
  const members = project
    .getReflectionsByKind(ReflectionKind.Property)
    .filter(({ parent }) => parent?.name === '__type' && parent.parent?.kindOf(ReflectionKind.TypeAlias))
    .filter((member) => !member.hasComment());
  // The alternatives share names, and typedoc complains of one that it is given twice.
  return [...new Set(members.map((member) => member.getFullName()))];
}
