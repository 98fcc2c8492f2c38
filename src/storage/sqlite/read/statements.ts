import type { Statement } from 'better-sqlite3'
import type { Fragment } from '../../keyset.ts'
import type { Connection } from '../connection/connection.ts'

/** More shapes of a query than people write by hand; past it somebody plays, and starts over. */
const MAX_PREPARED = 500

/** Prepared statements by their text: a filter's shape is prepared once, whatever its values. */
export class Statements {
  readonly #connection: Connection
  readonly #inTransaction: (work: () => unknown) => unknown
  readonly #prepared = new Map<string, Statement>()
  readonly #listing = new Map<string, Statement>()

  constructor(connection: Connection) {
    this.#connection = connection
    this.#inTransaction = connection.transaction(work => work())
  }

  all<Row>({ sql, values }: Fragment): Row[] {
    return this.#prepare(sql).all(...values) as Row[]
  }

  get<Row>({ sql, values }: Fragment): Row | undefined {
    return this.#prepare(sql).get(...values) as Row | undefined
  }

  /** Rows as lists of their columns. */
  lists<Row extends readonly unknown[]>({ sql, values }: Fragment): Row[] {
    return this.#prepareList(sql).all(...values) as Row[]
  }

  /** The same, row by row: holds the statement until the last one is read, or nobody reads on. */
  iterateLists<Row extends readonly unknown[]>({ sql, values }: Fragment): IterableIterator<Row> {
    return this.#prepareList(sql).iterate(...values) as IterableIterator<Row>
  }

  /** Runs all reads of `work` against one state of the database. */
  consistently<Result>(work: () => Result): Result {
    return this.#inTransaction(work) as Result
  }

  #prepare(sql: string): Statement {
    return foundIn(this.#prepared, sql, () => this.#connection.prepare(sql))
  }

  #prepareList(sql: string): Statement {
    return foundIn(this.#listing, sql, () => this.#connection.prepare(sql).raw())
  }
}

function foundIn(prepared: Map<string, Statement>, sql: string, prepare: () => Statement): Statement {
  const found = prepared.get(sql)
  if (found) return found
  const statement = prepare()
  if (prepared.size === MAX_PREPARED) prepared.clear()
  prepared.set(sql, statement)
  return statement
}
