import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/** Whether an address is that of a proxy whose word is taken; in the form that Fastify asks for. */
export type Trust = (address: string) => boolean

/** @param networks addresses, or networks as `10.0.0.0/8` */
export function trustIn(networks: readonly string[]): Trust {
  const trusted = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIPv6(address) ? 'ipv6' : 'ipv4'
    if (bits === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(bits), family)
  }
  // An IPv4 address that comes as an IPv6 one is compared as the former. What is forwarded can be any text.
  return address => isIP(address) > 0 && trusted.check(withoutZone(address), isIPv4(address) ? 'ipv4' : 'ipv6')
}

/** Who asks: the last in the chain of proxies that is none of those trusted. Fastify's `request.ip`, for a handshake. */
export function askingAddress({ socket, headers }: IncomingMessage, trust: Trust): string {
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',')
  const chain = [
    ...forwarded.map(address => address.trim()).filter(address => address !== ''),
    socket.remoteAddress ?? '',
  ]
  let asking = chain.pop()!
  while (chain.length > 0 && trust(asking)) asking = chain.pop()!
  return asking
}

/**
 * What limits count by: an IPv4 address, or the /64 network of an IPv6 one, of which every subscriber has a whole one
 * at the least.
 */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (isIPv4(address)) return address
  if (!isIPv6(address)) return 'unknown'
  const [head = '', tail] = new URL(`http://[${withoutZone(address)}]`).hostname.slice(1, -1).split('::')
  const before = head.split(':').filter(group => group !== '')
  const after = tail?.split(':').filter(group => group !== '') ?? []
  const zeros = Array<string>(8 - before.length - after.length).fill('0')
  return `${[...before, ...zeros, ...after].slice(0, 4).join(':')}::/64`
}

/** Of `fe80::1%eth0`, which only the machine itself can tell apart. */
function withoutZone(address: string): string {
  return address.split('%')[0]!
}
