import { connect } from 'node:net'
import { parquetOf } from '../../support/parquet/columns.ts'
import { columnsOf } from '../../support/program/drops.ts'
import { type HttpRequest, request } from '../../support/program/http.ts'
import { usePrograms } from '../../support/program/programs.ts'
import type { TestServer } from '../../support/program/server.ts'
import { incomingFiles } from '../support/upload.ts'

const programs = usePrograms()
let folder: string
let server: TestServer
beforeAll(async () => {
  folder = await programs.folder()
  server = await programs.serve({ cwd: folder, args: ['--no-demo'] })
})
afterEach(async () => {
  expect(await incomingFiles(folder)).toEqual([])
})

async function send(headers: Record<string, string>, rest: Partial<HttpRequest> = {}) {
  const body = 'no Parquet'
  const length = { 'content-length': String(body.length) }
  const answer = await request(server, {
    method: 'POST',
    path: '/ingest',
    body,
    ...rest,
    headers: { ...length, ...headers },
  })
  return { status: answer.status, body: JSON.parse(answer.body) }
}

const TAKEN = 422
const CURL_TYPE = { 'content-type': 'application/x-www-form-urlencoded' }

describe('web pages', () => {
  test('of this server may upload files, those of other origins may not', async () => {
    const own = `http://localhost:${server.port}`
    expect((await send({ origin: own, 'sec-fetch-site': 'same-origin' })).status).toBe(TAKEN)
    expect((await send({ 'sec-fetch-site': 'none' })).status).toBe(TAKEN)
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: own },
      { origin: 'null' },
      { origin: 'http://evil.example' },
      { origin: 'https://studio.apollographql.com' },
      { origin: `http://localhost:${server.port + 1}` },
    ]) {
      const { status, body } = await send(headers as Record<string, string>)
      expect([headers, status, body.errors[0].extensions.code]).toEqual([headers, 403, 'FORBIDDEN'])
    }
    expect((await send({ host: `evil.example:${server.port}` })).status).toBe(403)
  })

  test('may not send what an HTML form can', async () => {
    for (const type of ['multipart/form-data; boundary=x', 'text/plain', 'text/plain;charset=utf-8', 'TEXT/PLAIN']) {
      expect([type, (await send({ 'content-type': type })).status]).toEqual([type, 415])
    }
    expect((await send({ ...CURL_TYPE, 'sec-fetch-site': 'same-origin' })).status).toBe(415)
    expect((await send({ ...CURL_TYPE, origin: `http://localhost:${server.port}` })).status).toBe(415)
    expect((await send({ 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' })).status).toBe(415)
  })
})

test('other clients may use any content type, as curl does', async () => {
  const types = [
    CURL_TYPE['content-type'],
    'application/octet-stream',
    'application/vnd.apache.parquet',
    'application/json',
  ]
  for (const type of types) expect([type, (await send({ 'content-type': type })).status]).toEqual([type, TAKEN])
})

test('a compressed body is rejected, not read as a corrupt file', async () => {
  expect((await send({ 'content-encoding': 'gzip' })).status).toBe(415)
})

test('unknown, repeated and invalid parameters are rejected', async () => {
  const query = 'mutation { cancelIngestion(input: {id: "x"}) { userErrors { code } } }'
  for (const search of [
    'dryrun=true',
    'dryRun=yes',
    'wait=',
    'wait=true&wait=false',
    'expectedSha256=abc',
    `query=${query}`,
  ]) {
    const { status, body } = await send({}, { path: `/ingest?${encodeURI(search)}` })
    expect([search, status, body.errors[0].extensions.code]).toEqual([search, 400, 'BAD_USER_INPUT'])
  }
})

test('other methods get 405 with Allow: POST', async () => {
  for (const method of ['GET', 'PUT']) {
    const answer = await request(server, { method, path: '/ingest' })
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST'])
  }
})

/** The response to a client that sends its body only after 100 Continue. */
function expectContinue(path: string, headers: string, body: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1')
    const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nConnection: close\r\n${headers}`
    socket.write(`${head}Content-Length: ${body.length}\r\n\r\n`)
    let text = ''
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      if (text === '' && chunk.startsWith('HTTP/1.1 100')) socket.write(body)
      text += chunk
    })
    socket.on('error', reject).on('close', () => resolve(text))
  })
}

test('a client that waits for 100 Continue does not get it when the request is rejected', async () => {
  const bytes = parquetOf(columnsOf([{ account: 1, count: 2000, at: '2024-05-01T00:00:00Z' }]))
  expect(await expectContinue('/ingest', '', bytes)).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK\r\n/)
  expect(await expectContinue('/ingest', 'Origin: http://evil.example\r\n', bytes)).toMatch(/^HTTP\/1.1 403 /)
  expect(await expectContinue('/ingest?dryrun=true', '', bytes)).toMatch(/^HTTP\/1.1 400 /)
  const query = Buffer.from('{"query":"{ __typename }"}')
  const asQuery = await expectContinue('/graphql', 'Content-Type: application/json\r\n', query)
  expect(asQuery).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK\r\n/)
})

test('none of this is logged', () => {
  expect(server.process.stderr).toBe('')
})
