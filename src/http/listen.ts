import { lookup } from 'node:dns/promises'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * Listens on one address only. For `localhost` Fastify would open a second server without our connection limits.
 *
 * @returns the URL of the API, with the host as configured
 * @throws Error with a message that says what to do
 */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    const { address } = await lookup(host)
    await app.listen({ host: address, port })
  } catch (error) {
    throw withAdvice(error as NodeJS.ErrnoException, host, port)
  }
  const { port: opened } = app.server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${opened}/graphql`
}

function withAdvice(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(`${host}:${port} is already in use: stop that program, or set another PORT (0 picks a free one)`)
    case 'EACCES':
      return new Error(`This user may not listen on ${host}:${port}: set a PORT above 1023`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Error(`${host} is not an address of this machine: set another HOST, such as 127.0.0.1`)
    default:
      return error
  }
}
