import type { Statement } from 'better-sqlite3'
import type { Fragment } from '../../keyset.ts'
import type { Connection } from '../connection.ts'

/** More shapes of a query than people write by hand; past it somebody plays, and starts over. */
const MAX_PREPARED = 500

/** Prepared statements by their text: a filter's shape is prepared once, whatever its values. */
export class Statements {
  readonly #connection: Connection
  readonly #prepared = new Map<string, Statement>()

  constructor(connection: Connection) {
    this.#connection = connection
  }

  all<Row>({ sql, values }: Fragment): Row[] {
    return this.#prepare(sql).all(...values) as Row[]
  }

  get<Row>({ sql, values }: Fragment): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined
  }

  /** Row by row: holds the statement until the last one is read, or nobody reads on. */
  iterate<Row>({ sql, values }: Fragment): IterableIterator<Row> {
    return this.#prepare(sql).iterate(...values) as IterableIterator<Row>
  }

  /** Runs all reads of `work` against one state of the database. */
  consistently<Result>(work: () => Result): Result {
    return this.#connection.transaction(work)()
  }

  #prepare(sql: string): Statement {
    const found = this.#prepared.get(sql)
    if (found) return found
    const statement = this.#connection.prepare(sql)
    if (this.#prepared.size === MAX_PREPARED) this.#prepared.clear()
    this.#prepared.set(sql, statement)
    return statement
  }
}
