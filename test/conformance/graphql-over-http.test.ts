import { serverAudits } from 'graphql-http'
import { usePrograms } from '../support/program/programs.ts'
import type { TestServer } from '../support/program/server.ts'

const programs = usePrograms()
let server: TestServer
beforeAll(async () => {
  server = await programs.serve({ cwd: await programs.folder(), args: ['--no-demo'] })
})

/** With the header that says that no foreign web page can have sent this: without it, GET is refused. */
function fetchFn(url: string, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { ...init, headers: { ...init.headers, 'apollo-require-preflight': 'yes' } })
}

const audits = serverAudits({ url: () => server.url, fetchFn })

test('there are 61 audits of GraphQL over HTTP', () => expect(audits).toHaveLength(61))

test.each(audits.map(audit => [audit.name, audit] as const))('%s', async (_, audit) => {
  expect(await audit.fn()).toMatchObject({ status: 'ok' })
})
