import { type SQL, sql } from 'drizzle-orm'
import {
  type AnySQLiteColumn,
  check,
  index,
  integer,
  primaryKey,
  real,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'
import { TRACKED_ABOVE } from '../../../domain/account.ts'
import { GROWTH_WINDOWS } from '../../../domain/growth.ts'
import { INGESTION_WARNING_CODES, REJECTION_REASONS } from '../../../domain/ingestion.ts'

/*
 * `measurement`, `correction`, `category*` and `ingestion*` hold the data. Everything in `account` but its identity, and
 * all of `account_category`, `period` and `dataset`, is derived from them and can be rebuilt. Drizzle cannot express
 * STRICT and WITHOUT ROWID: they are added to the generated SQL by hand (docs/adr/0003).
 */

/** The length of the span that leads the key of `measurement`, 30 days: docs/adr/0002. */
export const PERIOD_MS = 30 * 24 * 60 * 60 * 1000

/** The period that contains an instant. */
export function periodOf(instant: number): number {
  return Math.floor(instant / PERIOD_MS)
}

const reference = (name: string, key: () => AnySQLiteColumn) => integer(name).notNull().references(key)

const quotedList = (values: readonly string[]): SQL => sql.raw(values.map(value => `'${value}'`).join(', '))

/** The ledger: one entry an ingestion. */
export const ingestion = sqliteTable(
  'ingestion',
  {
    id: integer('id').primaryKey(),
    publicId: text('public_id').notNull().unique(),
    fileName: text('file_name').notNull(),
    sha256: text('sha256').notNull(),
    fileSize: integer('file_size').notNull(),
    status: text('status', { enum: ['RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'REVERTED'] }).notNull(),
    dryRun: integer('dry_run', { mode: 'boolean' }).notNull(),
    queuedAt: integer('queued_at').notNull(),
    startedAt: integer('started_at').notNull(),
    finishedAt: integer('finished_at'),
    rowsTotal: integer('rows_total'),
    rowsRead: integer('rows_read').notNull().default(0),
    inserted: integer('inserted').notNull().default(0),
    corrected: integer('corrected').notNull().default(0),
    unchanged: integer('unchanged').notNull().default(0),
    rejected: integer('rejected').notNull().default(0),
    accountsCreated: integer('accounts_created').notNull().default(0),
    firstMeasuredAt: integer('first_measured_at'),
    lastMeasuredAt: integer('last_measured_at'),
    programVersion: text('program_version').notNull(),
    errorCode: text('error_code'),
    errorField: text('error_field', { mode: 'json' }).$type<readonly string[]>(),
    errorMessage: text('error_message'),
  },
  t => [
    uniqueIndex('ingestion_bytes').on(t.sha256).where(sql`status = 'SUCCEEDED' AND dry_run = 0`),
    index('ingestion_queued').on(t.queuedAt, t.publicId),
    check('ingestion_status', sql`status IN ('RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'REVERTED')`),
    check('ingestion_balance', sql`status <> 'SUCCEEDED' OR rows_read = inserted + corrected + unchanged + rejected`),
    check(
      'ingestion_nothing_taken',
      sql`status NOT IN ('FAILED', 'CANCELLED') OR (inserted = 0 AND corrected = 0 AND unchanged = 0)`,
    ),
    check('ingestion_error', sql`(status IN ('FAILED', 'CANCELLED')) = (error_code IS NOT NULL)`),
  ],
)

/** The exact number of rejected rows by reason. */
export const rejectionCount = sqliteTable(
  'rejection_count',
  {
    ingestion: reference('ingestion', () => ingestion.id),
    reason: text('reason', { enum: [...REJECTION_REASONS] }).notNull(),
    count: integer('count').notNull(),
  },
  t => [
    primaryKey({ columns: [t.ingestion, t.reason] }),
    check('rejection_count_reason', sql`reason IN (${quotedList(REJECTION_REASONS)})`),
    check('rejection_count_positive', sql`count > 0`),
  ],
)

/** The warnings of an ingestion, in file order. */
export const ingestionWarning = sqliteTable(
  'ingestion_warning',
  {
    ingestion: reference('ingestion', () => ingestion.id),
    sequence: integer('sequence').notNull(),
    code: text('code', { enum: [...INGESTION_WARNING_CODES] }).notNull(),
    column: text('column'),
    message: text('message').notNull(),
  },
  t => [
    primaryKey({ columns: [t.ingestion, t.sequence] }),
    check('ingestion_warning_code', sql`code IN (${quotedList(INGESTION_WARNING_CODES)})`),
  ],
)

/** The first 1,000 rejected rows of an ingestion, as they were in the file. */
export const rejectedRow = sqliteTable(
  'rejected_row',
  {
    ingestion: reference('ingestion', () => ingestion.id),
    rowNumber: integer('row_number').notNull(),
    reason: text('reason', { enum: [...REJECTION_REASONS] }).notNull(),
    column: text('column').notNull(),
    row: text('row').notNull(),
  },
  t => [primaryKey({ columns: [t.ingestion, t.rowNumber] })],
)

/** A category, in the spelling seen first. Names are compared by `folded`. */
export const category = sqliteTable('category', {
  id: integer('id').primaryKey(),
  name: text('name').notNull(),
  folded: text('folded').notNull().unique(),
  ingestion: reference('ingestion', () => ingestion.id),
})

/** A set of categories, stored once. `members` are the category ids in ascending order; `names` are sorted, as JSON. */
export const categorySet = sqliteTable('category_set', {
  id: integer('id').primaryKey(),
  members: text('members').notNull().unique(),
  names: text('names').notNull(),
  ingestion: reference('ingestion', () => ingestion.id),
})

export const categorySetMember = sqliteTable(
  'category_set_member',
  {
    categorySet: reference('category_set', () => categorySet.id),
    category: reference('category', () => category.id),
  },
  t => [primaryKey({ columns: [t.categorySet, t.category] })],
)

const percent = (baselineCount: string) =>
  sql.raw(`CASE WHEN ${baselineCount} > 0 THEN (subscriber_count - ${baselineCount}) * 100.0 / ${baselineCount} END`)

/** The columns of one window: the measurement of each baseline (null when unknown), and the percentage from there. */
function windowColumns<const Window extends string>(window: Window) {
  const first = `${window}_first_count`
  const start = `${window}_start_count`
  return {
    [`${window}FirstAt`]: integer(`${window}_first_at`),
    [`${window}FirstCount`]: integer(first),
    [`${window}StartAt`]: integer(`${window}_start_at`),
    [`${window}StartCount`]: integer(start),
    [`${window}FirstPercent`]: real(`${window}_first_percent`).generatedAlwaysAs(percent(first), { mode: 'virtual' }),
    [`${window}StartPercent`]: real(`${window}_start_percent`).generatedAlwaysAs(percent(start), { mode: 'virtual' }),
  }
}

const tracked = sql.raw(`subscriber_count > ${TRACKED_ABOVE}`)

/** An account: its identity, its newest measurement, and the baselines of each window. */
export const account = sqliteTable(
  'account',
  {
    id: integer('id').primaryKey(),
    accountId: text('account_id').notNull(),
    ingestion: reference('ingestion', () => ingestion.id),
    measuredAt: integer('measured_at').notNull(),
    subscriberCount: integer('subscriber_count').notNull(),
    categorySet: integer('category_set').notNull(),
    ...windowColumns('week'),
    ...windowColumns('month'),
    ...windowColumns('quarter'),
    ...windowColumns('year'),
  },
  t => [
    uniqueIndex('account_by_account_id').on(t.accountId),
    index('account_by_subscriber_count').on(t.subscriberCount, t.accountId).where(tracked),
    index('account_by_measured_at').on(t.measuredAt, t.accountId).where(tracked),
    ...GROWTH_WINDOWS.map(window => {
      const name = window.toLowerCase()
      return index(`account_by_${name}_percent`)
        .on(sql.raw(`${name}_first_percent`), t.accountId)
        .where(tracked)
    }),
    check('account_id_canonical', sql`length(account_id) = 36 AND account_id = lower(account_id)`),
  ],
)

/** The tracked accounts of each category by newest count: a page of one category is a walk along this key. */
export const accountCategory = sqliteTable(
  'account_category',
  {
    category: reference('category', () => category.id),
    subscriberCount: integer('subscriber_count').notNull(),
    accountId: text('account_id').notNull(),
    account: reference('account', () => account.id),
  },
  t => [primaryKey({ columns: [t.category, t.subscriberCount, t.accountId] })],
)

/** Every valid measurement. The 30-day period leads the key, so that new measurements are appended, not scattered. */
export const measurement = sqliteTable(
  'measurement',
  {
    period: integer('period').notNull(),
    account: reference('account', () => account.id),
    measuredAt: integer('measured_at').notNull(),
    subscriberCount: integer('subscriber_count').notNull(),
    categorySet: reference('category_set', () => categorySet.id),
    ingestion: reference('ingestion', () => ingestion.id),
  },
  t => [
    primaryKey({ columns: [t.period, t.account, t.measuredAt] }),
    check('measurement_period', sql`period = measured_at / ${sql.raw(String(PERIOD_MS))}`),
    check('measurement_count', sql`subscriber_count BETWEEN 0 AND 9007199254740991`),
  ],
)

/** The values that an ingestion replaced, in the order in which it replaced them. */
export const correction = sqliteTable(
  'correction',
  {
    correctedBy: reference('corrected_by', () => ingestion.id),
    sequence: integer('sequence').notNull(),
    account: reference('account', () => account.id),
    measuredAt: integer('measured_at').notNull(),
    subscriberCount: integer('subscriber_count').notNull(),
    categorySet: reference('category_set', () => categorySet.id),
    ingestion: reference('ingestion', () => ingestion.id),
  },
  t => [primaryKey({ columns: [t.correctedBy, t.sequence] })],
)

/** The periods that hold a measurement. Reading an account's history takes one seek in each. */
export const period = sqliteTable('period', { period: integer('period').primaryKey() })

/** Totals, in one row. */
export const dataset = sqliteTable(
  'dataset',
  {
    id: integer('id').primaryKey(),
    asOf: integer('as_of'),
    firstMeasuredAt: integer('first_measured_at'),
    measurementCount: integer('measurement_count').notNull(),
    accountCount: integer('account_count').notNull(),
  },
  () => [check('dataset_one_row', sql`id = 1`)],
)
