import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeDrop } from '../support/program/drops.ts'
import { usePrograms } from '../support/program/programs.ts'
import { until } from '../support/until.ts'

const programs = usePrograms()

test.each([
  ['removed and made again', (path: string) => rm(path, { recursive: true }).then(() => mkdir(path))],
  ['moved away', (path: string) => rename(path, `${path}-old`)],
])('a folder that is watched and is %s ends the command, by name', async (_, replace) => {
  const cwd = await programs.folder()
  const folder = join(cwd, 'arrivals')
  await mkdir(folder)
  await writeDrop(join(folder, 'a.parquet'), [{ account: 1, count: 5_000, at: '2024-05-01T12:00:00Z' }])
  const watching = programs.start(['ingest', '--watch', 'arrivals', '--rejects', 'rejected.ndjson'], { cwd })
  await until(() => watching.stdout.includes('a.parquet: SUCCEEDED'), 'the file that is there is ingested')
  await replace(folder)
  await until(() => !watching.isRunning, 'it ends')
  expect(await watching.exited).toEqual({ code: 1, signal: null })
  await watching.drained()
  expect(watching.stderr).toBe('The watched directory arrivals was removed or moved. Restart when it exists again.\n')
})
