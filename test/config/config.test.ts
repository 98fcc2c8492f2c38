import { parseConfig } from '../../src/config/config.ts'
import { AppError } from '../../src/domain/errors.ts'

/** The message of the error that the settings cause. */
function refusal(settings: Parameters<typeof parseConfig>[0]): string {
  try {
    parseConfig(settings)
  } catch (error) {
    expect(error).toBeInstanceOf(AppError)
    return (error as AppError).message
  }
  throw new Error(`${JSON.stringify(settings)} was accepted`)
}

describe('the configuration', () => {
  test('has defaults for everything', () => {
    expect(parseConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4000,
      databasePath: 'data/accounts.db',
      dataDirectory: 'data',
      logLevel: 'warn',
      hasDefaultPaths: true,
    })
    expect(parseConfig({ PORT: undefined })).toEqual(parseConfig({}))
  })

  test('takes the values that are set', () => {
    const settings = { HOST: '::1', PORT: '8080', DATABASE_URL: 'file:/var/lib/a.db', DATA_DIR: '/drops' } as const
    expect(parseConfig({ ...settings, LOG_LEVEL: 'debug' })).toMatchObject({
      host: '::1',
      port: 8080,
      databasePath: '/var/lib/a.db',
      dataDirectory: '/drops',
      logLevel: 'debug',
      hasDefaultPaths: false,
    })
  })

  test('is frozen', () => {
    const config = parseConfig({})
    expect(Object.isFrozen(config)).toBe(true)
    expect(Object.values(config).filter(value => typeof value === 'object' && !Object.isFrozen(value))).toEqual([])
  })

  test('names every invalid setting, one a line, with what it must be', () => {
    const wrong = {
      PORT: 'abc',
      DATABASE_URL: 'postgres://user:secret@host/x',
      DATA_DIR: '',
      LOG_LEVEL: 'loud',
      HOST: '',
    }
    const lines = refusal(wrong).split('\n').sort()
    expect(lines).toEqual([
      'DATABASE_URL must start with `file:`, for example `file:data/accounts.db`',
      'DATA_DIR must be a directory',
      'HOST must be an address to listen on, such as 127.0.0.1',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent',
      'PORT must be a port from 0 to 65535 (0 picks a free one)',
    ])
  })

  test('ignores variables of other programs', () => {
    expect(parseConfig({ PATH: '/bin', DATABASE: 'x' } as object)).toEqual(parseConfig({}))
  })
})

describe('PORT', () => {
  test.each([
    ['0', 0],
    ['1', 1],
    ['65535', 65_535],
  ])('%s', (PORT, port) => expect(parseConfig({ PORT }).port).toBe(port))

  test.each(['', 'abc', '-1', '65536', '70000', '4e3', '0x10', '80.0', ' 80', '80 ', '１２', '999999'])(
    'rejects %j',
    PORT => {
      expect(refusal({ PORT })).toBe('PORT must be a port from 0 to 65535 (0 picks a free one)')
    },
  )
})

describe('DATABASE_URL', () => {
  test.each([
    ['file:accounts.db', 'accounts.db'],
    ['file:data/my accounts.db', 'data/my accounts.db'],
    ['file:../accounts.db', '../accounts.db'],
    ['file:/var/accounts.db', '/var/accounts.db'],
    ['file:///var/accounts.db', '/var/accounts.db'],
    ['file://localhost/var/accounts.db', '/var/accounts.db'],
    ['file:///var/my%20accounts.db', '/var/my accounts.db'],
  ])('%s', (DATABASE_URL, path) => expect(parseConfig({ DATABASE_URL }).databasePath).toBe(path))

  test.each([
    ...['postgres://x', 'postgresql://x', 'mysql:x', 'http://x', 'FILE:x', 'sqlite:x'],
    ...['', 'data/accounts.db', './file:x', ':memory:', '/var/accounts.db'],
  ])('rejects %j, which does not start with file:', DATABASE_URL => {
    expect(refusal({ DATABASE_URL })).toBe('DATABASE_URL must start with `file:`, for example `file:data/accounts.db`')
  })

  test.each([
    'file:',
    'file:data/',
    'file:///',
    'file:x.db?mode=ro',
    'file:///x.db?mode=ro',
    'file:///x.db#top',
    'file:a\0b',
    'file:///a%00b',
    'file:///a%2Fb',
    'file:///%zz',
    'file://data/accounts.db',
  ])('rejects %j, which names no file or more than a file', DATABASE_URL => {
    expect(refusal({ DATABASE_URL })).toBe(
      'DATABASE_URL must name one file, without query or fragment, for example `file:data/accounts.db`',
    )
  })
})

describe('default paths', () => {
  test.each([
    [{}, true],
    [{ DATABASE_URL: 'file:data/accounts.db', DATA_DIR: 'data' }, true],
    [{ PORT: '1', HOST: '0.0.0.0' }, true],
    [{ DATABASE_URL: 'file:data/other.db' }, false],
    [{ DATA_DIR: 'drops' }, false],
  ])('%j: %j', (settings, hasDefaultPaths) => expect(parseConfig(settings).hasDefaultPaths).toBe(hasDefaultPaths))
})

describe('whole numbers', () => {
  test.each(['0', '-1', '1.5', '1e9', 'many', '9'.repeat(20)])('rejects %s', value => {
    for (const name of ['INGEST_MAX_ROWS', 'INGEST_MAX_QUEUED', 'LOCK_WAIT_SECONDS']) {
      expect(refusal({ [name]: value })).toMatch(
        new RegExp(`^${name} must be (a whole number above 0|at most [0-9]+)$`),
      )
    }
  })

  test.each([
    ['SHUTDOWN_GRACE_SECONDS', '2147483', '2147484'],
    ['QUERY_TIMEOUT_MS', '2147483647', '2147483648'],
    ['HTTP_BODY_SECONDS', '2147483', '9999999999'],
    ['INGEST_MAX_MEMORY_MB', '1073741824', '1073741825'],
    ['QUERY_MAX_PAGE_SIZE', '100', '101'],
    ['INGEST_MAX_FILE_BYTES', '1000000000000000', '1000000000000001'],
  ])('%s accepts %s but not %s', (name, most, more) => {
    expect(() => parseConfig({ [name]: most })).not.toThrow()
    expect(refusal({ [name]: more })).toBe(`${name} must be at most ${most}`)
  })

  test.each(['-1', 'none'])('RESPONSE_CACHE_BYTES can be 0, but not %s', value => {
    expect(parseConfig({ RESPONSE_CACHE_BYTES: '0' }).responseCacheBytes).toBe(0)
    expect(refusal({ RESPONSE_CACHE_BYTES: value })).toBe('RESPONSE_CACHE_BYTES must be a whole number')
  })

  test('are accepted', () => {
    expect(parseConfig({ INGEST_MAX_ROWS: '5', INGEST_MAX_MEMORY_MB: '3' }).ingestion).toMatchObject({
      maxRows: 5,
      maxMemoryBytes: 3 * 1024 * 1024,
    })
  })
})
