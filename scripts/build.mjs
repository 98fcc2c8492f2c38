// Bundles src/ and the packages it imports into dist/ (docs/adr/0010). Does nothing when dist/ was built from the same
// inputs. Two builds can run at the same time, and a build can run while the program runs: the new dist/ replaces the
// old one as a whole.
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')
const STAMP = 'build-stamp.json'
/** What the build reads besides `src`. npm writes the second lockfile: it tells what is really installed. */
const INPUTS = [
  'scripts/build.mjs',
  'package.json',
  'package-lock.json',
  'node_modules/.package-lock.json',
  'tsconfig.json',
]
/** Native modules: they stay in `node_modules`. */
const EXTERNAL = ['better-sqlite3', 'better-sqlite3-node20']
/** The page loads it in a script element of its own. */
const CHART_LIBRARY = 'node_modules/chart.js/dist/chart.umd.min.js'

const inputs = hashOf(root, [...filesIn(join(root, 'src')).map(path => join('src', path)), ...INPUTS])
if (!isCurrent()) await build()

/** Whether `dist` was built from these inputs and is as the build left it. */
function isCurrent() {
  try {
    const stamp = JSON.parse(readFileSync(join(dist, STAMP), 'utf8'))
    return stamp.inputs === inputs && stamp.outputs === outputsOf(dist)
  } catch {
    return false
  }
}

async function build() {
  const esbuild = await loadEsbuild()
  const fresh = `${dist}-${process.pid}-new`
  try {
    const results = await Promise.all([bundleProgram(esbuild, fresh), bundlePage(esbuild, fresh)])
    writeFileSync(join(fresh, 'THIRD-PARTY-LICENSES.txt'), licensesOf(results))
    writeFileSync(join(fresh, STAMP), JSON.stringify({ inputs, outputs: outputsOf(fresh) }))
    replaceDist(fresh)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

async function loadEsbuild() {
  try {
    return await import('esbuild')
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error
    console.error('The program has to be built, but esbuild is not installed. Run `npm ci --include=dev` first.')
    process.exit(1)
  }
}

/** Every module is an entry point, because processes, tests and benchmarks start from different ones. */
function bundleProgram(esbuild, outdir) {
  const modules = filesIn(join(root, 'src')).filter(path => path.endsWith('.ts') && !/^web[/\\]/.test(path))
  return esbuild.build({
    ...optionsFor(outdir),
    entryPoints: modules.map(path => `src/${path}`),
    outbase: 'src',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    platform: 'node',
    target: 'node20',
    external: EXTERNAL,
    // CommonJS packages call require(), which ES modules do not have.
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    // graphql and other packages run slow development checks unless this is set when they load.
    define: { 'process.env.NODE_ENV': '"production"' },
  })
}

async function bundlePage(esbuild, outdir) {
  const page = join(root, 'src/web')
  const options = optionsFor(join(outdir, 'web'))
  const result = await esbuild.build({ ...options, entryPoints: [join(page, 'main.ts')], target: 'es2023' })
  for (const file of ['charts.html', 'charts.css']) cpSync(join(page, file), join(outdir, 'web', file))
  cpSync(join(root, CHART_LIBRARY), join(outdir, 'web/chart.umd.js'))
  return result
}

function optionsFor(outdir) {
  const common = { bundle: true, format: 'esm', legalComments: 'none', logLevel: 'warning', metafile: true }
  return { ...common, absWorkingDir: root, outdir }
}

/** The licence of every bundled package: most of them ask to be copied along. */
function licensesOf(results) {
  const files = [...results.flatMap(({ metafile }) => Object.keys(metafile.inputs)), CHART_LIBRARY]
  const folders = new Set(files.flatMap(file => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []))
  return [...folders]
    .sort()
    .map(licenseOf)
    .join(`\n${'-'.repeat(80)}\n\n`)
}

function licenseOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
  const file = readdirSync(join(root, folder)).find(entry => /^licen[cs]e/i.test(entry))
  const text = file === undefined ? '' : `\n${readFileSync(join(root, folder, file), 'utf8').trim()}\n`
  return `${name} ${version} (${license})\n${text}`
}

/** Renaming fails when another build replaces `dist` at the same moment; it may have done the same work. */
function replaceDist(fresh) {
  const old = `${dist}-${process.pid}-old`
  for (let attempt = 1; !isCurrent(); attempt++) {
    try {
      if (existsSync(dist)) renameSync(dist, old)
      return renameSync(fresh, dist)
    } catch (error) {
      if (attempt === 10) throw error
    } finally {
      rmSync(old, { recursive: true, force: true })
    }
  }
}

function outputsOf(folder) {
  return hashOf(
    folder,
    filesIn(folder).filter(path => path !== STAMP),
  )
}

/** SHA-256 over the names and contents of files. A file that does not exist counts as that. */
function hashOf(folder, paths) {
  const hash = createHash('sha256')
  for (const path of paths) {
    const file = join(folder, path)
    const content = existsSync(file) ? readFileSync(file) : null
    hash.update(`${path}\0${content?.length}\0`).update(content ?? '')
  }
  return hash.digest('hex')
}

/** Paths of all files below a folder, in a fixed order. */
function filesIn(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  return entries.map(entry => join(entry.parentPath, entry.name).slice(folder.length + 1)).sort()
}
