import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MIGRATIONS } from '../../../../src/storage/sqlite/schema/migrations.ts'

/** The released migrations and more after them, as a newer version of the program would bring. */
export function withMigrations(folder: string, added: Readonly<Record<string, string>>): string {
  cpSync(MIGRATIONS, folder, { recursive: true })
  const path = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(readFileSync(path, 'utf8')) as { entries: { when: number; tag: string }[] }
  for (const [tag, sql] of Object.entries(added)) {
    writeFileSync(join(folder, `${tag}.sql`), sql)
    journal.entries.push({ tag, when: journal.entries.at(-1)!.when + 1 })
  }
  writeFileSync(path, JSON.stringify(journal))
  return folder
}
