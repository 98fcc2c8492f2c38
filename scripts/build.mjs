// Compiles src/ into a fresh dist/. A stale file of an earlier build must never be run.
import { spawnSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const compiler = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')))
const dist = fileURLToPath(new URL('../dist', import.meta.url))

const BROWSER = ['-p', 'src/browser', '--noEmit', 'false', '--noCheck', '--rootDir', 'src/browser']

rmSync(dist, { recursive: true, force: true })
compile(['-p', 'tsconfig.build.json'])
compile([...BROWSER, '--outDir', 'dist/browser'])
for (const file of ['charts.html', 'charts.css']) cpSync(`${root}src/browser/${file}`, `${dist}/browser/${file}`)

function compile(options) {
  const { status } = spawnSync(process.execPath, [compiler, ...options], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
