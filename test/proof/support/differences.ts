/** The contents of two large databases compared within SQLite, by what identifies them to people. */
import { Database } from '../../../src/storage/sqlite/connection/driver.ts'

/** Sets of categories are the same when they have the same names in lower case. */
const setNames = (schema: string) => `
  (SELECT json_group_array(folded) FROM (
    SELECT c.folded FROM ${schema}.category_set_member m JOIN ${schema}.category c ON c.id = m.category
    WHERE m.category_set = s.id ORDER BY c.folded))`

/** The keys of one and the same account or set in both databases. */
const TWINS = `
  CREATE TEMP TABLE same_account AS
  SELECT a.id AS here, b.id AS there FROM main.account a JOIN other.account b USING (account_id);
  CREATE UNIQUE INDEX temp.same_account_here ON same_account (here);

  CREATE TEMP TABLE set_here AS SELECT s.id, ${setNames('main')} AS names FROM main.category_set s;
  CREATE TEMP TABLE set_there AS SELECT s.id, ${setNames('other')} AS names FROM other.category_set s;
  CREATE TEMP TABLE same_set AS
  SELECT a.id AS here, b.id AS there FROM set_here a JOIN set_there b USING (names);
  CREATE UNIQUE INDEX temp.same_set_here ON same_set (here);

  CREATE TEMP TABLE contested AS SELECT DISTINCT account, measured_at FROM main.correction;`

const BASELINES = ['week', 'month', 'quarter', 'year'].flatMap(window =>
  ['first', 'start'].flatMap(baseline => [`${window}_${baseline}_at`, `${window}_${baseline}_count`]),
)
const DERIVED = ['measured_at', 'subscriber_count', ...BASELINES]
const derived = (alias: string) => DERIVED.map(column => `${alias}.${column}`).join(', ')

const DIFFERS = '(m.subscriber_count <> n.subscriber_count OR n.category_set IS NOT same_set.there)'
const IS_CONTESTED = '(m.account, m.measured_at) IN (SELECT account, measured_at FROM contested)'

/** Each is one row of counts, of which all are 0 when the two are the same. */
const DIFFERENCES = [
  `SELECT (SELECT count(*) FROM main.account) + (SELECT count(*) FROM other.account) - 2 * count(*) AS accounts
    FROM same_account`,
  `SELECT (SELECT count(*) FROM main.measurement) + (SELECT count(*) FROM other.measurement) - 2 * count(*) AS measurements,
      count(*) FILTER (WHERE ${DIFFERS} AND NOT ${IS_CONTESTED}) AS certainMeasurements,
      count(*) FILTER (WHERE ${DIFFERS} AND ${IS_CONTESTED}) AS contestedMeasurements
    FROM main.measurement m JOIN same_account s ON s.here = m.account
    JOIN other.measurement n ON n.period = m.period AND n.account = s.there AND n.measured_at = m.measured_at
    LEFT JOIN same_set ON same_set.here = m.category_set`,
  `SELECT (SELECT count(*) FROM contested) - 2 * count(*)
      + (SELECT count(*) FROM (SELECT DISTINCT account, measured_at FROM other.correction)) AS contested
    FROM contested c JOIN same_account s ON s.here = c.account
    WHERE (s.there, c.measured_at) IN (SELECT account, measured_at FROM other.correction)`,
  `SELECT count(*) FILTER (WHERE a.id NOT IN (SELECT account FROM contested)) AS certainAccounts,
      count(*) FILTER (WHERE a.id IN (SELECT account FROM contested)) AS contestedAccounts
    FROM main.account a JOIN same_account s ON s.here = a.id JOIN other.account b ON b.id = s.there
    LEFT JOIN same_set ON same_set.here = a.category_set
    WHERE (${derived('a')}) IS NOT (${derived('b')}) OR b.category_set IS NOT same_set.there`,
]

/**
 * How many things differ between two databases. Contested is what two rows contradicted each other about, so that the
 * order of the rows has decided; the rest is certain.
 */
export function differences(path: string, other: string): Readonly<Record<string, number>> {
  const database = new Database(path, { readonly: true })
  try {
    database.prepare('ATTACH ? AS other').run(other)
    database.exec(TWINS)
    return Object.assign({}, ...DIFFERENCES.map(sql => database.prepare(sql).get()))
  } finally {
    database.close()
  }
}
