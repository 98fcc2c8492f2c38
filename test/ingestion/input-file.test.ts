import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { hashFile, openInputFile, requireUnchanged } from '../../src/ingestion/input-file.ts'
import { withFolder } from './support/database.ts'

describe('hashing', () => {
  test.each([0, 1, 1000, 262_144, 1_000_001])('%d bytes', size =>
    withFolder(async folder => {
      const path = join(folder, 'a.parquet')
      const bytes = randomBytes(size)
      await writeFile(path, bytes)
      const file = await hashFile(path, 'a.parquet')
      expect(file.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
      expect(file.state.size).toBe(BigInt(size))
    }),
  )
})

describe('what is no file to take', () => {
  const expectRefused = (path: string, code: string) =>
    expect(hashFile(path, 'the name')).rejects.toMatchObject({ code, message: expect.stringContaining('the name') })

  test('nothing', () => withFolder(folder => expectRefused(join(folder, 'none.parquet'), 'FILE_NOT_FOUND')))

  test('something below a file', () =>
    withFolder(async folder => {
      await writeFile(join(folder, 'a'), '')
      await expectRefused(join(folder, 'a', 'b.parquet'), 'FILE_NOT_FOUND')
    }))

  test('a folder', () => withFolder(folder => expectRefused(folder, 'NOT_A_REGULAR_FILE')))

  test('a device', () => expectRefused('/dev/null', 'NOT_A_REGULAR_FILE'))

  test('a pipe, without waiting for its writer', () =>
    withFolder(async folder => {
      const path = join(folder, 'pipe')
      execFileSync('mkfifo', [path])
      await expectRefused(path, 'NOT_A_REGULAR_FILE')
    }))

  test('a link, and a path through one', () =>
    withFolder(async folder => {
      await mkdir(join(folder, 'real'))
      await writeFile(join(folder, 'real', 'a.parquet'), 'x')
      await symlink(join(folder, 'real', 'a.parquet'), join(folder, 'link.parquet'))
      await symlink(join(folder, 'real'), join(folder, 'linked'))
      await expectRefused(join(folder, 'link.parquet'), 'NOT_A_REGULAR_FILE')
      await expectRefused(join(folder, 'linked', 'a.parquet'), 'NOT_A_REGULAR_FILE')
    }))

  test('a file over the size limit', () =>
    withFolder(async folder => {
      const path = join(folder, 'a.parquet')
      await writeFile(path, 'x'.repeat(101))
      await expect(hashFile(path, 'the name', 100)).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
      await expect(hashFile(path, 'the name', 101)).resolves.toMatchObject({ path })
    }))
})

test('a file that goes while it is opened is not found, or was there', () =>
  withFolder(async folder => {
    for (let round = 0; round < 200; round++) {
      const path = join(folder, `${round}.parquet`)
      await writeFile(path, 'bytes')
      const opening = openInputFile(path, 'the name').then(
        ({ handle }) => handle.close(),
        error => expect(error).toMatchObject({ code: 'FILE_NOT_FOUND', message: expect.stringContaining('the name') }),
      )
      await Promise.all([opening, rm(path)])
    }
  }))

test('a long name is cut in messages', () =>
  withFolder(async folder => {
    const refusal = await hashFile(join(folder, 'none.parquet'), 'x'.repeat(1_000_000)).catch(error => error)
    expect(refusal).toMatchObject({ code: 'FILE_NOT_FOUND', message: expect.stringContaining('xxx…') })
    expect(refusal.message.length).toBeLessThan(500)
  }))

describe('a change after hashing', () => {
  const CHANGES: Record<string, (path: string) => Promise<void>> = {
    'more bytes': path => writeFile(path, 'x', { flag: 'a' }),
    'other bytes of the same length': path => writeFile(path, 'other'),
    'another file under the name': async path => {
      await writeFile(`${path}.new`, 'other')
      await rename(`${path}.new`, path)
    },
    'other bytes and the old time': async path => {
      await writeFile(path, 'other')
      await utimes(path, 0, 0)
    },
  }

  test.each(Object.keys(CHANGES))('%s', name =>
    withFolder(async folder => {
      const path = join(folder, 'a.parquet')
      await writeFile(path, 'bytes')
      await utimes(path, 0, 0)
      const file = await hashFile(path, 'a.parquet')
      const { handle: before } = await openInputFile(path, 'a.parquet')
      await expect(requireUnchanged(before, file)).resolves.toBeUndefined()
      await before.close()

      await CHANGES[name]!(path)
      const { handle } = await openInputFile(path, 'a.parquet')
      await expect(requireUnchanged(handle, file)).rejects.toMatchObject({ code: 'FILE_CHANGED' })
      await handle.close()
    }),
  )
})
