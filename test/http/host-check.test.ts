import { hostRule } from '../../src/http/host-check.ts'

const rule = (address: string, isOpen: boolean, allowedHosts: readonly string[] = []) =>
  hostRule({ address, isOpen, allowedHosts })

const REBOUND = ['evil.example', 'evil.example:4000', 'localhost.evil.example', '127.0.0.1.evil.example', '1.2.3', '']
const LOCAL = ['localhost', 'LOCALHOST:4000', '127.0.0.1:4000', '[::1]:4000']

test.each(['127.0.0.1', '::1', 'localhost'])('on %s, only loopback names are accepted', address => {
  for (const isOpen of [true, false]) {
    const refusal = rule(address, isOpen)
    for (const host of LOCAL) expect([host, refusal(host)]).toEqual([host, undefined])
    for (const host of [...REBOUND, '192.0.2.1', '[2001:db8::1]']) {
      expect([host, refusal(host)]).toEqual([host, expect.stringContaining('answers to localhost')])
    }
  }
})

test.each(['0.0.0.0', '::', '192.0.2.1'])(
  'on %s without tokens, names that no web page can have are accepted',
  address => {
    const refusal = rule(address, true)
    for (const host of [...LOCAL, '192.0.2.1:4000', '10.0.0.1', '[2001:db8::1]:80']) {
      expect([host, refusal(host)]).toEqual([host, undefined])
    }
    for (const host of REBOUND) expect([host, refusal(host)]).toEqual([host, expect.stringContaining('ALLOWED_HOSTS')])
  },
)

test('the name that the server listens on is accepted', () => {
  expect(rule('nas.lan', true)('NAS.lan:4000')).toBeUndefined()
})

test('elsewhere with tokens, any name is accepted, because a web page has no token', () => {
  for (const host of REBOUND) expect(rule('0.0.0.0', false)(host)).toBeUndefined()
})

test('allowed names are accepted, and then no others', () => {
  for (const [address, isOpen] of [
    ['127.0.0.1', true],
    ['0.0.0.0', true],
    ['0.0.0.0', false],
  ] as const) {
    const refusal = rule(address, isOpen, ['growth.example'])
    expect(refusal('Growth.Example:443')).toBeUndefined()
    expect(refusal('localhost')).toBeUndefined()
    expect(refusal('evil.example')).toContain('growth.example')
    expect(refusal('x.growth.example')).toBeDefined()
  }
})
