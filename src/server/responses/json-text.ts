import type { FastifyInstance, FastifyRequest } from 'fastify'

/** A body that is said to be JSON, to be parsed when it has to be. */
class JsonText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** The body as it was sent, where it is said to be JSON. */
export function textOfBody({ body }: FastifyRequest): string | undefined {
  return body instanceof JsonText ? body.text : undefined
}

/**
 * Leaves JSON bodies of `app` as they are.
 *
 * @returns what gives the body of a request, and throws what the framework would have
 */
export function parseJsonLate(app: FastifyInstance): (request: FastifyRequest) => unknown {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, text, done) =>
    done(null, new JsonText(text.toString())),
  )
  return request => {
    const text = textOfBody(request)
    if (text === undefined) return request.body
    let parsed: unknown
    let failure: Error | null = null
    parse(request, text, (error, value) => {
      failure = error
      parsed = value
    })
    if (failure) throw failure
    return parsed
  }
}
