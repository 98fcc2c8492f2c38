import { USER_ERROR_CODES } from '../../src/domain/errors.ts'
import { FORMULA_SIGNS } from '../../src/exports/text-formats.ts'
import { httpStatus } from '../../src/http/errors.ts'
import { uploadParameters } from '../../src/http/uploads/upload-parameters.ts'
import { page, quoted, section, tableRows } from './tables.ts'

/** Codes of commands on an ingestion, which an upload cannot end with. */
const COMMAND_CODES: readonly string[] = ['NOT_FOUND', 'NOT_CANCELLABLE', 'NOT_LATEST_INGESTION']

const rows = tableRows(section(page('docs/ingesting.md'), '## Uploads'))
const parameters = rows.filter(({ length }) => length === 3)
const statuses = rows.filter(({ length }) => length === 2)

describe('docs/ingesting.md on uploads', () => {
  test('has every parameter with its default', () => {
    const documented = parameters.map(([name, byDefault]) => [quoted(name!)[0]!, quoted(byDefault!)[0] ?? null])
    expect(Object.fromEntries(documented)).toEqual({
      ...uploadParameters('/ingest'),
      wait: String(uploadParameters('/ingest').wait),
      dryRun: String(uploadParameters('/ingest').dryRun),
      strict: String(uploadParameters('/ingest').strict),
    })
  })

  test('has the status of every code', () => {
    const codes = statuses.flatMap(([status, when]) => quoted(when!).map(code => [code, Number(status)]))
    const ofFiles = USER_ERROR_CODES.filter(code => !COMMAND_CODES.includes(code))
    const others = ofFiles.map(code => [code, httpStatus(code)]).filter(([, status]) => status !== 422)
    expect(Object.fromEntries(codes)).toEqual(Object.fromEntries(others))
    expect(statuses.map(([status]) => status)).toEqual(['200', '202', '409', '413', '422', '503', '507'])
  })
})

test('docs/exports.md has every visible sign that begins a formula', () => {
  const signs = page('docs/exports.md').match(/cell that begins with (.*?) as a\s+formula/s)![1]!
  expect(quoted(signs).join('')).toBe(FORMULA_SIGNS)
})
