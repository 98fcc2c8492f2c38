import type { Socket } from 'node:net'
import type { RequestErrorCode } from '../domain/errors.ts'
import { answerRaw } from './raw-answer.ts'

const BAD_REQUEST = ['400 Bad Request', 'BAD_REQUEST', 'This is no HTTP request that can be understood.'] as const

const ANSWERS: Readonly<Record<string, readonly [status: string, code: RequestErrorCode, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    'REQUEST_TIMEOUT',
    'The request came too slowly and was cut off. Send it again over a better connection.',
  ],
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'HEADERS_TOO_LARGE',
    'The address and the headers are too long. Send the query as the body of a POST request.',
  ],
}

/** Answers what fails before there is a request, or while its body comes, and closes the connection. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const [status, code, message] = ANSWERS[error.code ?? ''] ?? BAD_REQUEST
  answerRaw(socket, { status, code, message })
}
