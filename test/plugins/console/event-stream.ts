/** Takes the text of a stream of server-sent events apart into the data of each. */
export class EventSourceParserStream extends TransformStream<string, string> {
  constructor() {
    let rest = '';
    super({
      transform: (text, controller) => {
        const events = (rest + text).split('\n\n');
        rest = events.pop() ?? '';
        for (const event of events) if (event.startsWith('data: ')) controller.enqueue(event.slice(6));
      },
    });
  }
}
