/**
 * The product's rules (docs/rules.md) as SQL for DuckDB, from raw rows to growth. Nothing here is shared with the
 * product or with the other oracle: where the three agree, they agree by the rules.
 *
 * Tables, each made from those before it: drop_file, raw (the rows of the files), parsed, valued, judged (with the
 * reason for which a row is rejected), refused (files), outcome (accepted rows and what each did), measurement,
 * newest (tracked accounts), spelling, tag, opening, baseline, growth.
 */

const WHITE_SPACE = String.raw`[\t\n\v\f\r \x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}\x{feff}]+`
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'
const DATE = String.raw`(\d{4}-\d{2}-\d{2})`
const TIME = String.raw`(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?`
const ZONE = String.raw`(Z|([+-])(\d{2}):?(\d{2}))?`
const TIMESTAMP = `^${DATE}(?:[T ]${TIME}${ZONE})?$`
const TIMESTAMP_GROUPS = "['day', 'hour', 'minute', 'second', 'fraction', 'zone', 'sign', 'zone_hour', 'zone_minute']"

/**
 * `fold`: what category names are compared by. DuckDB lowers letter by letter; of the two letters that Unicode lowers
 * otherwise, the dotted İ is put right, and a Greek final sigma is not.
 */
export const MACROS = [
  `CREATE MACRO fold(name) AS nfc_normalize(lower(replace(name, 'İ', 'i̇')))`,
  `CREATE MACRO squeezed(text) AS trim(regexp_replace(text, '${WHITE_SPACE}', ' ', 'g'), ' ')`,
  'CREATE MACRO name_of(text) AS nfc_normalize(squeezed(text))',
  `CREATE MACRO number_or_zero(digits) AS coalesce(try_cast(nullif(digits, '') AS BIGINT), 0)`,
  `CREATE MACRO instant_of(ms) AS make_timestamp(ms * 1000)`,
]

export const RAW_TABLES = [
  'CREATE TABLE drop_file (file INTEGER PRIMARY KEY, path VARCHAR)',
  `CREATE TABLE raw (
    file INTEGER, row BIGINT, account_id VARCHAR, subscriber_count DOUBLE, date VARCHAR, categories VARCHAR)`,
]

/** Takes the file's number and its path. */
export const READ_FILE = `
  INSERT INTO raw
  SELECT $1, file_row_number + 1, account_id, subscriber_count, date, categories
  FROM read_parquet($2, file_row_number = true)`

const PARSED = `
  CREATE TABLE parsed AS
  SELECT
    file, row, subscriber_count,
    lower(regexp_replace(account_id, '^${WHITE_SPACE}|${WHITE_SPACE}$', '', 'g')) AS id_text,
    regexp_matches(date, '${TIMESTAMP}') AS is_timestamp,
    regexp_extract(date, '${TIMESTAMP}', ${TIMESTAMP_GROUPS}) AS t,
    list_filter(
      list_transform(string_split(coalesce(categories, ''), ';'), lambda part: name_of(part)),
      lambda part: part <> '') AS parts
  FROM raw`

/** The cast gives null for a day that the calendar does not have. */
const VALUED = `
  CREATE TABLE valued AS
  WITH numbers AS (
    SELECT *,
      CASE WHEN is_timestamp THEN try_cast(t.day AS DATE) END AS day,
      number_or_zero(t.hour) AS hour, number_or_zero(t.minute) AS minute, number_or_zero(t.second) AS second,
      number_or_zero(left(rpad(t.fraction, 3, '0'), 3)) AS millisecond,
      number_or_zero(t.zone_hour) AS zone_hour, number_or_zero(t.zone_minute) AS zone_minute,
      CASE t.sign WHEN '-' THEN -1 ELSE 1 END AS east,
      list_transform(parts, lambda part: fold(part)) AS folds
    FROM parsed)
  SELECT
    file, row,
    CASE
      WHEN regexp_full_match(id_text, '${UUID}') THEN id_text
      WHEN regexp_full_match(id_text, '[{]${UUID}[}]') THEN id_text[2:37]
    END AS account,
    CASE WHEN hour < 24 AND minute < 60 AND second < 60 AND zone_hour < 24 AND zone_minute < 60 THEN
      epoch_ms(day::TIMESTAMP)
      + (((hour - east * zone_hour) * 60 + minute - east * zone_minute) * 60 + second) * 1000
      + millisecond
    END AS instant,
    CASE WHEN isfinite(subscriber_count) AND subscriber_count >= 0 THEN
      floor(subscriber_count)
      + CASE WHEN subscriber_count - floor(subscriber_count) >= 0.5::DOUBLE THEN 1 ELSE 0 END
    END AS count,
    list_bool_or(list_transform(parts, lambda part: length(part) > 100 OR regexp_matches(part, '\\p{Cc}')))
      AS has_bad_part,
    list_filter(parts, lambda part, i: list_position(folds, folds[i]) = i) AS names
  FROM numbers`

const judgedAt = (now: number) => `
  CREATE TABLE judged AS
  SELECT
    file, row, account, instant, try_cast(count AS BIGINT) AS count, names,
    list_sort(list_transform(names, lambda name: fold(name))) AS folds,
    CASE
      WHEN account IS NULL THEN 'INVALID_ACCOUNT_ID'
      WHEN instant IS NULL THEN 'INVALID_TIMESTAMP'
      WHEN instant < epoch_ms(TIMESTAMP '2000-01-01') OR instant > ${now} + 86400000 THEN 'TIMESTAMP_OUT_OF_RANGE'
      WHEN count IS NULL OR count > 9007199254740991 THEN 'INVALID_SUBSCRIBER_COUNT'
      WHEN has_bad_part OR len(names) > 100 THEN 'INVALID_CATEGORIES'
    END AS reason
  FROM valued`

const REFUSED = `
  CREATE TABLE refused AS
  SELECT file FROM judged GROUP BY file HAVING count(*) FILTER (reason IS NOT NULL) * 2 > count(*)`

/** A row stands against the row before it for the same account and instant, over all files. */
const OUTCOME = `
  CREATE TABLE outcome AS
  SELECT
    file, row, account, instant, count, names, folds,
    CASE
      WHEN lag(row) OVER before IS NULL THEN 'inserted'
      WHEN lag(count) OVER before = count AND lag(folds) OVER before = folds THEN 'unchanged'
      ELSE 'corrected'
    END AS outcome
  FROM judged
  WHERE reason IS NULL AND file NOT IN (FROM refused)
  WINDOW before AS (PARTITION BY account, instant ORDER BY file, row)`

const MEASUREMENT = `
  CREATE TABLE measurement AS
  SELECT account, instant, count, folds
  FROM outcome
  QUALIFY row_number() OVER (PARTITION BY account, instant ORDER BY file DESC, row DESC) = 1`

const NEWEST = `
  CREATE TABLE newest AS
  SELECT * FROM (
    FROM measurement QUALIFY row_number() OVER (PARTITION BY account ORDER BY instant DESC) = 1)
  WHERE count > 1000`

const SPELLING = `
  CREATE TABLE spelling AS
  WITH seen AS (SELECT file, row, unnest(names) AS name, generate_subscripts(names, 1) AS place FROM outcome)
  SELECT fold(name) AS folded, first(name ORDER BY file, row, place) AS name FROM seen GROUP BY ALL`

const TAG = `
  CREATE TABLE tag AS
  SELECT account, folded, name FROM (SELECT account, unnest(folds) AS folded FROM newest) JOIN spelling USING (folded)`

/** When each window opens, and how far back a baseline before it may lie. */
const OPENING = `
  CREATE TABLE opening AS
  WITH length(win, length) AS (
    VALUES ('WEEK', INTERVAL 7 DAYS), ('MONTH', INTERVAL 1 MONTH), ('QUARTER', INTERVAL 3 MONTHS),
      ('YEAR', INTERVAL 1 YEAR))
  SELECT
    win,
    epoch_ms(instant_of(as_of) - length) AS opens,
    epoch_ms(instant_of(as_of) - length - length) AS oldest
  FROM length, (SELECT max(instant) AS as_of FROM measurement)
  WHERE as_of IS NOT NULL`

/** The instant of each baseline, by account and window. */
const BASELINE = `
  CREATE TABLE baseline AS
  WITH found AS (
    SELECT
      account, win,
      min(instant) FILTER (instant >= opens) AS first_in_window,
      max(instant) FILTER (instant <= opens) AS last_before,
      min(instant) FILTER (instant > opens) AS first_after,
      any_value(oldest) AS oldest
    FROM measurement, opening
    GROUP BY account, win)
  SELECT account, win, 'FIRST_IN_WINDOW' AS baseline, first_in_window AS instant FROM found
  UNION ALL
  SELECT account, win, 'AT_WINDOW_START', if(last_before >= oldest, last_before, first_after) FROM found`

const GROWTH = `
  CREATE TABLE growth AS
  WITH chosen AS (
    SELECT
      account, win, baseline, opens, n.instant AS to_instant, n.count AS to_count,
      CASE WHEN b.instant < n.instant AND n.instant >= opens THEN b.instant END AS from_instant
    FROM newest n JOIN baseline b USING (account) JOIN opening USING (win)),
  pair AS (
    SELECT chosen.*, m.count AS from_count
    FROM chosen LEFT JOIN measurement m ON m.account = chosen.account AND m.instant = chosen.from_instant)
  SELECT
    *,
    to_count - from_count AS absolute,
    CASE WHEN from_count <> 0 THEN (to_count - from_count)::DOUBLE * 100::DOUBLE / from_count::DOUBLE END AS percent,
    CASE
      WHEN to_instant < opens THEN 'NO_RECENT_MEASUREMENT'
      WHEN from_instant IS NULL THEN 'NO_BASELINE'
      WHEN from_count = 0 THEN 'ZERO_BASELINE'
    END AS reason
  FROM pair`

/** From the raw rows to everything that is asked for; `now` is the moment of ingestion. */
export function derivedTables(now: number): readonly string[] {
  return [
    PARSED,
    VALUED,
    judgedAt(now),
    REFUSED,
    OUTCOME,
    MEASUREMENT,
    NEWEST,
    SPELLING,
    TAG,
    OPENING,
    BASELINE,
    GROWTH,
  ]
}

export const FILES = `
  SELECT
    f.file, f.path, f.file IN (FROM refused) AS refused, count(j.row) AS rows_read,
    count(*) FILTER (outcome = 'inserted') AS inserted,
    count(*) FILTER (outcome = 'corrected') AS corrected,
    count(*) FILTER (outcome = 'unchanged') AS unchanged,
    count(j.reason) AS rejected,
    min(o.instant) AS first_instant,
    max(o.instant) AS last_instant,
    (SELECT count(*) FROM (SELECT min(file) AS born FROM outcome GROUP BY account) WHERE born = f.file) AS created
  FROM drop_file f
  LEFT JOIN judged j ON j.file = f.file
  LEFT JOIN outcome o ON o.file = j.file AND o.row = j.row
  GROUP BY f.file, f.path
  ORDER BY f.file`

export const REJECTIONS = `
  SELECT file, reason, count(*) AS count FROM judged WHERE reason IS NOT NULL GROUP BY ALL`

export const CATEGORIES = `
  SELECT name, count(*) AS account_count FROM tag GROUP BY name, folded ORDER BY folded`

export const DATASET = `
  SELECT max(instant) AS as_of, min(instant) AS first_instant, count(*) AS measurements,
    (SELECT count(*) FROM newest) AS accounts
  FROM measurement`

export const COVERAGE = `
  SELECT
    count(*) FILTER (reason IS NULL) AS known,
    count(*) FILTER (reason = 'NO_RECENT_MEASUREMENT') AS no_recent_measurement,
    count(*) FILTER (reason = 'NO_BASELINE') AS no_baseline,
    count(*) FILTER (reason = 'ZERO_BASELINE') AS zero_baseline
  FROM growth
  WHERE win = $1 AND baseline = $2`
