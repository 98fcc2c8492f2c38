import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(ts|mjs)$/.test(name) && !name.includes('node_modules'))
    .map(name => join(ROOT, folder, name))
}

const benchmarks = filesIn('bench').map(file => readFileSync(file, 'utf8'))

describe('benchmarks', () => {
  test('load modules that exist', () => {
    const loads = /programModule\('([^']+)'|\.\.\/dist\/([^'?]+\.js)'/g
    const loaded = benchmarks.flatMap(text => [...text.matchAll(loads)].map(([, module, path]) => module ?? path!))
    expect(loaded.length).toBeGreaterThan(10)
    expect(loaded.filter(path => !existsSync(join(ROOT, 'src', path.replace(/\.js$/, '.ts'))))).toEqual([])
  })

  test('attribute time to modules that exist', () => {
    const text = readFileSync(join(ROOT, 'bench/ingest/profile.mjs'), 'utf8')
    const places = [...text.matchAll(/^ {4}\['[^']+', '([\w-]+)'/gm)].map(([, module]) => module!)
    expect(places.length).toBeGreaterThan(10)
    const modules = filesIn('src').map(file => basename(file, '.ts'))
    expect(places.filter(name => !modules.includes(name))).toEqual([])
  })
})
