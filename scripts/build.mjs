// Compiles src/ into a fresh dist/. A stale file of an earlier build must never be run; and a program that runs from
// dist/ starts its processes from there too, so the new one takes its place at once and whole.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const compiler = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')))
const dist = `${root}dist`
const made = `${dist}-${process.pid}-new`
const gone = `${dist}-${process.pid}-old`

const BROWSER = ['-p', 'src/browser', '--noEmit', 'false', '--noCheck', '--rootDir', 'src/browser']

try {
  compile(['-p', 'tsconfig.build.json', '--outDir', made])
  compile([...BROWSER, '--outDir', `${made}/browser`])
  for (const file of ['charts.html', 'charts.css']) cpSync(`${root}src/browser/${file}`, `${made}/browser/${file}`)
  takePlace()
} finally {
  for (const folder of [made, gone]) rmSync(folder, { recursive: true, force: true })
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

function compile(options) {
  const { status } = spawnSync(process.execPath, [compiler, ...options], { cwd: root, stdio: 'inherit' })
  if (status !== 0) throw new Error('the program could not be compiled')
}
