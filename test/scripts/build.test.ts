import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { useFolder } from '../support/folder.ts'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

const folder = useFolder('account-growth-build-')
let checkout: string
let dist: string

/** A small program, so that a build takes no time. */
const SOURCES = {
  'src/main.ts': "#!/usr/bin/env node\nimport { greeting } from './domain/greeting.ts'\n\nconsole.log(greeting)\n",
  'src/domain/greeting.ts': "export const greeting: string = 'hello'\n",
  'src/web/main.ts': 'document.title = location.href\n',
  'src/web/charts.html': '<!doctype html>\n',
  'src/web/charts.css': 'body { margin: 0 }\n',
}

beforeAll(() => {
  checkout = folder()
  dist = join(checkout, 'dist')
  for (const path of ['scripts/build.mjs', 'package.json', 'package-lock.json', 'tsconfig.json'])
    cpSync(join(PROJECT, path), join(checkout, path))
  for (const [path, text] of Object.entries(SOURCES)) {
    mkdirSync(join(checkout, dirname(path)), { recursive: true })
    writeFileSync(join(checkout, path), text)
  }
  symlinkSync(join(PROJECT, 'node_modules'), join(checkout, 'node_modules'))
})

async function build(): Promise<void> {
  const child = spawn(process.execPath, ['scripts/build.mjs'], { cwd: checkout, stdio: 'inherit' })
  expect(await once(child, 'exit')).toEqual([0, null])
}

/** Builds, and returns whether that replaced `dist`. */
async function replaces(): Promise<boolean> {
  const before = statSync(dist, { throwIfNoEntry: false })?.ino
  await build()
  expect(readdirSync(checkout).filter(name => name.startsWith('dist-'))).toEqual([])
  expect(readFileSync(join(dist, 'main.js'), 'utf8')).toMatch(/^#!/)
  return statSync(dist).ino !== before
}

describe('the build', () => {
  test('runs when there is no dist, and is skipped when nothing has changed', async () => {
    expect(await replaces()).toBe(true)
    expect(await replaces()).toBe(false)
  })

  test('goes by content: new times and a file that is written again with the same bytes change nothing', async () => {
    const source = join(checkout, 'src/main.ts')
    writeFileSync(source, readFileSync(source))
    utimesSync(source, new Date(), new Date(Date.now() + 60_000))
    expect(await replaces()).toBe(false)
  })

  test.each([
    ['a changed source', () => edit('src/main.ts', '\n')],
    ['a new source', () => writeFileSync(join(checkout, 'src/domain/added.ts'), 'export const added = 1\n')],
    ['a removed source', () => rmSync(join(checkout, 'src/domain/added.ts'))],
    ['a changed page', () => edit('src/web/charts.css', '\n')],
    ['another lockfile', () => edit('package-lock.json', '\n')],
    ['another build script', () => edit('scripts/build.mjs', '\n')],
    ['a damaged dist', () => writeFileSync(join(dist, 'web/main.js'), '')],
    ['a dist that lacks a file', () => rmSync(join(dist, 'web/charts.html'))],
    ['a stale file in dist', () => writeFileSync(join(dist, 'stale.js'), '')],
  ])('runs for %s, once', async (_, change) => {
    change()
    expect(await replaces()).toBe(true)
    expect(await replaces()).toBe(false)
  })

  test('can run several times at once', async () => {
    edit('src/main.ts', '\n')
    await Promise.all([build(), build(), build()])
    expect(await replaces()).toBe(false)
    expect(execFileSync(process.execPath, ['dist/main.js'], { cwd: checkout, encoding: 'utf8' })).toBe('hello\n')
  })
})

function edit(path: string, more: string): void {
  const file = join(checkout, path)
  writeFileSync(file, `${readFileSync(file, 'utf8')}${more}`)
}
