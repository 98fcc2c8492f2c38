import type { Statement } from 'better-sqlite3'
import { foldCategory } from '../../../domain/category.ts'
import type { Connection } from '../connection/connection.ts'

/** A growing list of surrogate keys, indexed by a file's dictionary. */
class KeyList {
  #keys = new Uint32Array(1024)
  #length = 0

  push(key: number): void {
    if (this.#length === this.#keys.length) {
      const longer = new Uint32Array(this.#length * 2)
      longer.set(this.#keys)
      this.#keys = longer
    }
    this.#keys[this.#length++] = key
  }

  /** Indexed by dictionary entry; longer than the dictionary. */
  get keys(): Uint32Array {
    return this.#keys
  }

  get used(): Uint32Array {
    return this.#keys.subarray(0, this.#length)
  }
}

/** Turns account ids and category names into surrogate keys, creating what is new. */
export class Interning {
  readonly accounts = new KeyList()
  readonly categorySets = new KeyList()
  accountsCreated = 0
  #areNew = false
  readonly #ingestion: number
  readonly #findAccount: Statement
  readonly #addAccount: Statement
  readonly #findCategory: Statement
  readonly #addCategory: Statement
  readonly #findSet: Statement
  readonly #addSet: Statement
  readonly #addMember: Statement

  constructor(connection: Connection, ingestion: number) {
    this.#ingestion = ingestion
    const key = (sql: string) => connection.prepare(sql).pluck()
    this.#findAccount = key('SELECT id FROM account WHERE account_id = ?')
    // The newest measurement is filled in when everything derived is refreshed.
    this.#addAccount = connection.prepare(`
      INSERT INTO account (account_id, ingestion, measured_at, subscriber_count, category_set)
      VALUES (?, ?, 0, 0, 0) ON CONFLICT DO NOTHING`)
    this.#findCategory = connection.prepare('SELECT id, name FROM category WHERE folded = ?')
    this.#addCategory = connection.prepare(
      'INSERT INTO category (name, folded, ingestion) VALUES (?, ?, ?) RETURNING id, name',
    )
    this.#findSet = key('SELECT id FROM category_set WHERE members = ?')
    this.#addSet = key('INSERT INTO category_set (members, names, ingestion) VALUES (?, ?, ?) RETURNING id')
    this.#addMember = connection.prepare('INSERT INTO category_set_member (category_set, category) VALUES (?, ?)')
  }

  /** New accounts seldom come alone, nor do known ones: what the last one was is tried first. */
  addAccount(accountId: string): void {
    const found = this.#areNew ? undefined : this.#find(accountId)
    this.accounts.push(found ?? this.#create(accountId) ?? this.#find(accountId)!)
  }

  #find(accountId: string): number | undefined {
    const id = this.#findAccount.get(accountId) as number | undefined
    this.#areNew = id === undefined
    return id
  }

  #create(accountId: string): number | undefined {
    const { changes, lastInsertRowid } = this.#addAccount.run(accountId, this.#ingestion)
    if (changes === 0) return undefined
    this.accountsCreated++
    return Number(lastInsertRowid)
  }

  addCategorySet(names: readonly string[]): void {
    const categories = names.map(name => this.#category(name)).sort((a, b) => a.id - b.id)
    const members = categories.map(({ id }) => id).join(',')
    this.categorySets.push((this.#findSet.get(members) as number | undefined) ?? this.#createSet(members, categories))
  }

  #category(name: string): Category {
    const folded = foldCategory(name)
    const found = this.#findCategory.get(folded) ?? this.#addCategory.get(name, folded, this.#ingestion)
    return found as Category
  }

  #createSet(members: string, categories: readonly Category[]): number {
    const names = categories.map(({ name }) => name).sort(byLowerCaseName)
    const id = this.#addSet.get(members, JSON.stringify(names), this.#ingestion) as number
    for (const category of categories) this.#addMember.run(id, category.id)
    return id
  }
}

interface Category {
  readonly id: number
  readonly name: string
}

/** By code point, as SQLite's own order of text. */
function byLowerCaseName(a: string, b: string): number {
  return Buffer.compare(Buffer.from(foldCategory(a)), Buffer.from(foldCategory(b)))
}
