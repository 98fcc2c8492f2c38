import { isIP } from 'node:net'
import { z } from 'zod'
import { aboveZero, wholeNumber } from './whole-number.ts'

/** Who may do what, and how often; as it is set, before any file is read. */
export interface AccessConfig {
  /** Entries `name:role:hash`. */
  readonly tokens: string
  readonly tokensFile: string | undefined
  /** What may be done without a token; undefined when nothing is said. */
  readonly anyoneMay: AnyoneMay | undefined
  /** Names that clients call the server by, besides those that it knows itself. */
  readonly allowedHosts: readonly string[]
  /** Of web pages that may ask from a browser. */
  readonly corsOrigins: readonly string[]
  /** Addresses and networks (`10.0.0.0/8`) whose word on who asks is taken. */
  readonly trustedProxies: readonly string[]
  /** Requests of one caller; Infinity for no limit, undefined when nothing is said. */
  readonly requestsPerMinute: number | undefined
  /** Wrong tokens from one address. */
  readonly authFailuresPerMinute: number
  /** WebSockets open at a time. */
  readonly socketsPerAddress: number
}

const ANYONE_MAY = ['nothing', 'read', 'ingest', 'everything'] as const
export type AnyoneMay = (typeof ANYONE_MAY)[number]

/** Where Apollo serves Sandbox from when it is not embedded in our own page. */
const SANDBOX_ORIGIN = 'https://studio.apollographql.com'

const list = (isGood: (item: string) => boolean, message: string) =>
  z
    .string()
    .transform(text => text.split(/[\s,]+/).filter(item => item !== ''))
    .refine(items => items.every(isGood), message)

export const ACCESS_SETTINGS = {
  ACCESS_TOKENS: z.string().default(''),
  ACCESS_TOKENS_FILE: z.string().min(1, 'must be a file').optional(),
  ANYONE_MAY: z.enum(ANYONE_MAY, `must be one of ${ANYONE_MAY.join(', ')}`).optional(),
  ALLOWED_HOSTS: list(isHost, 'must be host names without port, such as growth.example.org').default([]),
  CORS_ORIGINS: z
    .union([
      z.literal('none').transform((): string[] => []),
      list(isOrigin, 'must be origins, such as https://charts.example.org, or none'),
    ])
    .default([SANDBOX_ORIGIN]),
  TRUSTED_PROXIES: list(isNetwork, 'must be addresses or networks, such as 127.0.0.1 or 10.0.0.0/8').default([]),
  REQUESTS_PER_MINUTE: z
    .union([z.literal('unlimited').transform(() => Number.POSITIVE_INFINITY), aboveZero()], {
      error: 'must be a whole number above 0, or unlimited',
    })
    .optional(),
  AUTH_FAILURES_PER_MINUTE: wholeNumber(20),
  SOCKETS_PER_ADDRESS: wholeNumber(100),
}

const PARSED = z.object(ACCESS_SETTINGS)

export function accessConfig(parsed: z.output<typeof PARSED>): AccessConfig {
  return Object.freeze({
    tokens: parsed.ACCESS_TOKENS,
    tokensFile: parsed.ACCESS_TOKENS_FILE,
    anyoneMay: parsed.ANYONE_MAY,
    allowedHosts: Object.freeze(parsed.ALLOWED_HOSTS.map(host => host.toLowerCase())),
    corsOrigins: Object.freeze(parsed.CORS_ORIGINS),
    trustedProxies: Object.freeze(parsed.TRUSTED_PROXIES),
    requestsPerMinute: parsed.REQUESTS_PER_MINUTE,
    authFailuresPerMinute: parsed.AUTH_FAILURES_PER_MINUTE,
    socketsPerAddress: parsed.SOCKETS_PER_ADDRESS,
  })
}

function isHost(text: string): boolean {
  return /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text) || /^\[[0-9a-f:.]+\]$/i.test(text)
}

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}
