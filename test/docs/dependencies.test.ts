import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { page, quoted, section, tableRows } from './tables.ts'

const manifest: Readonly<
  Record<'dependencies' | 'optionalDependencies' | 'devDependencies' | 'scripts', Record<string, string>>
> = JSON.parse(page('package.json'))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const INSTALLED = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.optionalDependencies)]
const ALL = [...INSTALLED, ...Object.keys(manifest.devDependencies)]

/** The package that an import is of. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function sourcesIn(...folders: string[]): string[] {
  return folders.flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter(name => /\.(ts|mjs)$/.test(name) && !name.includes('node_modules'))
      .map(name => readFileSync(join(ROOT, folder, name), 'utf8')),
  )
}

/** The packages that sources load, by any means: statically, dynamically, or by asking where they are. */
function loadedBy(sources: readonly string[]): Set<string> {
  const loads =
    /(?:from|import|import\(|require\(|load\(|resolve\(|[?:])\s*'((?:@[\w.-]+\/)?[a-z][\w.-]*)(?:\/[^']*)?'/g
  const found = sources.flatMap(text => [...text.matchAll(loads)].map(([, name]) => packageOf(name!)))
  return new Set(found.filter(name => ALL.includes(name)))
}

/** What the program is made of: what it loads, and what is bundled into it. */
const PROGRAM = [...loadedBy(sourcesIn('src'))]

describe('the table of dependencies', () => {
  const rows = tableRows(section(page('docs/architecture.md'), '## Dependencies'))
  const documented = rows.flatMap(([packages]) => quoted(packages!))
  const covers = (name: string) => (pattern: string) =>
    pattern.endsWith('/*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern

  test('has every direct dependency, each in one line with its reason', () => {
    expect(ALL.filter(name => documented.filter(covers(name)).length !== 1)).toEqual([])
    expect(rows.filter(([, why]) => why!.length < 4)).toEqual([])
  })

  test('has no other', () => {
    expect(documented.filter(pattern => !ALL.some(name => covers(name)(pattern)))).toEqual([])
  })

  test('marks the packages that the program does not contain', () => {
    const dev = rows.filter(([packages]) => packages!.startsWith('dev:')).flatMap(([packages]) => quoted(packages!))
    const wrong = ALL.filter(name => dev.some(pattern => covers(name)(pattern)) === PROGRAM.includes(name))
    expect(wrong).toEqual([])
  })
})

describe('the manifest', () => {
  test('installs with the program only what it loads from node_modules: the SQLite drivers', () => {
    expect(INSTALLED.sort()).toEqual(['better-sqlite3', 'better-sqlite3-node20'])
    const external = /^const EXTERNAL = \[(.*)\]$/m.exec(page('scripts/build.mjs'))![1]!
    expect([...external.matchAll(/'([^']+)'/g)].map(([, name]) => name).sort()).toEqual(INSTALLED)
  })

  test('has no package that nothing uses', () => {
    const loaded = loadedBy(sourcesIn('test', 'scripts', 'bench', 'src'))
    const words = [manifest.scripts, page('jest.config.mjs'), page('drizzle.config.ts'), page('.ci/run')]
    const named = JSON.stringify(words)
    const isUsed = (name: string) => {
      if (name.startsWith('@types/')) return ['node', 'jest', ...ALL].includes(name.slice('@types/'.length))
      // The peer that @swc/jest asks for.
      if (name === '@swc/core') return ALL.includes('@swc/jest')
      return loaded.has(name) || named.includes(name) || (name === '@biomejs/biome' && named.includes('biome'))
    }
    expect(ALL.filter(name => !isUsed(name))).toEqual([])
  })
})

describe('the lockfile', () => {
  const { packages } = JSON.parse(page('package-lock.json')) as {
    packages: Record<string, { gypfile?: boolean; engines?: { node: string } }>
  }

  // If this fails, run `npm run lockfile`: docs/adr/0006 says why.
  test('needs no compiler on Node 22 and later, and gives no warning on Node 20', () => {
    expect(packages['node_modules/better-sqlite3']).toMatchObject({ gypfile: false })
    expect(packages['node_modules/better-sqlite3']).not.toHaveProperty('engines')
    expect(packages['node_modules/better-sqlite3-node20']).toMatchObject({ engines: { node: '<22' }, optional: true })
  })
})
