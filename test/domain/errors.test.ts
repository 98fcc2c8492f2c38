import {
  AppError,
  deserializeError,
  hasCode,
  isAppError,
  isDatabaseError,
  isReadError,
  isUserError,
  serializeError,
  toUserError,
} from '../../src/domain/errors.ts'

const PREDICATES = { isUserError, isReadError, isDatabaseError }

test.each([
  ['CORRUPT_PARQUET', 'isUserError'],
  ['EXPORT_TOO_LARGE', 'isReadError'],
  ['SNAPSHOT_BUSY', 'isDatabaseError'],
] as const)('%s belongs to one group of codes', (code, group) => {
  const error = new AppError(code, 'message')
  const groups = Object.entries(PREDICATES).filter(([, predicate]) => predicate(error))
  expect(groups.map(([name]) => name)).toEqual([group])
})

test('an error of the runtime has no code of ours, whatever code it has', () => {
  const error = Object.assign(new Error('message'), { code: 'DATABASE_BUSY' })
  expect([isAppError(error), isUserError(error), hasCode(error, 'DATABASE_BUSY')]).toEqual([false, false, false])
})

test('an error keeps code, field and message when it crosses a process', () => {
  const error = new AppError('CHECKSUM_MISMATCH', 'message', { field: ['input', 'expectedSha256'] })
  const received = deserializeError(JSON.parse(JSON.stringify(serializeError(error))))
  expect(isUserError(received) && toUserError(received)).toEqual({
    code: 'CHECKSUM_MISMATCH',
    field: ['input', 'expectedSha256'],
    message: 'message',
  })
})

test('an unexpected error crosses a process as an internal error with its stack, also a second time', () => {
  const error = new TypeError('x is not a function')
  const once = deserializeError(serializeError(error))
  const twice = deserializeError(structuredClone(serializeError(once)))
  expect(twice).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', message: 'x is not a function', stack: error.stack })
  expect(serializeError('text')).toMatchObject({ code: 'INTERNAL_SERVER_ERROR', message: 'text' })
})
