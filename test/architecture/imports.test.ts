import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const SRC = fileURLToPath(new URL('../../src', import.meta.url))

/** What each folder may import besides itself and `package-file`: docs/architecture.md. */
const LAW: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  config: ['domain'],
  parquet: ['domain'],
  exports: ['domain'],
  ingestion: ['domain', 'parquet'],
  storage: ['domain'],
  graphql: ['domain'],
  workers: ['domain', 'ingestion', 'storage', 'graphql', 'exports'],
  http: ['domain', 'ingestion', 'storage', 'graphql', 'exports'],
  web: [],
  cli: ['domain', 'config', 'ingestion', 'storage', 'graphql', 'exports', 'workers', 'http'],
  main: ['cli'],
}

/** The files of a room that other rooms may import. Of a room that is not listed they may import any. */
const ENTRY_FILES: Readonly<Record<string, readonly string[]>> = {
  storage: [
    'storage/sqlite/database.ts',
    'storage/sqlite/health.ts',
    'storage/sqlite/check/check.ts',
    'storage/sqlite/files/database-files.ts',
    'storage/sqlite/files/lock.ts',
    'storage/sqlite/files/snapshot.ts',
    'storage/sqlite/load/loader.ts',
    'storage/sqlite/read/account-rows.ts',
    'storage/sqlite/read/reader.ts',
  ],
}

/** The folders of its room that a folder may import besides itself. A folder that is not listed may import any. */
const FOLDER_LAW: Readonly<Record<string, readonly string[]>> = {
  storage: [],
  'storage/sqlite/connection': [],
  'storage/sqlite/schema': ['storage/sqlite/connection'],
  'storage/sqlite/files': ['storage/sqlite/connection', 'storage/sqlite/schema'],
  'storage/sqlite/derive': ['storage', 'storage/sqlite/connection', 'storage/sqlite/schema'],
  'storage/sqlite/read': ['storage', 'storage/sqlite/connection', 'storage/sqlite/schema'],
  'storage/sqlite/load': ['connection', 'derive', 'files', 'read', 'schema'].map(folder => `storage/sqlite/${folder}`),
  'storage/sqlite/check': ['connection', 'derive', 'files', 'schema'].map(folder => `storage/sqlite/${folder}`),
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => join(SRC, name))

function roomOf(file: string): string {
  return relative(SRC, file).split(sep)[0]!.replace(/\.ts$/, '')
}

function nameOf(file: string): string {
  return relative(SRC, file).split(sep).join('/')
}

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  const specifiers = [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(match => match[1]!)
  return specifiers.filter(specifier => specifier.startsWith('.')).map(specifier => resolve(dirname(file), specifier))
}

/** The first cycle met when following imports from `file`, or null. */
function cycleFrom(file: string, path: readonly string[], done: Set<string>): string[] | null {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
  if (done.has(file)) return null
  for (const imported of importsOf(file)) {
    const cycle = cycleFrom(imported, [...path, file], done)
    if (cycle) return cycle
  }
  done.add(file)
  return null
}

describe('import law', () => {
  test('the reading of imports finds them', () => {
    expect(files.length).toBeGreaterThan(30)
    const imported = [join(SRC, 'cli/program.ts')]
    expect(importsOf(join(SRC, 'main.ts'))).toEqual(imported)
  })

  test.each(files.map(file => [relative(SRC, file), file]))('%s imports only what its room may', (_, file) => {
    const room = roomOf(file)
    const allowed = [room, 'package-file', ...(LAW[room] ?? [])]
    const foreign = importsOf(file).filter(imported => !allowed.includes(roomOf(imported)))
    expect(foreign.map(imported => relative(SRC, imported))).toEqual([])
  })

  test('a room with entry files is imported through them only', () => {
    const foreign = files.flatMap(file => {
      const imported = importsOf(file).filter(imported => roomOf(imported) !== roomOf(file))
      return imported.filter(imported => !(ENTRY_FILES[roomOf(imported)]?.includes(nameOf(imported)) ?? true))
    })
    expect(foreign.map(nameOf)).toEqual([])
    expect(
      Object.values(ENTRY_FILES)
        .flat()
        .filter(name => !files.map(nameOf).includes(name)),
    ).toEqual([])
  })

  test.each(Object.entries(FOLDER_LAW))('the folder %s imports only what it may of its room', (folder, others) => {
    const own = files.filter(file => dirname(nameOf(file)) === folder)
    expect(own).not.toEqual([])
    const imported = own.flatMap(importsOf).filter(file => roomOf(file) === folder.split('/')[0])
    const foreign = imported.filter(file => ![folder, ...others].includes(dirname(nameOf(file))))
    expect(foreign.map(nameOf)).toEqual([])
  })

  test('no import cycles', () => {
    const done = new Set<string>()
    const cycles = files.map(file => cycleFrom(file, [], done)).filter(cycle => cycle !== null)
    expect(cycles.map(cycle => cycle.map(file => relative(SRC, file)))).toEqual([])
  })

  test('no barrels and no drawers', () => {
    const names = files.map(file => relative(SRC, file))
    expect(names.filter(name => /(^|[/\\])(index|utils?|helpers?|common|misc)([/\\.]|$)/.test(name))).toEqual([])
  })

  test('the environment is read in one place', () => {
    const readers = files.filter(file => /process\.env/.test(readFileSync(file, 'utf8')))
    expect(readers.map(file => relative(SRC, file))).toEqual(['main.ts'])
  })
})

describe('the SQLite driver', () => {
  test('is loaded in one place: docs/adr/0006', () => {
    const roots = [SRC, join(SRC, '../test')]
    const sources = roots.flatMap(root =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter(name => name.endsWith('.ts'))
        .map(name => join(root, name)),
    )
    const loads = /^(import (?!type ).*from|.*(require|import)\()\s*'better-sqlite3/m
    const loaders = sources.filter(file => loads.test(readFileSync(file, 'utf8')))
    expect(loaders.map(file => relative(SRC, file))).toEqual([])
  })
})
