import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDatabaseFile, resolveLinks } from '../../../../src/storage/sqlite/files/database-files.ts'
import { useFolder } from '../../../support/folder.ts'

const room = useFolder('own-files-')
let folder: string
let database: string

beforeEach(() => {
  folder = mkdtempSync(join(realpathSync(room()), 'links-'))
  database = join(folder, 'store', 'accounts.db')
  mkdirSync(join(folder, 'store'))
})

const link = (target: string, name: string) => {
  symlinkSync(target, join(folder, name))
  return join(folder, name)
}

describe('resolveLinks', () => {
  it('follows links to what is not there yet', () => {
    link('store/accounts.db', 'near')
    const far = link(join(folder, 'near'), 'far')
    expect(resolveLinks(far)).toBe(database)
    writeFileSync(database, '')
    expect(resolveLinks(far)).toBe(database)
  })

  it('goes up from where a linked folder is', () => {
    mkdirSync(join(folder, 'store', 'deep'))
    link('store/deep', 'short')
    expect(resolveLinks(link('short/../accounts.db', 'up'))).toBe(database)
  })

  it('leaves a name that leads nowhere', () => {
    expect(resolveLinks(join(folder, 'no', 'such.db'))).toBe(join(folder, 'no', 'such.db'))
    link('round', 'about')
    expect(resolveLinks(link('about', 'round'))).toMatch(/\/(about|round)$/)
  })
})

it('knows the files of a database by links, before any of them is there', () => {
  for (const suffix of ['', '-wal', '.write-lock', '.server-lock', '.snapshot-lock']) {
    const name = link(`store/accounts.db${suffix}`, `link${suffix}`)
    expect([suffix, isDatabaseFile(database, name)]).toEqual([suffix, true])
    expect([suffix, isDatabaseFile(join(folder, 'link'), `${database}${suffix}`)]).toEqual([suffix, true])
  }
  expect(isDatabaseFile(database, link('store/other.db', 'other'))).toBe(false)
})
