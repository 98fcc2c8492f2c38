import fastify from 'fastify'
import { rateLimitKey } from '../../../src/http/auth/rate-limiter.ts'

/** The address of the client as Fastify finds it behind trusted proxies. */
async function clientAddress(trustProxy: string[], remoteAddress: string, forwarded?: string): Promise<string> {
  const app = fastify({ trustProxy: trustProxy.length > 0 && trustProxy })
  app.get('/', async ({ ip }) => ip)
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  const { body } = await app.inject({ url: '/', remoteAddress, headers })
  return body
}

describe('the address of a client', () => {
  test.each<[string, readonly string[], string, string | undefined, string]>([
    ['no proxy', [], '10.0.0.1', '192.0.2.1', '10.0.0.1'],
    ['a proxy', ['10.0.0.1'], '10.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['a proxy as IPv6 sees it', ['10.0.0.1'], '::ffff:10.0.0.1', '192.0.2.1', '192.0.2.1'],
    ['a network', ['10.0.0.0/8'], '10.9.9.9', '192.0.2.1', '192.0.2.1'],
    ['an IPv6 network', ['fd00::/8'], 'fd12::1', '2001:db8::1', '2001:db8::1'],
    ['two proxies', ['10.0.0.0/8'], '10.0.0.1', '192.0.2.1, 10.0.0.2', '192.0.2.1'],
    ['what a client makes up', ['10.0.0.1'], '10.0.0.1', '203.0.113.7, 192.0.2.1', '192.0.2.1'],
    ['a proxy that forwards nothing', ['10.0.0.1'], '10.0.0.1', undefined, '10.0.0.1'],
    ['only proxies', ['10.0.0.0/8'], '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['nonsense', ['10.0.0.1'], '10.0.0.1', '192.0.2.1, unknown', 'unknown'],
    ['a link-local proxy', ['fe80::/10'], 'fe80::1%eth0', '192.0.2.1', '192.0.2.1'],
    ['nothing between commas', ['10.0.0.1'], '10.0.0.1', ' , 192.0.2.1 ,', '192.0.2.1'],
  ])('with %s', async (_, networks, remote, forwarded, expected) => {
    expect(await clientAddress([...networks], remote!, forwarded)).toBe(expected)
  })
})

describe('the key that an address is counted by', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::/64'],
    ['x'.repeat(10_000), 'unknown'],
  ])('%s: %s', (address, key) => expect(rateLimitKey(address)).toBe(key))
})
