import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { quantile } from './statistics.mjs'

/*
 * Somebody who reads pages while somebody else ingests. Every query differs in a bound, so that no cache answers.
 */

const QUERY = `query Page($filter: AccountFilter, $orderBy: AccountOrder) {
  accounts(filter: $filter, orderBy: $orderBy, first: 20) {
    nodes { accountId subscriberCount categories growth(window: MONTH) { percent } }
    pageInfo { hasNextPage endCursor }
  }
}`

const ORDERS = [
  { field: 'SUBSCRIBER_COUNT', direction: 'DESC' },
  { field: 'GROWTH_PERCENT', direction: 'DESC', window: 'MONTH' },
]

const CONNECTIONS = 4
const PAUSE_MS = 20

/** Reads pages over a few connections until `until` is over. @returns what the times were like, in milliseconds */
export async function readPages(url, until) {
  const agent = new Agent({ keepAlive: true })
  const times = []
  let isOver = false
  void until.finally(() => (isOver = true))
  const readers = Array.from({ length: CONNECTIONS }, async (_, reader) => {
    for (let page = reader; !isOver; page += CONNECTIONS) {
      const startedAt = performance.now()
      const { errors } = await post(url, agent, { query: QUERY, variables: variables(page) })
      if (errors) throw new Error(JSON.stringify(errors))
      times.push(performance.now() - startedAt)
      await sleep(PAUSE_MS)
    }
  })
  await Promise.all(readers)
  agent.destroy()
  return { pages: times.length, median: quantile(times, 0.5), p99: quantile(times, 0.99), worst: Math.max(...times) }
}

function variables(page) {
  return { orderBy: ORDERS[page % ORDERS.length], filter: { subscriberCount: { gt: 2000 + page } } }
}

/** @returns the answer's JSON */
export function post(url, agent, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const sent = request(url, { method: 'POST', agent, headers }, response => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', part => (text += part))
      response.on('end', () => resolve(JSON.parse(text)))
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(JSON.stringify(body))
  })
}
