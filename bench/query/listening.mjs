/** Says where a server listens, as the program does, once it does. */
export function listening(server) {
  const say = () => console.log(`Listening on http://127.0.0.1:${server.address().port}`)
  if (server.listening) say()
  else server.once('listening', say)
}
