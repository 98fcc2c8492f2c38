import { createServer } from 'node:http'
import { pageReader } from '../database.mjs'
import { listening } from '../listening.mjs'

/* The least that answers: the statement, and JSON. What is asked is not looked at. */

const readPage = await pageReader(process.argv[2], { asObjects: process.argv[3] === 'objects' })
const server = createServer((request, response) => {
  request.resume().on('end', () => {
    const body = JSON.stringify({ data: { accounts: { nodes: readPage() } } })
    response.setHeader('content-type', 'application/json; charset=utf-8')
    response.setHeader('content-length', Buffer.byteLength(body))
    response.end(body)
  })
})
listening(server.listen(0, '127.0.0.1'))
