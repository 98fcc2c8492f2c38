import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { UploadStore } from '../../../src/http/uploads/upload-store.ts'
import { until } from '../../support/until.ts'

let folder: string
let uploads: UploadStore
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'incoming-')))
  uploads = open('accounts.db')
})
afterEach(() => rm(folder, { recursive: true }))

function open(databasePath: string): UploadStore {
  return new UploadStore({ dataDirectory: join(folder, 'data'), databasePath, maxFileBytes: 100, maxFiles: 2 })
}

const files = () => readdir(join(folder, 'data', '.incoming')).catch(() => null)
const body = (...chunks: string[]) => Readable.from(chunks.map(chunk => Buffer.from(chunk)))

/** What ends as a disk does that has no room. */
function failing(code: string): Readable {
  const error = Object.assign(new Error(code), { code })
  return Readable.from(
    (async function* () {
      yield Buffer.from('PAR1')
      throw error
    })(),
  )
}

test('a body is stored completely under its own name until it is removed', async () => {
  const [one, two] = await Promise.all([body('ab', 'cd'), body('')].map(each => uploads.store(each, 'drop.parquet')))
  expect(one!.fileName).toBe('drop.parquet')
  expect(await readFile(one!.path, 'utf8')).toBe('abcd')
  expect(await readFile(two!.path, 'utf8')).toBe('')
  await one!.remove()
  await two!.remove()
  expect(await files()).toEqual([])
})

test('a body that is too large is not stored, and stays open for the response', async () => {
  const large = body('x'.repeat(60), 'x'.repeat(60), 'x')
  await expect(uploads.store(large, 'x')).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' })
  expect(large.destroyed).toBe(false)
  expect(await files()).toEqual([])
  expect(() => uploads.requireRoom(101)).toThrow('100 bytes')
  expect(() => uploads.requireRoom(100)).not.toThrow()
})

test.each([
  ['ENOSPC', 'DATABASE_FULL'],
  ['EDQUOT', 'DATABASE_FULL'],
  ['EROFS', 'DATABASE_READ_ONLY'],
  ['EACCES', 'DATABASE_READ_ONLY'],
])('%s becomes %s, and nothing is left', async (code, expected) => {
  await expect(uploads.store(failing(code), 'x')).rejects.toMatchObject({ code: expected })
  expect(await files()).toEqual([])
})

test('a body that ends early is an error of the client, anything else is not', async () => {
  await expect(uploads.store(failing('ECONNRESET'), 'x')).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  await expect(uploads.store(failing('EIO'), 'x')).rejects.toMatchObject({ name: 'Error', code: 'EIO' })
  const silent = new Readable({ read() {} })
  const pending = uploads.store(silent, 'x')
  await until(async () => (await files())?.length === 1, 'its file')
  uploads.abort()
  await expect(pending).rejects.toMatchObject({ code: 'BAD_USER_INPUT' })
  expect(await files()).toEqual([])
})

test('the store holds a limited number of files, counted until they are removed', async () => {
  const received = [await uploads.store(body('a'), 'x'), await uploads.store(body('b'), 'x')]
  expect(() => uploads.requireRoom(1)).toThrow('2 files')
  await received[0]!.remove()
  expect(() => uploads.requireRoom(1)).not.toThrow()
  await expect(uploads.store(failing('EIO'), 'x')).rejects.toThrow()
  expect(() => uploads.requireRoom(1)).not.toThrow()
})

test('what a crash has left is removed by the server of the same database, and by no other', async () => {
  await uploads.store(body('a'), 'x')
  await open('other.db').removeLeftovers()
  expect(await files()).toHaveLength(1)
  await open('./accounts.db').removeLeftovers()
  expect(await files()).toEqual([])
})

test('nothing is stored through a symbolic link', async () => {
  await uploads.store(body('a'), 'x')
  await rm(join(folder, 'data', '.incoming'), { recursive: true })
  await symlink(tmpdir(), join(folder, 'data', '.incoming'))
  await expect(uploads.store(body('a'), 'x')).rejects.toThrow('is a symbolic link')
})

test.each(['data', 'data/.incoming'])('a file in the place of %s becomes DATABASE_READ_ONLY', async path => {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), '')
  await expect(uploads.store(body('a'), 'x')).rejects.toMatchObject({ code: 'DATABASE_READ_ONLY' })
})
