import type { Statement } from 'better-sqlite3'
import type { Fragment } from '../../keyset.ts'
import type { Connection } from '../connection/connection.ts'
import { corruptionError } from '../connection/errors.ts'

/** More shapes of a query than an application sends. Past that, the cache is cleared. */
const MAX_PREPARED = 500

/**
 * Runs statements, each prepared once for its text: filters that differ only in their values share one. Every method
 * throws AppError DATABASE_DAMAGED when SQLite cannot read the file.
 */
export class Statements {
  readonly #connection: Connection
  readonly #transaction: (work: () => unknown) => unknown
  readonly #prepared = new Map<string, Statement>()
  readonly #preparedForArrays = new Map<string, Statement>()

  constructor(connection: Connection) {
    this.#connection = connection
    this.#transaction = connection.transaction(work => work())
  }

  all<Row>({ sql, values }: Fragment): Row[] {
    return this.#run(() => this.#prepare(sql).all(...values)) as Row[]
  }

  get<Row>({ sql, values }: Fragment): Row | undefined {
    return this.#run(() => this.#prepare(sql).get(...values)) as Row | undefined
  }

  /** Returns each row as an array of its columns. */
  arrays<Row extends readonly unknown[]>({ sql, values }: Fragment): Row[] {
    return this.#run(() => this.#prepareForArrays(sql).all(...values)) as Row[]
  }

  /** Returns the same row by row. The statement stays open until the iterator ends. */
  iterateArrays<Row extends readonly unknown[]>({ sql, values }: Fragment): IterableIterator<Row> {
    return this.#prepareForArrays(sql).iterate(...values) as IterableIterator<Row>
  }

  /** Runs all statements of `work` against one state of the database. */
  inTransaction<Result>(work: () => Result): Result {
    return this.#transaction(work) as Result
  }

  #run<Result>(statement: () => Result): Result {
    try {
      return statement()
    } catch (error) {
      throw corruptionError(error, this.#connection.name)
    }
  }

  #prepare(sql: string): Statement {
    return foundIn(this.#prepared, sql, () => this.#connection.prepare(sql))
  }

  #prepareForArrays(sql: string): Statement {
    return foundIn(this.#preparedForArrays, sql, () => this.#connection.prepare(sql).raw())
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
