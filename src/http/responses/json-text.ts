import type { FastifyInstance, FastifyRequest } from 'fastify'

/** The code of what is thrown for JSON with a key by which it could change the objects of the program. */
export const PROTOTYPE_KEY = 'PROTOTYPE_KEY'

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
 * @returns what gives the body of a request, and throws what the framework would have, or PROTOTYPE_KEY
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
    if (failure) throw isJson(text) ? Object.assign(new Error(PROTOTYPE_KEY), { code: PROTOTYPE_KEY }) : failure
    return parsed
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
