/** What can be wrong with a database file as a whole, or with taking a copy of it. Meanings: docs/database.md. */
export const DATABASE_FAULT_CODES = [
  'NO_DATABASE',
  'NOT_A_DATABASE',
  'FOREIGN_DATABASE',
  'DATABASE_TOO_NEW',
  'DATABASE_TOO_OLD',
  'DATABASE_DAMAGED',
  'LOCK_DAMAGED',
  'MIGRATION_FAILED',
  'SNAPSHOT_BUSY',
  'SNAPSHOT_EXISTS',
  'SNAPSHOT_IN_USE',
  'SNAPSHOT_NO_SPACE',
  'SNAPSHOT_FAILED',
] as const

export type DatabaseFaultCode = (typeof DATABASE_FAULT_CODES)[number]

/** Thrown when a database cannot be opened, upgraded or copied; the message is for the person who looks after it. */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault'
  readonly code: DatabaseFaultCode

  constructor(code: DatabaseFaultCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
