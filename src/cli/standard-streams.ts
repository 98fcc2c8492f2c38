import { EXIT } from './exit-code.ts'

/**
 * Has words be lost that the standard streams do not take: what was asked for is done all the same. It ends with exit
 * code 1 when standard output could not take everything, unless its reader has seen enough (`| head`).
 */
export function outliveStandardStreams(): void {
  let fault: string | undefined
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') fault ??= code ?? message
  })
  process.stderr.on('error', () => {})
  process.once('exit', code => {
    // Who fails has said why.
    if (fault === undefined || (code !== EXIT.ok && code !== EXIT.someRejected)) return
    process.stderr.write(`The standard output could not be written to (${fault}).\n`)
    process.exitCode = EXIT.failed
  })
}
