import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseConfig } from '../../src/config/config.ts'
import { SETTINGS, type Setting } from '../../src/config/settings.ts'
import { Scrape } from '../http/support/scrape.ts'
import { usePrograms } from '../support/program/programs.ts'
import { page, quoted, section, tableRows } from './tables.ts'

const programs = usePrograms()
const OPERATIONS = page('docs/operations.md')

describe('the table of settings', () => {
  const rows = tableRows(section(OPERATIONS, '## Settings')).map(([setting, byDefault, meaning]) => ({
    setting: quoted(setting!)[0]!,
    byDefault: byDefault === '–' ? null : quoted(byDefault!)[0]!,
    meaning: meaning!,
  }))

  test('has every setting, once, and no other', () => {
    expect(rows.map(({ setting }) => setting).sort()).toEqual([...SETTINGS.keys()].sort())
  })

  test.each(rows)('has the default and the description of $setting', ({ setting, byDefault, meaning }) => {
    const found = SETTINGS.get(setting as Setting)!
    if (byDefault === null) expect([undefined, '', '[]']).toContain(asText(found.byDefault))
    else expect(parseConfig({ [setting]: byDefault })).toEqual(parseConfig({}))
    expect(meaning).toBe(found.description)
  })

  function asText(value: unknown): unknown {
    return Array.isArray(value) ? JSON.stringify(value) : value
  }
})

describe('the table of metrics', () => {
  test('has every metric of ours with its labels, and no other', async () => {
    const server = await programs.serve({ cwd: await programs.folder() })
    const { types } = await Scrape.of(server)
    await server.stop()
    const documented = tableRows(section(OPERATIONS, '## Metrics')).flatMap(([names]) => quoted(names!))
    const ours = documented.map(name => name.replace(/\{.*/, '')).filter(name => !name.endsWith('*'))
    expect(ours.sort()).toEqual([...types.keys()].filter(name => name.startsWith('account_growth_')).sort())
    expect([...types.keys()]).toContain('nodejs_eventloop_lag_p99_seconds')
  })
})

describe('the systemd unit', () => {
  const unit = fileURLToPath(new URL('../../deploy/account-growth.service', import.meta.url))
  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0
  const onSystemd = hasSystemd ? test : test.skip

  onSystemd('is one that systemd takes (skipped where there is none)', () => {
    const { stdout, stderr } = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' })
    expect((stdout + stderr).split('\n').filter(line => line.includes('account-growth.service'))).toEqual([])
  })

  test('waits longer than the grace before it kills, and sets what there is to be set', () => {
    const text = page('deploy/account-growth.service')
    const seconds = Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1])
    expect(seconds).toBeGreaterThanOrEqual(parseConfig({}).shutdownGraceSeconds + 10)
    const set = [...text.matchAll(/^Environment=(\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!] as const)
    expect(set.length).toBeGreaterThan(0)
    expect(set.filter(([name]) => !SETTINGS.has(name as Setting))).toEqual([])
    expect(() => parseConfig(Object.fromEntries(set))).not.toThrow()
  })
})
