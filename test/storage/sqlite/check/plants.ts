import type { Rule } from '../../../../src/storage/sqlite/check/rules.ts'

/** A fault to plant, and the rules that a check must find broken. */
export interface Plant {
  readonly what: string
  readonly sql: string
  readonly found: readonly Rule[]
}

const account = (number: number) => `(SELECT id FROM account WHERE account_id LIKE '%00${number}')`

/** Faults that a repair mends. */
export const DERIVED_PLANTS: readonly Plant[] = [
  {
    what: 'a newest count that is too high, with its membership',
    sql: `UPDATE account SET subscriber_count = 1502 WHERE id = ${account(1)};
      UPDATE account_category SET subscriber_count = 1502 WHERE account = ${account(1)}`,
    found: ['account-newest', 'membership-missing', 'membership-wrong'],
  },
  {
    what: 'a newest instant',
    sql: `UPDATE account SET measured_at = measured_at - 1 WHERE id = ${account(6)}`,
    found: ['account-newest'],
  },
  {
    what: 'a newest category set',
    sql: `UPDATE account SET category_set = 1 WHERE id = ${account(6)}`,
    found: ['account-newest'],
  },
  ...['week', 'month', 'quarter', 'year'].flatMap(window =>
    ['first', 'start'].flatMap(baseline => [
      {
        what: `a ${window}_${baseline} count`,
        sql: `UPDATE account SET ${window}_${baseline}_count = coalesce(${window}_${baseline}_count, 0) + 1 WHERE id = ${account(3)}`,
        found: ['account-growth'] as const,
      },
      {
        what: `a ${window}_${baseline} that is not known`,
        sql: `UPDATE account SET ${window}_${baseline}_at = CASE WHEN ${window}_${baseline}_at IS NULL THEN 1 END WHERE id = ${account(6)}`,
        found: ['account-growth'] as const,
      },
    ]),
  ),
  {
    what: 'a membership that is gone',
    sql: `DELETE FROM account_category WHERE account = ${account(6)} AND category = 1`,
    found: ['membership-missing'],
  },
  {
    what: 'a membership too many',
    sql: `INSERT INTO account_category SELECT max(category), 1501, '${'00000000-0000-4000-8000-000000000001'}', ${account(1)} FROM account_category`,
    found: ['membership-wrong'],
  },
  {
    what: 'an account below the limit that is listed',
    sql: `INSERT INTO account_category SELECT category, 900, account_id, a.id FROM account a JOIN category_set_member m ON m.category_set = a.category_set WHERE a.id = ${account(4)}`,
    found: ['membership-wrong'],
  },
  {
    what: 'a period that is missing',
    sql: 'DELETE FROM period WHERE period = (SELECT max(period) FROM period)',
    found: ['period-list'],
  },
  { what: 'a period too many', sql: 'INSERT INTO period VALUES (1)', found: ['period-list'] },
  { what: 'the newest instant', sql: 'UPDATE dataset SET as_of = as_of + 1', found: ['dataset-totals'] },
  { what: 'the first instant', sql: 'UPDATE dataset SET first_measured_at = NULL', found: ['dataset-totals'] },
  {
    what: 'the count of measurements',
    sql: 'UPDATE dataset SET measurement_count = measurement_count - 1',
    found: ['dataset-totals'],
  },
  {
    what: 'the count of accounts',
    sql: 'UPDATE dataset SET account_count = account_count + 1',
    found: ['dataset-totals'],
  },
  { what: 'no totals at all', sql: 'DELETE FROM dataset', found: ['dataset-totals'] },
  {
    what: 'an account without measurements',
    sql: `INSERT INTO account (account_id, ingestion, measured_at, subscriber_count, category_set) VALUES ('00000000-0000-4000-8000-00000000000f', 1, 0, 0, 1)`,
    found: ['account-empty'],
  },
  {
    what: 'the order of names',
    sql: `UPDATE category_set SET names = '["Gaming","education"]' WHERE names = '["education","Gaming"]'`,
    found: ['category-names'],
  },
  { what: 'an index that is gone', sql: 'DROP INDEX account_by_month_percent', found: ['index-or-view-altered'] },
  { what: 'a view that is gone', sql: 'DROP VIEW accounts', found: ['index-or-view-altered'] },
  {
    what: 'an index that leaves something out',
    sql: `DROP INDEX account_by_measured_at; CREATE INDEX account_by_measured_at ON account (measured_at) WHERE subscriber_count > 1000`,
    found: ['index-or-view-altered'],
  },
]

/** Faults that only a snapshot can mend. */
export const DATA_PLANTS: readonly Plant[] = [
  {
    what: 'a measurement that is lost',
    sql: `DELETE FROM measurement WHERE account = ${account(1)} AND subscriber_count = 1000`,
    found: ['ledger-inserted', 'account-growth', 'period-list', 'dataset-totals'],
  },
  {
    what: 'a measurement that no ingestion inserted',
    sql: `INSERT INTO measurement SELECT period, account, measured_at + 1, 1, category_set, ingestion FROM measurement WHERE account = ${account(2)} AND subscriber_count = 2000`,
    found: ['ledger-inserted', 'dataset-totals'],
  },
  {
    what: 'a measurement of an account that is gone',
    sql: `DELETE FROM account_category WHERE account = ${account(6)}; DELETE FROM account WHERE account_id LIKE '%006'`,
    found: ['reference-broken', 'ledger-accounts', 'dataset-totals'],
  },
  {
    what: 'a measurement of an ingestion that failed',
    sql: `UPDATE measurement SET ingestion = 5 WHERE account = ${account(3)} AND subscriber_count = 0`,
    found: ['measurement-source', 'ledger-inserted'],
  },
  {
    what: 'a measurement of an ingestion that is not there',
    sql: `UPDATE measurement SET ingestion = 99 WHERE account = ${account(3)} AND subscriber_count = 0`,
    found: ['reference-broken', 'measurement-source', 'ledger-inserted'],
  },
  {
    what: 'a measurement before the year 2000',
    sql: `UPDATE measurement SET period = 300, measured_at = 300 * 2592000000 WHERE account = ${account(1)} AND subscriber_count = 1000`,
    found: ['measurement-instant', 'ledger-span', 'account-growth', 'period-list', 'dataset-totals'],
  },
  {
    what: 'an account id in upper case',
    sql: `UPDATE account_category SET account_id = 'x' || substr(account_id, 2) WHERE account = ${account(6)}; UPDATE account SET account_id = 'x' || substr(account_id, 2) WHERE account_id LIKE '%006'`,
    found: ['account-id'],
  },
  {
    what: 'an account of a later ingestion',
    sql: `UPDATE account SET ingestion = 2 WHERE id = ${account(1)}`,
    found: ['account-origin', 'ledger-accounts'],
  },
  {
    what: 'rows that are not accounted for',
    sql: 'UPDATE ingestion SET rows_total = rows_total + 1 WHERE id = 1',
    found: ['ledger-rows'],
  },
  {
    what: 'inserted',
    sql: 'UPDATE ingestion SET inserted = inserted - 1, unchanged = unchanged + 1 WHERE id = 1',
    found: ['ledger-inserted'],
  },
  {
    what: 'corrected',
    sql: 'UPDATE ingestion SET corrected = corrected + 1, unchanged = unchanged - 1 WHERE id = 2',
    found: ['ledger-corrected'],
  },
  { what: 'accounts', sql: 'UPDATE ingestion SET accounts_created = 2 WHERE id = 2', found: ['ledger-accounts'] },
  { what: 'rejected', sql: 'UPDATE rejection_count SET count = 4 WHERE ingestion = 2', found: ['ledger-rejected'] },
  {
    what: 'a rejected row that is lost',
    sql: 'DELETE FROM rejected_row WHERE ingestion = 2 AND row_number = 2',
    found: ['ledger-rejected'],
  },
  {
    what: 'a rejected row that is no JSON',
    sql: `UPDATE rejected_row SET "row" = '{' WHERE ingestion = 5 AND row_number = 2`,
    found: ['ledger-rejected'],
  },
  {
    what: 'a rejected row of another reason',
    sql: `UPDATE rejected_row SET reason = 'INVALID_TIMESTAMP' WHERE ingestion = 2 AND row_number = 2`,
    found: ['ledger-rejected'],
  },
  {
    what: 'the span of an ingestion',
    sql: 'UPDATE ingestion SET last_measured_at = last_measured_at - 1 WHERE id = 2',
    found: ['ledger-span'],
  },
  {
    what: 'a correction of nothing',
    sql: `UPDATE correction SET measured_at = measured_at + 1 WHERE account = ${account(1)}`,
    found: ['ledger-inserted', 'correction-target'],
  },
  {
    what: 'a correction that is lost',
    sql: 'DELETE FROM correction WHERE corrected_by = 2 AND sequence = 1',
    found: ['ledger-corrected', 'correction-sequence', 'correction-chain'],
  },
  {
    what: 'a correction by another',
    sql: `UPDATE correction SET corrected_by = 1, sequence = 2 WHERE account = ${account(1)}`,
    found: ['ledger-corrected', 'correction-chain'],
  },
  {
    what: 'a replaced value that is the one that stands',
    sql: `UPDATE correction SET (subscriber_count, category_set) = (SELECT subscriber_count, category_set FROM measurement m
      WHERE m.account = correction.account AND m.measured_at = correction.measured_at) WHERE account = ${account(1)}`,
    found: ['correction-same'],
  },
  {
    what: 'a category that is not normalized',
    sql: `UPDATE category SET name = ' Gaming' WHERE folded = 'gaming'`,
    found: ['category-name', 'category-names'],
  },
  {
    what: 'a category folded otherwise',
    sql: `UPDATE category SET folded = 'strasse' WHERE folded = 'straße'`,
    found: ['category-name'],
  },
  {
    what: 'a category of a later ingestion',
    sql: `UPDATE category SET ingestion = 2 WHERE folded = 'podcast'`,
    found: ['category-origin'],
  },
  {
    what: 'a set of a later ingestion',
    sql: `UPDATE category_set SET ingestion = 2 WHERE names = '["Podcast"]'`,
    found: ['category-origin'],
  },
  {
    what: 'a member that a set does not name',
    sql: `UPDATE category_set SET members = '1,99' WHERE names = '["education","Gaming"]'`,
    found: ['category-members'],
  },
  {
    what: 'a trigger',
    sql: 'CREATE TRIGGER t AFTER INSERT ON measurement BEGIN DELETE FROM period; END',
    found: ['table-altered'],
  },
  { what: 'a table that is altered', sql: 'ALTER TABLE correction ADD note TEXT', found: ['table-altered'] },
  { what: 'a table that is gone', sql: 'DROP TABLE rejected_row', found: ['table-altered'] },
  {
    what: 'a count that no measurement can have',
    sql: `PRAGMA ignore_check_constraints = ON; UPDATE measurement SET subscriber_count = -1 WHERE account = ${account(1)} AND subscriber_count = 1200`,
    found: ['constraint-broken', 'account-growth'],
  },
]
