// Bundles src/ with all that it imports into a fresh dist/: docs/adr/0010. A stale file of an earlier build must never
// be run; and a program that runs from dist/ starts its processes from there too, so the new one takes its place at
// once and whole.
import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const made = `${dist}-${process.pid}-new`
const gone = `${dist}-${process.pid}-old`

const COMMON = { absWorkingDir: root, bundle: true, format: 'esm', legalComments: 'none', logLevel: 'warning' }

// What was written for require() still calls it.
const REQUIRE =
  "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);"

try {
  await buildProgram()
  await buildPage()
  takePlace()
} finally {
  for (const folder of [made, gone]) rmSync(folder, { recursive: true, force: true })
}

/** Every module is an entry, since processes, tests and benchmarks each begin at another; what they share is shared. */
function buildProgram() {
  const modules = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  return build({
    ...COMMON,
    entryPoints: modules.filter(path => path.endsWith('.ts') && !/^web[/\\]/.test(path)).map(path => `src/${path}`),
    outdir: made,
    outbase: 'src',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    platform: 'node',
    target: 'node20',
    external: ['better-sqlite3', 'better-sqlite3-napi'],
    banner: { js: REQUIRE },
    // graphql and others check more, and more slowly, where it is not said at the start.
    define: { 'process.env.NODE_ENV': '"production"' },
  })
}

async function buildPage() {
  const page = join(root, 'src/web')
  await build({ ...COMMON, entryPoints: [join(page, 'main.ts')], outdir: join(made, 'web'), target: 'es2023' })
  for (const file of ['charts.html', 'charts.css']) cpSync(join(page, file), join(made, 'web', file))
}

/** Another build may have taken it in between: then that one goes. */
function takePlace() {
  for (let tries = 1; ; tries++) {
    try {
      rmSync(gone, { recursive: true, force: true })
      if (existsSync(dist)) renameSync(dist, gone)
      return renameSync(made, dist)
    } catch (error) {
      if (tries === 10) throw error
    }
  }
}
