import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkDatabase } from '../../src/storage/sqlite/check/check.ts'
import { migrateDatabase } from '../../src/storage/sqlite/database.ts'
import { unfinishedCopyPath, upgradeCopyPath } from '../../src/storage/sqlite/files/copy.ts'
import { acquireLock } from '../../src/storage/sqlite/files/lock.ts'
import { snapshotToFile } from '../../src/storage/sqlite/files/snapshot.ts'
import { DownloadSnapshots } from '../../src/workers/snapshot/snapshots.ts'
import { SmallDisk } from '../faults/support/disk.ts'
import { openLog } from '../faults/support/open-log.ts'
import { contentsOf } from '../support/database/contents.ts'
import { fillEveryTable } from '../support/database/every-table.ts'
import { writeBigDrop } from '../support/program/drops.ts'
import { usePrograms } from '../support/program/programs.ts'
import { until } from '../support/until.ts'

const programs = usePrograms()
const LINE =
  /^\S+: \d+(\.\d+)? MiB, 11 measurements, 5 accounts above 1,000 subscribers, as of 2024-05-30T23:59:59\.999Z\.\n$/

async function folderWithDatabase(): Promise<{ cwd: string; database: string }> {
  const cwd = await programs.folder()
  const database = join(cwd, 'data/accounts.db')
  migrateDatabase(database)
  await fillEveryTable(database)
  return { cwd, database }
}

function isPlain(path: string): boolean {
  // 2 stands for a write-ahead log.
  return readFileSync(path)
    .subarray(18, 20)
    .equals(Buffer.from([1, 1]))
}

/** Unfinished copies. */
function partialsIn(folder: string): string[] {
  return readdirSync(folder).filter(name => name.startsWith('.snapshot-'))
}

describe('snapshot', () => {
  test('0: one whole file with all that the database holds, readable by as many', async () => {
    const { cwd, database } = await folderWithDatabase()
    chmodSync(database, 0o640)
    const before = readFileSync(database)
    const run = await programs.run(['snapshot', 'out.db'], { cwd })
    expect(run).toEqual({ exitCode: 0, stderr: '', stdout: expect.stringMatching(LINE) })
    expect(readdirSync(cwd).sort()).toEqual(['data', 'out.db'])
    expect(readdirSync(join(cwd, 'data'))).toEqual([
      'accounts.db',
      'accounts.db.snapshot-lock',
      'accounts.db.write-lock',
    ])
    const out = join(cwd, 'out.db')
    expect(contentsOf(out)).toEqual(contentsOf(database))
    expect(await checkDatabase(out)).toMatchObject({ isSound: true })
    expect([isPlain(out), isPlain(database)]).toEqual([true, false])
    expect(statSync(out).mode & 0o777).toBe(0o640)
    expect(readFileSync(database)).toEqual(before)
  })

  test('--json: one object; the copy of a copy is the same', async () => {
    const { cwd } = await folderWithDatabase()
    const first = JSON.parse((await programs.run(['snapshot', 'one.db', '--json'], { cwd })).stdout)
    const { bytes, measurementCount } = first
    expect({ bytes, measurementCount }).toEqual({ bytes: statSync(join(cwd, 'one.db')).size, measurementCount: 11 })
    const env = { DATABASE_URL: 'file:one.db' }
    expect(await programs.run(['snapshot', 'two.db'], { cwd, env })).toMatchObject({ exitCode: 0 })
    expect(contentsOf(join(cwd, 'two.db'))).toEqual(contentsOf(join(cwd, 'one.db')))
  })

  test('1: nothing that exists is replaced without --force, and the database never', async () => {
    const { cwd, database } = await folderWithDatabase()
    writeFileSync(join(cwd, 'mine.db'), 'mine')
    writeFileSync(join(cwd, 'used.db-wal'), 'frames')
    symlinkSync(database, join(cwd, 'link.db'))
    await mkdir(join(cwd, 'folder'))
    const before = readFileSync(database)
    const refused: [out: string, code: string][] = [
      ['folder', 'SNAPSHOT_EXISTS'],
      ['data/accounts.db', 'SNAPSHOT_EXISTS'],
      ['data/accounts.db-wal', 'SNAPSHOT_EXISTS'],
      // In the place of a lock that is held, a second server could take another.
      ['data/accounts.db.server-lock', 'SNAPSHOT_EXISTS'],
      ['link.db', 'SNAPSHOT_EXISTS'],
      ['used.db', 'SNAPSHOT_IN_USE'],
    ]
    for (const [out, code] of refused) {
      for (const force of [false, true]) {
        const attempt = () => snapshotToFile(database, join(cwd, out), force)
        expect(attempt).toThrow(expect.objectContaining({ code }))
      }
    }
    const run = async (...args: string[]) => (await programs.run(['snapshot', ...args], { cwd })).stderr.split(':')[0]
    expect(await run('nowhere/out.db')).toBe('NO_DATABASE')
    expect(await run('data/accounts.db', '--force')).toBe('SNAPSHOT_EXISTS')
    expect(await run('mine.db')).toBe('SNAPSHOT_EXISTS')
    expect(readFileSync(join(cwd, 'mine.db'), 'utf8')).toBe('mine')
    expect(await run('mine.db', '--force')).toBe('')
    expect(readFileSync(database)).toEqual(before)
    expect(await checkDatabase(join(cwd, 'mine.db'))).toMatchObject({ isSound: true })
    expect([...partialsIn(cwd), ...partialsIn(join(cwd, 'data'))]).toEqual([])
  })

  test('1: there must be a database, and no other copy under way', async () => {
    const { cwd, database } = await folderWithDatabase()
    const none = await programs.run(['snapshot', 'out.db', '--database-url', 'file:none.db'], { cwd })
    expect(none).toMatchObject({ exitCode: 1, stderr: 'NO_DATABASE: The database none.db does not exist.\n' })
    expect(existsSync(join(cwd, 'none.db'))).toBe(false)
    const lock = await acquireLock(database, 'snapshot', 0)
    const busy = await programs.run(['snapshot', 'out.db'], { cwd })
    lock.release()
    expect(busy).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^SNAPSHOT_BUSY: /) })
    expect(readdirSync(cwd)).toEqual(['data'])
  })

  test('a log that could not be emptied meanwhile is emptied, unless an ingestion is at work', async () => {
    const { cwd, database } = await folderWithDatabase()
    const log = openLog(database)
    const lock = await acquireLock(database, 'write', 0)
    expect(await programs.run(['snapshot', 'one.db'], { cwd })).toMatchObject({ exitCode: 0 })
    expect(log.size()).toBeGreaterThan(0)
    expect(contentsOf(join(cwd, 'one.db'))).toEqual(contentsOf(database))
    lock.release()
    expect(await programs.run(['snapshot', 'two.db'], { cwd })).toMatchObject({ exitCode: 0 })
    expect(log.size()).toBe(0)
    log.close()
  })

  test('what a copy that was killed left behind goes with the next, and that of other databases stays', async () => {
    const { cwd, database } = await folderWithDatabase()
    const other = join(cwd, 'other.db')
    copyFileSync(database, other)
    writeFileSync(unfinishedCopyPath(database, cwd, 'dead'), 'half')
    writeFileSync(unfinishedCopyPath(other, cwd, 'dead'), 'half')
    expect(partialsIn(cwd)).toHaveLength(2)
    expect(await programs.run(['snapshot', 'out.db'], { cwd })).toMatchObject({ exitCode: 0 })
    expect(partialsIn(cwd)).toEqual([expect.stringContaining(unfinishedCopyPath(other, '', 'dead'))])
    // A server removes those beside its database when it starts.
    writeFileSync(unfinishedCopyPath(database, join(cwd, 'data'), 'dead'), 'half')
    await programs.serve({ cwd })
    expect(partialsIn(join(cwd, 'data'))).toEqual([])
  })

  test('the copy that an upgrade makes is left alone', async () => {
    const { cwd, database } = await folderWithDatabase()
    const growing = upgradeCopyPath(database, '0001')
    writeFileSync(growing, 'half')
    expect(await programs.run(['snapshot', 'data/out.db'], { cwd })).toMatchObject({ exitCode: 0 })
    expect(partialsIn(join(cwd, 'data'))).toEqual([basename(growing)])
  })

  test('a copy that waits to be sent is left alone by the next, and goes when the server starts anew', async () => {
    const { cwd, database } = await folderWithDatabase()
    const downloads = await DownloadSnapshots.of(database)
    const { path, bytes } = await downloads.take(new AbortController().signal)
    expect(await programs.run(['snapshot', 'data/out.db'], { cwd })).toMatchObject({ exitCode: 0 })
    expect(statSync(path).size).toBe(bytes)
    expect(partialsIn(join(cwd, 'data'))).toEqual([basename(path)])
    await DownloadSnapshots.of(database)
    expect(partialsIn(join(cwd, 'data'))).toEqual([])
  })

  test('killed or stopped at any moment it leaves no half file under the name that was asked for', async () => {
    const cwd = await programs.folder()
    await writeBigDrop(join(cwd, 'data/big.parquet'), 0)
    await programs.run(['ingest', 'data/big.parquet'], { cwd })
    const found = { none: 0, whole: 0 }
    for (const [index, signal] of (['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGKILL'] as const).entries()) {
      const out = join(cwd, `out-${index}.db`)
      const copying = programs.start(['snapshot', out], { cwd })
      // From when it grows.
      await until(() => !copying.isRunning || partialsIn(cwd).length > 0, 'it to grow')
      await sleep(index * 15)
      copying.kill(signal)
      // As npm passes Ctrl-C on.
      if (signal === 'SIGINT') copying.kill(signal)
      const { signal: endedBy } = await copying.exited
      expect(endedBy).toBe(signal === 'SIGKILL' ? 'SIGKILL' : null)
      if (existsSync(out)) {
        expect(await checkDatabase(out)).toMatchObject({ isSound: true, counted: { measurements: 200_000 } })
        found.whole++
      } else found.none++
      // The snapshot process of a killed command finishes its step, and then notices that its parent has exited.
      await until(() => partialsIn(cwd).length === 0, 'nothing to be left')
    }
    expect(found.none).toBeGreaterThan(0)
  })

  const canMount = SmallDisk.canBeMade()
  ;(canMount ? test : test.skip)('1: a disk without room is named before anything is written to it', async () => {
    const cwd = await programs.folder()
    await writeBigDrop(join(cwd, 'data/big.parquet'), 0)
    await programs.run(['ingest', 'data/big.parquet'], { cwd })
    const disk = new SmallDisk(3)
    try {
      const { exitCode, stderr } = await programs.run(['snapshot', join(disk.path, 'out.db')], { cwd })
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringMatching(/^SNAPSHOT_NO_SPACE: .* MiB are needed/),
      })
      expect(readdirSync(disk.path)).toEqual([])
    } finally {
      disk.remove()
    }
  })
})
