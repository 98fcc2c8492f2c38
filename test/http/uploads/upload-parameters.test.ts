import { isOwnOrigin } from '../../../src/http/origin-check.ts'
import { uploadParameters } from '../../../src/http/uploads/upload-parameters.ts'

const nameOf = (name: string) => uploadParameters(`/ingest?name=${encodeURIComponent(name)}`).name

describe('the parameters of an upload', () => {
  test('have defaults', () => {
    expect(uploadParameters('/ingest')).toEqual({
      name: 'upload.parquet',
      wait: true,
      dryRun: false,
      strict: false,
      expectedSha256: null,
    })
    expect(
      uploadParameters(`/ingest?wait=false&dryRun=true&strict=true&expectedSha256=${'A'.repeat(64)}&name=b`),
    ).toEqual({
      name: 'b',
      wait: false,
      dryRun: true,
      strict: true,
      expectedSha256: 'a'.repeat(64),
    })
  })

  test.each([
    ['drop.parquet', 'drop.parquet'],
    ['folder/drop.parquet', 'drop.parquet'],
    ['C:\\folder\\drop.parquet', 'drop.parquet'],
    ['../../etc/passwd', 'passwd'],
    ['a\u0000b\r\n\u001b[31mc\u007f.parquet', 'ab[31mc.parquet'],
    ['evil\u202Etxt.parquet', 'eviltxt.parquet'],
    [' Zahlen für März.parquet ', 'Zahlen für März.parquet'],
    ['folder/', 'upload.parquet'],
    ['..', 'upload.parquet'],
    ['\u0007', 'upload.parquet'],
    ['', 'upload.parquet'],
  ])('turn the name %j into %j', (given, shown) => {
    expect(nameOf(given)).toBe(shown)
  })

  test('truncate the name to the limit of file names, between two characters', () => {
    expect(nameOf('x'.repeat(300))).toBe('x'.repeat(255))
    expect(nameOf('😀'.repeat(100))).toBe('😀'.repeat(63))
  })
})

test('an origin is that of the server under any loopback name, on the same port', () => {
  for (const origin of [
    'http://localhost:4000',
    'http://127.0.0.1:4000',
    'http://[::1]:4000',
    'HTTP://LOCALHOST:4000',
  ]) {
    expect([origin, isOwnOrigin(origin, '127.0.0.1:4000')]).toEqual([origin, true])
    expect([origin, isOwnOrigin(origin, 'localhost:4001')]).toEqual([origin, false])
  }
  expect(isOwnOrigin('https://data.example', 'data.example')).toBe(true)
  for (const origin of [
    'null',
    '',
    'file://',
    'http://',
    'http://localhost:4000/',
    'ws://localhost:4000',
    'localhost:4000',
  ]) {
    expect([origin, isOwnOrigin(origin, 'localhost:4000')]).toEqual([origin, false])
  }
})
