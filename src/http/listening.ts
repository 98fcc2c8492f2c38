import { lookup } from 'node:dns/promises'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

/**
 * Opens the port, on one address alone: for the other ones of `localhost` Fastify opens servers that have not got our
 * bounds.
 *
 * @returns the URL of the API, as a person opens it
 * @throws Error that says what to do
 */
export async function listen(app: FastifyInstance, host: string, port: number): Promise<string> {
  try {
    const { address } = await lookup(host)
    await app.listen({ host: address, port })
  } catch (error) {
    throw explained(error as NodeJS.ErrnoException, host, port)
  }
  const { port: opened } = app.server.address() as AddressInfo
  return `http://${host.includes(':') ? `[${host}]` : host}:${opened}/graphql`
}

function explained(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(
        `${host}:${port} is taken by another program: stop it, or choose another PORT (0 picks a free one)`,
      )
    case 'EACCES':
      return new Error(`${host}:${port} may not be listened on by this user: choose a PORT above 1023`)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new Error(`${host} is no address of this machine: choose another HOST, such as 127.0.0.1`)
    default:
      return error
  }
}
