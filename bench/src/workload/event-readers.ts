// node event-readers.js ADDRESS COUNT: reads the events of a control service COUNT times, and throws them away. Prints a line
// when all readers read.
const [address = '', count = '0'] = process.argv.slice(2);
const { origin, hash } = new URL(address);
const headers = { authorization: `Bearer ${hash.slice('#token='.length)}` };

const readers = await Promise.all(
  Array.from({ length: Number(count) }, async () => {
    const { body } = await fetch(`${origin}/v1/events`, { headers });
    const reader = body!.getReader();
    await reader.read();
    return reader;
  }),
);
console.log('reading');
await Promise.all(
  readers.map(async (reader) => {
    while (!(await reader.read()).done);
  }),
);
