import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { hashFile } from '../../src/ingestion/input-file.ts'
import { type RowsEvent, type RowsRequest, readRows } from '../../src/ingestion/read-rows.ts'
import { dropColumns, parquetOf } from '../support/parquet/columns.ts'
import { withFolder } from './support/database.ts'

// As it was built: the thread that it starts is JavaScript.
const BUILT = new URL('../../dist/ingestion/reading-thread.js', import.meta.url)
const { ReadingThread }: typeof import('../../src/ingestion/reading-thread.ts') = await import(BUILT.href)

const INGESTED_AT = Date.UTC(2024, 4, 2)

async function requestOf(folder: string, bytes: Uint8Array): Promise<RowsRequest> {
  const path = join(folder, `${Math.random()}.parquet`)
  await writeFile(path, bytes)
  const file = await hashFile(path, 'drop.parquet')
  return { file, ingestedAt: INGESTED_AT, limits: undefined, strict: false, keepAllRejected: true }
}

/** More row groups than there may be batches under way. */
const MANY = () => parquetOf(dropColumns(500), { rowGroupSize: 5 })

async function all(events: AsyncIterable<RowsEvent>): Promise<RowsEvent[]> {
  const found: RowsEvent[] = []
  for await (const event of events) found.push(event)
  return found
}

function withThread<Result>(test: (folder: string, thread: InstanceType<typeof ReadingThread>) => Promise<Result>) {
  return withFolder(async folder => {
    const thread = new ReadingThread()
    try {
      return await test(folder, thread)
    } finally {
      await thread.close()
    }
  })
}

describe('a reading thread', () => {
  test('gives the events that reading without it gives, file after file', () =>
    withThread(async (folder, thread) => {
      for (const bytes of [MANY(), parquetOf(dropColumns(3)), MANY()]) {
        const request = await requestOf(folder, bytes)
        // Across the thread, classes and prototypes are lost, and so are differences in them.
        expect(JSON.stringify(await all(thread.read(request)))).toBe(JSON.stringify(await all(readRows(request))))
      }
    }))

  test('hands on why a file is refused, and reads the next one', () =>
    withThread(async (folder, thread) => {
      const bad = await requestOf(folder, MANY().subarray(0, -20))
      await expect(all(thread.read(bad))).rejects.toMatchObject({ code: 'CORRUPT_PARQUET' })
      expect(await all(thread.read(await requestOf(folder, parquetOf(dropColumns(3)))))).toHaveLength(3)
    }))

  test('is replaced when it was left in the middle of a file', () =>
    withThread(async (folder, thread) => {
      const request = await requestOf(folder, MANY())
      for await (const event of thread.read(request)) if (event.type === 'rows') break
      const rows = await all(thread.read(request))
      expect(rows).toEqual(await all(readRows(request)))
    }))

  test('fails its reader when it ends before its file does, and is replaced', () =>
    withThread(async (folder, thread) => {
      const request = await requestOf(folder, MANY())
      const reading = thread.read(request)
      await reading.next()
      const rest = (async () => {
        for (let event = await reading.next(); !event.done; event = await reading.next()) await thread.close()
      })()
      await expect(rest).rejects.toThrow('the reading thread ended')
      expect(await all(thread.read(request))).toHaveLength(102)
    }))
})
