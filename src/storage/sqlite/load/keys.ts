import type { Statement } from 'better-sqlite3'
import { foldCategory } from '../../../domain/category.ts'
import type { Connection } from '../connection/connection.ts'

/** The surrogate keys of a file's dictionary, by dictionary index. */
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

  /** Longer than the dictionary. */
  get buffer(): Uint32Array {
    return this.#keys
  }

  get all(): Uint32Array {
    return this.#keys.subarray(0, this.#length)
  }
}

interface Category {
  readonly id: number
  readonly name: string
}

/** Finds the surrogate keys of account ids and category sets, and creates those that are new. */
export class SurrogateKeys {
  readonly accounts = new KeyList()
  readonly categorySets = new KeyList()
  accountsCreated = 0
  #wasLastNew = false
  readonly #ingestion: number
  readonly #findAccount: Statement
  readonly #insertAccount: Statement
  readonly #findCategory: Statement
  readonly #insertCategory: Statement
  readonly #findSet: Statement
  readonly #insertSet: Statement
  readonly #insertMember: Statement

  constructor(connection: Connection, ingestion: number) {
    this.#ingestion = ingestion
    const prepare = (sql: string) => connection.prepare(sql)
    this.#findAccount = prepare('SELECT id FROM account WHERE account_id = ?').pluck()
    // A refresh of the derived data fills in the newest measurement.
    this.#insertAccount = prepare(`
      INSERT INTO account (account_id, ingestion, measured_at, subscriber_count, category_set)
      VALUES (?, ?, 0, 0, 0) ON CONFLICT DO NOTHING`)
    this.#findCategory = prepare('SELECT id, name FROM category WHERE folded = ?')
    this.#insertCategory = prepare('INSERT INTO category (name, folded, ingestion) VALUES (?, ?, ?) RETURNING id, name')
    this.#findSet = prepare('SELECT id FROM category_set WHERE members = ?').pluck()
    this.#insertSet = prepare(
      'INSERT INTO category_set (members, names, ingestion) VALUES (?, ?, ?) RETURNING id',
    ).pluck()
    this.#insertMember = prepare('INSERT INTO category_set_member (category_set, category) VALUES (?, ?)')
  }

  /** New accounts come in runs, and so do known ones: the case of the last account is tried first. */
  addAccount(accountId: string): void {
    const found = this.#wasLastNew ? undefined : this.#find(accountId)
    this.accounts.push(found ?? this.#create(accountId) ?? this.#find(accountId)!)
  }

  #find(accountId: string): number | undefined {
    const id = this.#findAccount.get(accountId) as number | undefined
    this.#wasLastNew = id === undefined
    return id
  }

  #create(accountId: string): number | undefined {
    const { changes, lastInsertRowid } = this.#insertAccount.run(accountId, this.#ingestion)
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
    return (this.#findCategory.get(folded) ?? this.#insertCategory.get(name, folded, this.#ingestion)) as Category
  }

  #createSet(members: string, categories: readonly Category[]): number {
    const names = categories.map(({ name }) => name).sort(byFoldedName)
    const id = this.#insertSet.get(members, JSON.stringify(names), this.#ingestion) as number
    for (const category of categories) this.#insertMember.run(id, category.id)
    return id
  }
}

/** By code point, as SQLite sorts text. */
function byFoldedName(a: string, b: string): number {
  return Buffer.compare(Buffer.from(foldCategory(a)), Buffer.from(foldCategory(b)))
}
